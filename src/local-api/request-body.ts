/** Bodies of requests: bounded, then decoded. */
import type { IncomingMessage } from 'node:http';
import { TeammateSyncError } from '../errors.ts';
import { DecodeError, type Decoder } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import { LOCAL_REQUEST_MAX_BYTES } from '../protocol/limits.ts';

/**
 * Reads and decodes a JSON body.
 * @throws TeammateSyncError BAD_REQUEST when it is too long, cut, or not of the decoder's shape
 */
export async function decodeBody<T>(request: IncomingMessage, decoder: Decoder<T>): Promise<T> {
  const bytes = await readBody(request);
  return decodeInput(() => parseJson(bytes, LOCAL_REQUEST_MAX_BYTES, decoder, 'request'));
}

/** Runs a decoder on what the caller sent; only there is a DecodeError the caller's fault. */
export function decodeInput<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_REQUEST', error.message, { cause: error });
  }
}

function tooLong(): TeammateSyncError {
  return new TeammateSyncError('BAD_REQUEST', `request: longer than ${LOCAL_REQUEST_MAX_BYTES} bytes`);
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > LOCAL_REQUEST_MAX_BYTES) return Promise.reject(tooLong());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= LOCAL_REQUEST_MAX_BYTES) {
        chunks.push(chunk);
        return;
      }
      // Not iterated with `for await`: leaving that loop destroys the connection before the refusal is sent.
      request.off('data', onData);
      request.pause();
      reject(tooLong());
    };
    request.on('data', onData);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new TeammateSyncError('BAD_REQUEST', 'request: cut off')));
  });
}
