/** What the modes share that get one request on stdin and answer with lines of JSON on stdout. */
import { TeammateSyncError } from '../../errors.ts';
import type { Decoder } from '../../protocol/decode.ts';
import { parseJson } from '../../protocol/json.ts';

const REQUEST_MAX_BYTES = 4096;

/** The first line of stdin. @throws BAD_REQUEST when it is too long, DecodeError when it is not understood */
export async function oneRequest<T>(decoder: Decoder<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    const end = chunk.indexOf(10);
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    bytes += chunk.length;
    if (end >= 0) break;
    if (bytes > REQUEST_MAX_BYTES) throw new TeammateSyncError('BAD_REQUEST', 'the request is too long');
  }
  return parseJson(Buffer.concat(chunks), REQUEST_MAX_BYTES, decoder, 'request');
}

/** Writes one event, as a line. */
export function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
