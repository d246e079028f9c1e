import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { LOCAL_REQUEST_MAX_BYTES } from '../../src/protocol/limits.ts';
import { type Caller, CALLER_HEADER, encodeCaller } from '../../src/protocol/caller.ts';
import { API_VERSION_HEADER, type RouteName, routes } from '../../src/protocol/local-api.ts';
import { STREAM_ROUTES } from '../../src/protocol/local-api-types.ts';
import { LOCAL_API_VERSION } from '../../src/protocol/version.ts';
import { startLocalApi } from '../support/local-api.ts';
import { ask, connect } from '../support/raw-http.ts';
import { aStatus, recordingBackend } from '../support/recording-backend.ts';

const share = { session: null, cwd: '/w', to: ['@Ada'], note: null, fromNow: false, withThinking: true };
const unshare = { session: 'abc', cwd: '/w', from: [], all: true };
const person = { handle: 'ada' };
const hook = {
  event: 'SessionStart',
  session: 's',
  transcriptPath: '/t',
  cwd: '/w',
  source: null,
  reason: null,
  pid: 7,
};
const bodies: Partial<Record<RouteName, unknown>> = {
  hook,
  preview: share,
  share,
  unshare,
  accept: person,
  decline: person,
  disconnect: person,
  block: person,
  unblock: person,
  verify: { handle: '@Ada', match: true },
  trust: { handle: '@Ada', code: null },
  revoke: { code: 'abcd-efgh-ijkl' },
  ask: { handles: ['@Ada'], question: 'why?', session: null, mode: 'question', budget: 500, cursor: null },
  cite: { citation: '0123456789abcdef' },
  dump: { handle: '@Ada', session: null, from: 1, to: 9, cursor: null, budget: null, newest: true },
  dashboard: { port: null },
  alias: { name: 'ada', handle: '@Ada' },
};

function errorOf(answer: string): Record<string, unknown> {
  const { error }: { error: Record<string, unknown> } = JSON.parse(answer);
  return error;
}

/** With what is read, when the request does not say. */
const READS: Partial<Record<RouteName, string>> = { ask: 'ask', cite: 'cite', dump: 'dump' };
const GIVES_ACCESS = new Set(['share', 'accept', 'unblock', 'verify', 'trust', 'dashboard', 'alias']);
const STREAMS: ReadonlySet<string> = new Set(STREAM_ROUTES);
const SESSION = '0b6f2f5e-6f0f-4a52-9f0e-1f4f3f3f8f11';
const CALLERS: Caller[] = [
  { via: 'hook', pid: 7, session: SESSION, claude: 6, entrypoint: 'cli', attended: true },
  { via: 'terminal', pid: 7, agent: true },
];

function isRoute(name: string): name is RouteName {
  return Object.hasOwn(routes, name);
}

describe('local API', () => {
  it('hands each route to the backend’s method, with the decoded request, and answers with both versions', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    for (const name of Object.keys(routes).filter(isRoute)) {
      if (STREAMS.has(name) || name === 'claudeHook') continue;
      const [method = '', path = ''] = routes[name].split(' ');
      const body = bodies[name];
      const answer = await ask(
        socketPath,
        method,
        path.replace(':handle', '%40Ada'),
        body ? { body: JSON.stringify(body) } : {},
      );
      expect(answer.status, name).toBe(200);
      expect(answer.headers).toMatchObject({
        [API_VERSION_HEADER]: String(LOCAL_API_VERSION),
        'teammate-sync-version': '9.9.9',
        'content-type': 'application/json',
      });
      expect(JSON.parse(answer.body), name).toEqual(name === 'status' ? aStatus : { method: name });
      const given = name === 'inbox' ? '@Ada' : body;
      const caller = GIVES_ACCESS.has(name)
        ? [null]
        : name === 'inbox'
          ? [null]
          : Object.hasOwn(READS, name)
            ? [READS[name]]
            : [];
      expect(backend.calls.at(-1), name).toEqual(given === undefined ? [name] : [name, given, ...caller]);
    }
  });

  it('hands on with what is read, and refuses what is no name', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    const body = JSON.stringify(bodies.cite);
    const read = (reader: string): ReturnType<typeof ask> =>
      ask(socketPath, 'POST', '/v1/cite', { body, headers: { 'teammate-sync-reader': reader } });
    expect((await read('get_citation')).status).toBe(200);
    expect(backend.calls).toEqual([['cite', bodies.cite, 'get_citation']]);
    await ask(socketPath, 'GET', '/v1/inbox/ada?shown=1');
    expect(backend.calls.pop()).toEqual(['inbox', 'ada', 'show']);
    for (const odd of ['Get', 'a b', '', 'x'.repeat(33), '<b>']) expect((await read(odd)).status).toBe(400);
    expect(backend.calls).toHaveLength(1);
  });

  it('hands on who asks, where a request gives access, and refuses what it does not understand of it', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    const askedBy = (caller: string): ReturnType<typeof ask> =>
      ask(socketPath, 'POST', '/v1/share', {
        body: JSON.stringify(bodies.share),
        headers: { [CALLER_HEADER]: caller },
      });
    for (const caller of CALLERS) {
      expect((await askedBy(encodeCaller(caller))).status).toBe(200);
      expect(backend.calls.at(-1)).toEqual(['share', bodies.share, caller]);
    }
    const before = backend.calls.length;
    const [typed] = CALLERS;
    for (const wrong of [
      {},
      { via: 'terminal' },
      { ...typed, session: '../x' },
      { ...typed, entrypoint: 'a b' },
      { ...typed, pid: 0 },
    ]) {
      const { status, body } = await askedBy(JSON.stringify(wrong));
      expect([status, errorOf(body)]).toMatchObject([400, { code: 'BAD_REQUEST' }]);
    }
    expect(backend.calls).toHaveLength(before);
  });

  it('refuses malformed requests with 400, saying which field, and asks the backend nothing', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    const cases: [path: string, body: string, says: string][] = [
      ['/v1/share', '', 'not JSON'],
      ['/v1/share', '{', 'not JSON'],
      ['/v1/share', '[]', 'not an object'],
      ['/v1/share', JSON.stringify({ ...share, to: 'ada' }), 'request.to: not a list'],
      ['/v1/share', JSON.stringify({ ...share, yes: true }), 'unknown key "yes"'],
      ['/v1/share', JSON.stringify({ ...share, note: 'ü'.repeat(141) }), 'request.note: longer than 280 bytes'],
      ['/v1/share', `{"__proto__":{"all":true}}`, 'unknown key "__proto__"'],
      ['/v1/unshare', JSON.stringify({ ...unshare, all: 1 }), 'request.all: not a boolean'],
      ['/v1/accept', '{}', 'request.handle: not a string'],
      ['/v1/accept', '['.repeat(1000), 'nested deeper'],
      ['/v1/hook', JSON.stringify({ ...hook, pid: 0 }), 'request.pid'],
    ];
    for (const [path, body, says] of cases) {
      const answer = await ask(socketPath, 'POST', path, { body });
      expect([answer.status, errorOf(answer.body)['code']], body.slice(0, 80)).toEqual([400, 'BAD_REQUEST']);
      expect(errorOf(answer.body)['message']).toContain(says);
      expect(answer.headers[API_VERSION_HEADER]).toBe(String(LOCAL_API_VERSION));
    }
    const notUtf8 = await ask(socketPath, 'POST', '/v1/accept', { body: Buffer.from([0x22, 0xff, 0x22]) });
    expect(errorOf(notUtf8.body)['message']).toContain('not UTF-8');
    expect(backend.calls).toEqual([]);
  });

  it('bounds the body, whether its length is told or not', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    const told = connect(socketPath);
    told.socket.write(`POST /v1/share HTTP/1.1\r\nHost: x\r\nContent-Length: ${LOCAL_REQUEST_MAX_BYTES + 1}\r\n\r\n`);
    const untold = connect(socketPath);
    untold.socket.write('POST /v1/share HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    for (let sent = 0; sent <= LOCAL_REQUEST_MAX_BYTES; sent += chunk.length) {
      untold.socket.write(`${chunk.length.toString(16)}\r\n`);
      untold.socket.write(chunk);
      untold.socket.write('\r\n');
    }
    for (const connection of [told, untold]) {
      // Neither ever ends its body: the refusal comes all the same, and the connection is not kept for the rest.
      await connection.closed;
      expect(connection.received()).toMatch(/^HTTP\/1\.1 400 .*BAD_REQUEST/s);
      expect(connection.received()).toContain(`longer than ${LOCAL_REQUEST_MAX_BYTES} bytes`);
    }
    expect(backend.calls).toEqual([]);
    expect((await ask(socketPath, 'GET', '/v1/status')).status).toBe(200);
  });

  it('answers unknown routes and methods with an error body', async () => {
    const { socketPath } = await startLocalApi(recordingBackend());
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v1/share'],
      ['POST', '/v1/status'],
      ['GET', '/v2/status'],
      ['GET', '/v1/inbox/a/b/c'],
      ['DELETE', '/v1/shared'],
    ] as const) {
      const answer = await ask(socketPath, method, path);
      expect([answer.status, errorOf(answer.body)['code']], path).toEqual([400, 'BAD_REQUEST']);
      expect(errorOf(answer.body)['message']).toContain(`${method} ${path}`);
    }
  });

  it('refuses whatever a web page sends, before anything else', async () => {
    const backend = recordingBackend();
    const { socketPath } = await startLocalApi(backend);
    for (const origin of ['http://evil.test', 'null', '']) {
      for (const [method, path] of [
        ['GET', '/v1/status'],
        ['POST', '/v1/share'],
        ['OPTIONS', '/v1/share'],
        ['GET', '/v1/inbox/ada/read'],
      ] as const) {
        const answer = await ask(socketPath, method, path, { headers: { origin }, body: JSON.stringify(share) });
        expect(answer.status).toBe(400);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
    expect(backend.calls).toEqual([]);
  });

  it('passes on our errors with status, hint and details, and keeps the stack of others to the log', async () => {
    const { socketPath, log } = await startLocalApi(
      recordingBackend({
        whoami: () =>
          Promise.reject(new TeammateSyncError('NOT_A_MEMBER', 'ada is not', { details: { near: 'adah' } })),
        sessions: () => {
          throw new TypeError('broken inside');
        },
      }),
    );
    const refused = await ask(socketPath, 'GET', '/v1/whoami');
    expect(refused.status).toBe(403);
    expect(errorOf(refused.body)).toEqual({
      code: 'NOT_A_MEMBER',
      message: 'ada is not',
      hint: 'only members of the workspace can be named',
      details: { near: 'adah' },
    });
    expect(log).toEqual([]);

    const broken = await ask(socketPath, 'GET', '/v1/sessions');
    expect(broken.status).toBe(500);
    expect(errorOf(broken.body)).toMatchObject({ code: 'INTERNAL', message: 'broken inside' });
    expect(broken.body).not.toContain('.ts');
    expect(broken.headers[API_VERSION_HEADER]).toBe(String(LOCAL_API_VERSION));
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('server.test.ts');
  });

  it('survives any bytes, and serves the next caller', async () => {
    const { socketPath } = await startLocalApi(recordingBackend());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((text) => Buffer.from(text)),
        ),
        fc.webPath(),
        async (bytes, path) => {
          const connection = connect(socketPath);
          connection.socket.end(Buffer.from(bytes));
          const posted = await ask(socketPath, 'POST', `/v1${encodeURI(path)}`, {
            body: Buffer.from(bytes),
          });
          expect(posted.status).toBe(400);
          await connection.closed;
        },
      ),
      { numRuns: 60 },
    );
    expect((await ask(socketPath, 'GET', '/v1/status')).status).toBe(200);
  });
});
