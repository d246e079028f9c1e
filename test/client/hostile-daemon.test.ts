/** A client against what is not, or no longer, or not yet our daemon: it always ends, with an error that says why. */
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { API_VERSION_HEADER } from '../../src/protocol/local-api.ts';
import { LOCAL_API_VERSION } from '../../src/protocol/version.ts';
import type { ReadQuery } from '../../src/protocol/local-api-types.ts';
import { collect } from '../support/collect.ts';
import { aStatus } from '../support/recording-backend.ts';
import { bundle, run } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

const SHORT_MS = 200;
const LONG_MS = 30_000;
const once: ReadQuery = { session: null, from: null, to: null, follow: false };
const followed: ReadQuery = { ...once, follow: true };
const HEAD = `HTTP/1.1 200 OK\r\n${API_VERSION_HEADER}: ${LOCAL_API_VERSION}\r\n`;

async function listen(server: net.Server): Promise<string> {
  const socketPath = path.join(tempDir(), 's');
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(socketPath);
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  await until(() => server.listening);
  return socketPath;
}

/** A daemon that writes these bytes when it is asked, and then ends, goes on waiting, or dies. */
async function saying(bytes: string | Buffer, then: 'end' | 'wait' | 'destroy', timeoutMs: number): Promise<Client> {
  const server = net.createServer((socket) => {
    socket.once('data', () => {
      if (then === 'end') socket.end(bytes);
      else socket.write(bytes, () => then === 'destroy' && socket.destroy());
    });
  });
  return createClient({ socketPath: await listen(server), version: '1.0.0', timeoutMs });
}

/** A daemon that answers with this head and body, as HTTP should be. */
async function answering(status: number, headers: Record<string, string>, body: string): Promise<Client> {
  const server = http.createServer((_request, response) => response.writeHead(status, headers).end(body));
  return createClient({ socketPath: await listen(server), version: '1.0.0' });
}

describe('version skew', () => {
  const headers = { [API_VERSION_HEADER]: '7', 'teammate-sync-version': '8.0.0' };

  it('is named with both versions, also for an error that the daemon answers', async () => {
    for (const [status, body] of [
      [200, '{}'],
      [400, '{"error":{"code":"BAD_REQUEST","message":"no such route"}}'],
      [200, 'another format'],
    ] as const) {
      const client = await answering(status, headers, body);
      const skew = { code: 'VERSION_SKEW', message: expect.stringMatching(/1\.0\.0.*8\.0\.0/) };
      await expect(client.call('shared')).rejects.toMatchObject(skew);
      await expect(collect(client.read('ada', once))).rejects.toMatchObject(skew);
    }
  });

  it('does not keep anyone from status and down', async () => {
    const status = await answering(200, headers, JSON.stringify(aStatus));
    expect(await status.call('status')).toEqual(aStatus);
    const down = await answering(200, headers, '{"ok":true}');
    expect(await down.call('down')).toEqual({ ok: true });
    await expect(down.call('whoami')).rejects.toMatchObject({ code: 'VERSION_SKEW' });
  });

  it('does not depend on the product’s version', async () => {
    const client = await answering(
      200,
      { ...headers, [API_VERSION_HEADER]: String(LOCAL_API_VERSION) },
      '{"sessions":[]}',
    );
    expect(await client.call('shared')).toEqual({ sessions: [] });
  });
});

describe('answers that are none', () => {
  const api = { [API_VERSION_HEADER]: String(LOCAL_API_VERSION) };

  it.each<[what: string, status: number, headers: Record<string, string>, body: string, says: RegExp]>([
    ['of another program', 200, {}, '{}', /not from teammate-sync/],
    ['not JSON', 200, api, '<html>', /not JSON/],
    ['empty', 200, api, '', /not JSON/],
    ['a list', 200, api, '[]', /not an object/],
    ['a null', 200, api, 'null', /not an object/],
    ['an error without a body', 500, api, '{}', /status 500/],
    ['an error without a code', 500, api, '{"error":"x"}', /without a code/],
    ['an error that is null', 500, api, '{"error":null}', /without a code/],
    ['an error with a code like a method', 500, api, '{"error":{"code":"toString","message":"odd"}}', /^odd$/],
  ])('%s', async (_what, status, headers, body, says) => {
    const client = await answering(status, headers, `${body}\n`);
    const wanted = { code: 'INTERNAL', message: expect.stringMatching(says) };
    await expect(client.call('shared')).rejects.toMatchObject(wanted);
    await expect(collect(client.read('ada', once))).rejects.toMatchObject(wanted);
  });

  it('keeps the words of an error whose code it does not know', async () => {
    const error = { code: 'FROM_THE_FUTURE', message: 'new', hint: 'update', details: { a: 1 } };
    const client = await answering(418, api, JSON.stringify({ error }));
    await expect(client.call('shared')).rejects.toMatchObject({ ...error, code: 'INTERNAL' });
  });

  it('an event without a type, or the end in the middle of a line', async () => {
    for (const body of ['{"turn":{}}\n', '{"type":1}\n', '[]\n', '\n', '{"type":"caughtUp"}\n{"type":"caugh']) {
      const client = await answering(200, api, body);
      await expect(collect(client.read('ada', once)), body).rejects.toMatchObject({ code: 'INTERNAL' });
    }
  });
});

describe('cut and silent daemons', () => {
  const partial = `${HEAD}Transfer-Encoding: chunked\r\n\r\n14\r\n{"type":"caughtUp"}\n\r\n`;

  it('a cut answer is never a whole one', async () => {
    for (const bytes of ['', HEAD, `${HEAD}Content-Length: 10\r\n\r\n{}`, partial]) {
      for (const then of ['end', 'destroy'] as const) {
        const gone = { code: 'DAEMON_NOT_RUNNING', message: expect.stringContaining('went away') };
        const client = await saying(bytes, then, LONG_MS);
        await expect(client.call('shared'), JSON.stringify(bytes)).rejects.toMatchObject(gone);
        await expect(collect(client.read('ada', once))).rejects.toMatchObject(gone);
        await expect(collect(client.read('ada', followed))).rejects.toMatchObject(gone);
      }
    }
  });

  it('an answer that does not say where it ends could be cut anywhere, so it is none', async () => {
    const client = await saying(`${HEAD}\r\n{"type":"caughtUp"}\n`, 'end', LONG_MS);
    const wanted = { code: 'INTERNAL', message: expect.stringContaining('where it ends') };
    await expect(client.call('shared')).rejects.toMatchObject(wanted);
    await expect(collect(client.read('ada', once))).rejects.toMatchObject(wanted);
  });

  it('waits no longer than its time-out, also for an answer that drips', async () => {
    const slow = { code: 'INTERNAL', message: expect.stringContaining(`within ${SHORT_MS / 1000} s`) };
    for (const bytes of ['', HEAD, `${HEAD}Content-Length: 10\r\n\r\n{}`, partial]) {
      const client = await saying(bytes, 'wait', SHORT_MS);
      await expect(client.call('shared'), JSON.stringify(bytes)).rejects.toMatchObject(slow);
      await expect(collect(client.read('ada', once))).rejects.toMatchObject(slow);
    }
    const dripping = http.createServer((_request, response) => {
      response.writeHead(200, { [API_VERSION_HEADER]: String(LOCAL_API_VERSION) });
      const timer = setInterval(() => response.write(' '), SHORT_MS / 10);
      response.on('close', () => clearInterval(timer));
    });
    const client = createClient({ socketPath: await listen(dripping), version: '1.0.0', timeoutMs: SHORT_MS });
    await expect(client.call('shared')).rejects.toMatchObject(slow);
  });

  it('does not count the time that its own reader takes', async () => {
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { [API_VERSION_HEADER]: String(LOCAL_API_VERSION) });
      for (let i = 0; i < 5; i++) response.write('{"type":"caughtUp"}\n');
      response.end();
    });
    const client = createClient({ socketPath: await listen(server), version: '1.0.0', timeoutMs: SHORT_MS });
    let seen = 0;
    for await (const event of client.read('ada', once)) {
      const start = performance.now();
      if (seen++ === 0) await until(() => performance.now() - start > SHORT_MS * 2);
      expect(event).toEqual({ type: 'caughtUp' });
    }
    expect(seen).toBe(5);
  });

  it('follows for as long as the socket lives, and fails when the daemon is killed', async () => {
    const dir = tempDir();
    const script = await bundle(
      `import http from 'node:http';
       http.createServer((_request, response) => {
         response.writeHead(200, { '${API_VERSION_HEADER}': '${LOCAL_API_VERSION}' });
         response.write('{"type":"caughtUp"}\\n');
       }).listen(process.argv[2], () => console.log('listening'));`,
      dir,
    );
    const socketPath = path.join(dir, 's');
    const daemon = run(script, [socketPath]);
    await until(() => daemon.output().includes('listening'));
    const client = createClient({ socketPath, version: '1.0.0', timeoutMs: SHORT_MS });
    const reading = client.read('ada', followed)[Symbol.asyncIterator]();
    expect(await reading.next()).toEqual({ done: false, value: { type: 'caughtUp' } });
    let settled = false;
    const waiting = reading.next().finally(() => (settled = true));
    waiting.catch(() => {});
    const start = performance.now();
    await until(() => performance.now() - start > SHORT_MS * 2);
    expect(settled).toBe(false);
    daemon.child.kill('SIGKILL');
    await expect(waiting).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING' });
  });

  it('ends with an error of ours on any bytes', async () => {
    const head = fc.constantFrom(
      '',
      'HTTP/1.1 200 OK\r\n\r\n',
      `${HEAD}\r\n`,
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
    );
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 200 }), async (start, rest) => {
        const client = await saying(Buffer.concat([Buffer.from(start), rest]), 'end', LONG_MS);
        await expect(client.call('shared')).rejects.toMatchObject({ name: 'TeammateSyncError' });
        await expect(collect(client.read('ada', followed))).rejects.toMatchObject({ name: 'TeammateSyncError' });
      }),
      { numRuns: 100 },
    );
  });
});
