/**
 * An HTTP/1.1 answer out of bytes: as much of the protocol as our daemon speaks, strict about the rest. Not node:http:
 * loading that takes 7 ms of the start of every command and hook.
 */
import type { BytesIn } from './bytes-in.ts';
import { malformed } from './failures.ts';

export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** To be read once. @throws INTERNAL for a broken body; what the source fails with; ECONNRESET when it is cut */
  body: AsyncIterable<Buffer>;
}

/** As node:http has it, for the status line and all headers. */
const HEAD_MAX_BYTES = 16 * 1024;
const CHUNK_LINE_MAX_BYTES = 1024;
const BEGINNING = 'HTTP/1.';

/** Reads the head. @throws INTERNAL for what is not HTTP, as soon as that shows; as the body's */
export async function readAnswer(bytes: BytesIn): Promise<Answer> {
  const status = await readStatus(bytes);
  const headers = await readHeaders(bytes, HEAD_MAX_BYTES);
  return { status, headers, body: bodyOf(bytes, headers) };
}

async function readStatus(bytes: BytesIn): Promise<number> {
  let beginning = '';
  while (beginning.length < BEGINNING.length) {
    beginning += (await bytes.some(BEGINNING.length - beginning.length)).toString('latin1');
    if (!BEGINNING.startsWith(beginning)) throw notHttp('its first line');
  }
  const [, status] = /^[01] (\d{3})(?: |$)/.exec((await bytes.line(HEAD_MAX_BYTES)) ?? '') ?? [];
  if (status === undefined) throw notHttp('its first line');
  return Number(status);
}

/** Up to the empty line; also what follows the last chunk. */
async function readHeaders(bytes: BytesIn, maxBytes: number): Promise<Map<string, string>> {
  const headers = new Map<string, string>();
  for (let left = maxBytes; ;) {
    const line = await bytes.line(left);
    if (line === null) throw notHttp('a header too long');
    if (line === '') return headers;
    left -= line.length;
    const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === '') throw notHttp('a broken header');
    const known = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`);
  }
}

/** A body that lasts until the connection closes would pass for whole when the daemon dies in the middle. */
async function* bodyOf(bytes: BytesIn, headers: ReadonlyMap<string, string>): AsyncGenerator<Buffer> {
  const length = headers.get('content-length');
  const encoding = headers.get('transfer-encoding');
  if (encoding !== undefined && length !== undefined) throw notHttp('two lengths');
  if (encoding?.toLowerCase() === 'chunked') yield* chunks(bytes);
  else if (length === undefined) throw malformed('it does not say where it ends');
  else if (/^\d{1,15}$/.test(length)) yield* exactly(bytes, Number(length));
  else throw notHttp('a broken length');
}

async function* exactly(bytes: BytesIn, length: number): AsyncGenerator<Buffer> {
  for (let left = length; left > 0;) {
    const piece = await bytes.some(left);
    left -= piece.length;
    yield piece;
  }
}

async function* chunks(bytes: BytesIn): AsyncGenerator<Buffer> {
  for (;;) {
    const line = await bytes.line(CHUNK_LINE_MAX_BYTES);
    const [, digits] = /^([\da-fA-F]{1,12})[ \t]*(?:;|$)/.exec(line ?? '') ?? [];
    if (digits === undefined) throw notHttp('a broken chunk');
    const length = Number.parseInt(digits, 16);
    if (length === 0) break;
    yield* exactly(bytes, length);
    if ((await bytes.line(1)) !== '') throw notHttp('a broken chunk');
  }
  await readHeaders(bytes, HEAD_MAX_BYTES);
}

function notHttp(what: string): Error {
  return malformed(`not HTTP (${what})`);
}
