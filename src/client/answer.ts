/** Reading answers: whole ones and lines, bounded, and never taken for complete when they were cut. */
import type { IncomingMessage } from 'node:http';
import { isObject } from '../protocol/is-object.ts';
import { LOCAL_ANSWER_MAX_BYTES } from '../protocol/limits.ts';
import { API_VERSION_HEADER } from '../protocol/local-api.ts';
import { PRODUCT_VERSION_HEADER } from '../protocol/local-api-types.ts';
import { LOCAL_API_VERSION } from '../protocol/version.ts';
import { fromErrorBody, malformed, versionSkew } from './failures.ts';

/** Waits for the next piece of a body; how long is the caller's rule. */
export type Wait = <T>(piece: Promise<T>) => Promise<T>;

/**
 * @param skewAllowed for the routes that work between versions
 * @throws VERSION_SKEW, or INTERNAL when something else than our daemon answers
 */
export function checkVersion(response: IncomingMessage, mine: string, skewAllowed: boolean): void {
  const api = response.headers[API_VERSION_HEADER];
  if (typeof api !== 'string') throw malformed('it is not from teammate-sync');
  if (api === String(LOCAL_API_VERSION) || skewAllowed) return;
  const product = response.headers[PRODUCT_VERSION_HEADER];
  throw versionSkew(mine, typeof product === 'string' ? product : `unknown (API ${api})`);
}

/** The answer of a call: the object that a good one holds. @throws the daemon's error, or INTERNAL when malformed */
export async function readObject(response: IncomingMessage, wait: Wait): Promise<object> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of pieces(response, wait)) {
    size += chunk.length;
    if (size > LOCAL_ANSWER_MAX_BYTES) throw malformed(`longer than ${LOCAL_ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const value = parseObject(Buffer.concat(chunks));
  throwIfError(value);
  if (response.statusCode !== 200) throw malformed(`status ${response.statusCode} without an error`);
  return value;
}

/** The objects of a newline-delimited stream. @throws as {@link readObject}, also for an error in the middle */
export async function* readLines(response: IncomingMessage, wait: Wait): AsyncGenerator<object> {
  if (response.statusCode !== 200) {
    await readObject(response, wait);
    return;
  }
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of pieces(response, wait)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const value = parseObject(Buffer.concat([...begun, chunk.subarray(start, end)]));
      throwIfError(value);
      yield value;
      begun = [];
      size = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    begun.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > LOCAL_ANSWER_MAX_BYTES) throw malformed(`a line longer than ${LOCAL_ANSWER_MAX_BYTES} bytes`);
  }
  if (begun.length > 0) throw malformed('it ends in the middle of a line');
}

async function* pieces(response: IncomingMessage, wait: Wait): AsyncGenerator<Buffer> {
  // A body that lasts until the connection closes would pass for whole when the daemon dies in the middle.
  const { 'content-length': length, 'transfer-encoding': encoding } = response.headers;
  if (length === undefined && encoding !== 'chunked') throw malformed('it does not say where it ends');
  const iterator = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const { done, value } = await wait(iterator.next());
    if (done) break;
    yield value;
  }
}

function parseObject(bytes: Buffer): object {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed('not JSON', { cause: error });
  }
  if (!isObject(value)) throw malformed('not an object');
  return value;
}

function throwIfError(value: object): void {
  if (!('error' in value)) return;
  throw fromErrorBody(value.error) ?? malformed('an error without a code');
}
