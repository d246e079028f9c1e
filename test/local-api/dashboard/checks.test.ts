/** The dashboard's listener: who gets an answer, and what each answer says. */
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { uidsIn } from '../../../src/local-api/dashboard/peer-user.ts';
import { DASHBOARD_HEADER, PAGE_ROUTES } from '../../../src/protocol/dashboard.ts';
import { routes } from '../../../src/protocol/local-api.ts';
import { recordingBackend } from '../../support/recording-backend.ts';
import { codeOf, ownHeaders, request, startDashboard } from './support.ts';

/** A listener and one page that is open on it. */
async function open(requestMs?: number): Promise<{
  port: number;
  token: string;
  cookie: string;
  backend: ReturnType<typeof recordingBackend>;
  log: string[];
}> {
  const backend = recordingBackend();
  const { dashboard, log } = await startDashboard(backend, requestMs === undefined ? {} : { requestMs });
  const opened = await dashboard.open(null);
  const { port } = opened;
  const body = JSON.stringify({ code: codeOf(opened) });
  const answer = await request(port, 'POST', '/session', { headers: ownHeaders(port, 'POST'), body });
  expect(answer.status).toBe(200);
  const { token }: { token: string } = JSON.parse(answer.body);
  const cookie = (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  return { port, token, cookie, backend, log };
}

describe('a request to the dashboard', () => {
  it('is answered only with the right host, origin, site, method, type, cookie and token, and else does nothing', async () => {
    const { port, token, cookie, backend } = await open();
    const fine = { ...ownHeaders(port, 'POST'), cookie, [DASHBOARD_HEADER]: token };
    const cases: [status: number, change: Record<string, string | undefined>, method?: string][] = [
      [200, {}],
      [200, { 'sec-fetch-site': undefined }],
      ...['evil.test', `evil.test:${port}`, `localhost:${port}`, `127.0.0.1`, '127.0.0.1:1', `[::1]:${port}`].map(
        (host): [number, Record<string, string>] => [421, { host }],
      ),
      [403, { origin: undefined }],
      ...[
        'null',
        'http://evil.test',
        `http://localhost:${port}`,
        `https://127.0.0.1:${port}`,
        'http://127.0.0.1:1',
        '',
      ].map((origin): [number, Record<string, string>] => [403, { origin }]),
      ...['cross-site', 'same-site', 'none', 'odd'].map((site): [number, Record<string, string>] => [
        403,
        { 'sec-fetch-site': site },
      ]),
      ...[
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-8',
        undefined,
      ].map((type): [number, Record<string, string | undefined>] => [415, { 'content-type': type }]),
      ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map((method): [number, Record<string, string>, string] => [
        405,
        {},
        method,
      ]),
      [401, { [DASHBOARD_HEADER]: undefined }],
      [401, { [DASHBOARD_HEADER]: `${token}x` }],
      [401, { cookie: undefined }],
      [401, { cookie: `${cookie}x` }],
      // Another port's cookie, of another home's dashboard in the same browser.
      [401, { cookie: cookie.replace(String(port), '1') }],
    ];
    for (const [status, change, method = 'POST'] of cases) {
      const said = Object.entries({ ...fine, ...change }).filter(([, value]) => value !== undefined);
      const before = backend.calls.length;
      const answer = await request(port, method, '/v1/decline', {
        headers: Object.fromEntries(said),
        body: method === 'POST' ? JSON.stringify({ handle: 'ada' }) : '',
      });
      expect([answer.status, change, method]).toEqual([status, change, method]);
      expect(backend.calls.length - before, JSON.stringify(change)).toBe(status === 200 ? 1 : 0);
      expectHeaders(answer.headers);
    }
  });

  it('reaches the routes of a page, and no other; nothing that changes something is a GET', async () => {
    const { port, token, cookie, backend } = await open();
    for (const [name, route] of Object.entries(routes)) {
      const [method = '', path = ''] = route.split(' ');
      const headers = { ...ownHeaders(port, method), cookie, [DASHBOARD_HEADER]: token };
      const answer = await request(port, method, path.replace(':handle', 'ada'), {
        headers,
        body: method === 'POST' ? '{}' : '',
      });
      const has = PAGE_ROUTES.some((one) => one === name);
      expect(answer.status === 404, name).toBe(!has);
      if (!has) expect(backend.calls.map(([called]) => called)).not.toContain(name);
    }
    const READS = new Set([
      'status',
      'whoami',
      'sessions',
      'shared',
      'activity',
      'connections',
      'teammates',
      'devices',
      'inbox',
      'read',
      'doctor',
    ]);
    const gets = PAGE_ROUTES.filter((name) => routes[name].startsWith('GET '));
    expect(gets.filter((name) => !READS.has(name))).toEqual([]);
  });

  it('asks as the dashboard, whatever its headers say', async () => {
    const { port, token, cookie, backend } = await open();
    const headers = {
      ...ownHeaders(port, 'POST'),
      ...{ cookie, [DASHBOARD_HEADER]: token },
      ...{ 'teammate-sync-caller': '{"via":"terminal","pid":1,"agent":true}', 'teammate-sync-reader': 'cite' },
    };
    await request(port, 'POST', '/v1/accept', { headers, body: '{"handle":"ada"}' });
    await request(port, 'POST', '/v1/cite', { headers, body: '{"citation":"0123456789abcdef"}' });
    expect(backend.calls).toEqual([
      ['accept', { handle: 'ada' }, { via: 'dashboard' }],
      ['cite', { citation: '0123456789abcdef' }, 'dashboard'],
    ]);
  });

  it('for a file is answered to whoever visits, never into a frame or another page', async () => {
    const { port } = await open();
    const host = { host: `127.0.0.1:${port}` };
    const get = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await request(port, 'GET', path, { headers: { ...host, ...headers } })).status;
    const visit = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await get('/', {})).toBe(200);
    expect(await get('/', { ...visit, 'sec-fetch-site': 'none' })).toBe(200);
    expect(await get('/', { ...visit, 'sec-fetch-site': 'cross-site' })).toBe(200);
    expect(await get('/', { ...visit, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' })).toBe(403);
    expect(await get('/app.js', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
    for (const odd of ['/../package.json', '/%2e%2e/package.json', '/licences.txt', '/dashboard.json', '//evil.test/'])
      expect(await get(odd, {}), odd).toBe(401);
    const page = await request(port, 'GET', '/', { headers: host });
    expect(page.body).toBe('of index.html');
    expectHeaders(page.headers);
  });

  it('that comes slowly or is too large is cut off', async () => {
    const { port } = await open(200);
    const headers = { ...ownHeaders(port, 'GET'), 'x-long': 'x'.repeat(20_000) };
    expect((await request(port, 'GET', '/', { headers })).status).toBe(431);
    const socket = net.connect(port, '127.0.0.1');
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\n');
    socket.resume();
    await gone;
  });

  it('leaves no secret in the log', async () => {
    const { port, token, cookie, log } = await open();
    const headers = { ...ownHeaders(port, 'POST'), cookie, [DASHBOARD_HEADER]: token };
    await request(port, 'POST', '/v1/accept', { headers, body: 'nonsense' });
    const secret = cookie.split('=')[1] ?? '-';
    expect(secret.length).toBeGreaterThan(40);
    expect(log.join('')).toContain('dashboard listens');
    for (const one of [token, secret]) expect(log.join('')).not.toContain(one);
  });
});

function expectHeaders(headers: NodeJS.Dict<string | string[]>): void {
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
}

describe('the user at the other end', () => {
  it('is read from the table of sockets', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1146 1 0 100 0 0 10 0',
      '   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 1147 1 0 100 0 0 10 0',
    ].join('\n');
    expect(uidsIn(table, 0xc350, 0x1f90)).toEqual([1001]);
    expect(uidsIn(table, 0x1f90, 0xc350)).toEqual([1000]);
    expect(uidsIn(table, 1, 2)).toEqual([]);
  });
});
