/** Our own reading of HTTP/1.1: whole answers in any pieces, nothing that could mean two things, and no more than asked for. */
import net from 'node:net';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { BytesIn } from '../../src/client/bytes-in.ts';
import { readAnswer } from '../../src/client/http-answer.ts';
import { createClient } from '../../src/client/index.ts';
import { API_VERSION_HEADER } from '../../src/protocol/local-api.ts';
import { LOCAL_API_VERSION } from '../../src/protocol/version.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

async function* of(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

async function read(...pieces: (string | Buffer)[]): Promise<{ status: number; headers: object; body: string }> {
  const bytes = pieces.map((piece) => Buffer.from(piece)).filter((piece) => piece.length > 0);
  const { status, headers, body } = await readAnswer(new BytesIn(of(bytes), (next) => next));
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { status, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() };
}

const OK = 'HTTP/1.1 200 OK\r\n';
const LENGTH = `${OK}Teammate-Sync-API:  1 \r\nA: b\r\na: c\r\nContent-Length: 5\r\n\r\nüber`;
const CHUNKED = `${OK}transfer-encoding: Chunked\r\n\r\n3;x=y\r\n\r\na\r\n00A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n`;

it('is the same in whatever pieces it comes', async () => {
  const whole = [await read(LENGTH), await read(CHUNKED)];
  expect(whole).toEqual([
    { status: 200, headers: { 'teammate-sync-api': '1', a: 'b, c', 'content-length': '5' }, body: 'über' },
    { status: 200, headers: { 'transfer-encoding': 'Chunked' }, body: '\r\na0123456789' },
  ]);
  const cuts = fc.array(fc.nat({ max: Buffer.byteLength(LENGTH + CHUNKED) }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(LENGTH, CHUNKED), cuts, async (text, at) => {
      const all = Buffer.from(text);
      const ends = [...at.filter((n) => n < all.length).toSorted((a, b) => a - b), all.length];
      const pieces = ends.map((end, i) => all.subarray(ends[i - 1] ?? 0, end));
      expect(await read(...pieces)).toEqual(whole[text === LENGTH ? 0 : 1]);
    }),
  );
  expect((await read('HTTP/1.0 404\nContent-Length: 0\n\n')).status).toBe(404);
});

it('is cut when it ends before its end, wherever that is', async () => {
  for (const text of [LENGTH, CHUNKED]) {
    const all = Buffer.from(text);
    for (let end = 0; end < all.length; end++) {
      await expect(read(all.subarray(0, end)), `${end}`).rejects.toMatchObject({ code: 'ECONNRESET' });
    }
  }
});

it.each<[what: string, text: string]>([
  ['another protocol', 'SSH-2.0-OpenSSH_9'],
  ['another version', 'HTTP/2 200 OK\r\n'],
  ['no status', 'HTTP/1.1 OK\r\n'],
  ['a broken status', 'HTTP/1.1 2000 OK\r\n'],
  ['a header without a colon', `${OK}header\r\n`],
  ['a header with a blank in its name', `${OK}content length: 2\r\n`],
  ['a header that goes on', `${OK}a: b\r\n  c: d\r\n`],
  ['an endless header', `${OK}a: ${'x'.repeat(20_000)}`],
  ['endless headers', OK + 'a: b\r\n'.repeat(5000)],
  ['two lengths', `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
  ['a length and chunks', `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
  ['a negative length', `${OK}content-length: -1\r\n\r\n`],
  ['another encoding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n`],
  ['a chunk without a length', `${OK}transfer-encoding: chunked\r\n\r\n\r\n`],
  ['a chunk with a strange length', `${OK}transfer-encoding: chunked\r\n\r\n0x2\r\n{}\r\n`],
  ['a chunk longer than it says', `${OK}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n`],
  ['an endless chunk line', `${OK}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(5000)}`],
])('is refused at once with %s', async (_what, text) => {
  async function* andNoMore(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
    throw new Error('it was waited for more');
  }
  const reading = (async () => {
    for await (const _ of (await readAnswer(new BytesIn(andNoMore(), (next) => next))).body);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('malformed') });
});

it('is read only as fast as it is asked for', async () => {
  const socketPath = path.join(tempDir(), 's');
  const line = Buffer.from(`${JSON.stringify({ type: 'caughtUp', x: 'x'.repeat(16_000) })}\n`);
  const lines = 2000;
  let written = 0;
  let drained = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(
        `${OK}${API_VERSION_HEADER}: ${LOCAL_API_VERSION}\r\ncontent-length: ${line.length * lines}\r\n\r\n`,
      );
      const go = (): void => {
        while (written < lines) {
          written++;
          if (!socket.write(line)) return void socket.once('drain', () => (drained++, go()));
        }
      };
      go();
    });
  });
  server.listen(socketPath);
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  const client = createClient({ socketPath, version: '1.0.0' });
  let seen = 0;
  let most = 0;
  for await (const event of client.read('ada', { session: null, from: null, to: null, follow: false })) {
    expect(event.type).toBe('caughtUp');
    // The writer gets every chance to run ahead of us.
    const chances = seen++ < 200 ? 20 : 0;
    for (let i = 0; i < chances; i++) await new Promise((resolve) => void setImmediate(resolve));
    most = Math.max(most, written - seen);
  }
  expect(seen).toBe(lines);
  expect(drained).toBeGreaterThan(0);
  expect(most).toBeLessThan(lines / 2);
});
