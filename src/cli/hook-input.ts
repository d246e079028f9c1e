/** One JSON value from a stream that may never end. */
import type { Readable } from 'node:stream';
import { anything } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';

const INPUT_MAX_BYTES = 1024 * 1024;
const INPUT_WAIT_MS = 1000;

/**
 * Reads until one JSON object is complete, the stream ends, or `waitMs` have passed, and lets go of the stream: it would
 * keep the process alive.
 * @throws Error for what is too large, and DecodeError for what is not JSON
 */
export async function readOneJson(stream: Readable, waitMs = INPUT_WAIT_MS): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const isComplete = completeness();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, waitMs);
    const settle = (done: () => void) => (): void => {
      clearTimeout(timer);
      done();
    };
    stream.on('data', (data: Buffer | string) => {
      const chunk = typeof data === 'string' ? Buffer.from(data) : data;
      bytes += chunk.length;
      if (bytes > INPUT_MAX_BYTES) settle(() => reject(new Error('too much input')))();
      chunks.push(chunk);
      if (isComplete(chunk)) settle(resolve)();
    });
    stream.on('end', settle(resolve));
    stream.on('error', settle(resolve));
    stream.on('close', settle(resolve));
  }).finally(() => {
    stream.removeAllListeners('data');
    stream.pause();
    stream.destroy();
  });
  return parseJson(Buffer.concat(chunks), INPUT_MAX_BYTES, anything, 'hook input');
}

/** Tells, chunk by chunk, when the object that was begun has ended. JSON's marks are ASCII, so bytes do. */
function completeness(): (chunk: Buffer) => boolean {
  let depth = 0;
  let begun = false;
  let inString = false;
  let escaped = false;
  return (chunk) => {
    for (const byte of chunk) {
      if (!begun) {
        if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
        // Anything but an object is nothing for us, so there is nothing to wait for.
        if (byte !== 0x7b) return true;
        begun = true;
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
      } else if (byte === 0x22) inString = true;
      else if (byte === 0x7b || byte === 0x5b) depth++;
      else if ((byte === 0x7d || byte === 0x5d) && --depth <= 0) return true;
    }
    return false;
  };
}
