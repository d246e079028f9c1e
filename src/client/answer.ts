/** Reading answers: whole ones and lines, bounded, and never taken for complete when they were cut. */
import { isObject } from '../protocol/is-object.ts';
import { LOCAL_ANSWER_MAX_BYTES } from '../protocol/limits.ts';
import { API_VERSION_HEADER } from '../protocol/local-api.ts';
import { PRODUCT_VERSION_HEADER } from '../protocol/local-api-types.ts';
import { LOCAL_API_VERSION } from '../protocol/version.ts';
import { fromErrorBody, malformed, versionSkew } from './failures.ts';
import type { Answer } from './http-answer.ts';

/**
 * @param skewAllowed for the routes that work between versions
 * @throws VERSION_SKEW, or INTERNAL when something else than our daemon answers
 */
export function checkVersion({ headers }: Answer, mine: string, skewAllowed: boolean): void {
  const api = headers.get(API_VERSION_HEADER);
  if (api === undefined) throw malformed('it is not from teammate-sync');
  if (api === String(LOCAL_API_VERSION) || skewAllowed) return;
  throw versionSkew(mine, headers.get(PRODUCT_VERSION_HEADER) ?? `unknown (API ${api})`);
}

/** The answer of a call: the object that a good one holds. @throws the daemon's error, or INTERNAL when malformed */
export async function readObject({ status, body }: Answer): Promise<object> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LOCAL_ANSWER_MAX_BYTES) throw malformed(`longer than ${LOCAL_ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const value = parseObject(Buffer.concat(chunks));
  throwIfError(value);
  if (status !== 200) throw malformed(`status ${status} without an error`);
  return value;
}

/** The objects of a newline-delimited stream. @throws as {@link readObject}, also for an error in the middle */
export async function* readLines(answer: Answer): AsyncGenerator<object> {
  if (answer.status !== 200) {
    await readObject(answer);
    return;
  }
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
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
