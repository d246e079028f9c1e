/** The stand-in as a process of its own, steered over HTTP, and its faults as they are on the wire. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  htmlPage,
  primaryLimit,
  secondaryLimit,
  ssoRequired,
  steerGithubStandIn,
} from '../support/github-stand-in/index.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { field, get, request } from './http.ts';
import { startScene } from './harness.ts';

async function startProcess(...args: string[]): Promise<{ child: ChildProcess; url: string; control: string }> {
  const outfile = path.join(tempDir(), 'stand-in.mjs');
  const entry = path.join(import.meta.dirname, '../support/github-stand-in/main.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  const child = spawn(process.execPath, [outfile, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const at: unknown = JSON.parse(String(line));
  return { child, url: String(field(at, 'url')), control: String(field(at, 'control')) };
}

describe('the process', () => {
  it('serves, is steered by who knows the secret, and ends on SIGTERM', async () => {
    const { child, url, control } = await startProcess();
    const steer = steerGithubStandIn({ url, control });
    const { token } = await steer.addUser({ login: 'Marie-T', id: 1001 });
    expect((await get(`${url}/user`, { authorization: `Bearer ${token}` })).json).toMatchObject({ login: 'Marie-T' });
    expect(await steer.requests()).toHaveLength(1);
    await steer.clearLog();
    expect(await steer.requests()).toEqual([]);
    await expect(steer.addUser({ login: 'marie-t', id: 1002 })).rejects.toThrow('taken');

    for (const secret of ['', 'wrong', `${control}0`]) {
      const refused = await request('POST', `${url}/_control`, { 'x-stand-in-control': secret }, { call: 'requests' });
      expect(refused.status).toBe(404);
    }
    const unknown = await request('POST', `${url}/_control`, { 'x-stand-in-control': control }, { call: 'toString' });
    expect(unknown.status).toBe(400);

    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    // Windows has no signals: there it just ends.
    if (process.platform !== 'win32') expect(await ended).toEqual([0, null]);
  });

  it('ends when its stdin ends, also with a connection open', async () => {
    const { child, url } = await startProcess();
    await get(`${url}/rate_limit`);
    const ended = once(child, 'exit');
    child.stdin?.end();
    expect(await ended).toEqual([0, null]);
  });
});

describe('the process, when it answered as GitHub could not', () => {
  it('says so to who steers it, and ends with 1', async () => {
    const { child, url, control } = await startProcess('0', 'ghes');
    const steer = steerGithubStandIn({ url, control });
    const { token } = await steer.addUser({ login: 'Marie-T', id: 1001 });
    await steer.addFault({ alter: { json: { id: 'one' } } });
    expect(url).toMatch(/\/api\/v3$/);
    expect((await get(`${url}/user`, { authorization: `Bearer ${token}` })).status).toBe(500);
    const mistake = 'GET /user 200: /id must be integer';
    expect(await steer.mismatches()).toEqual([expect.stringContaining(mistake)]);
    let said = '';
    child.stderr?.on('data', (chunk) => (said += String(chunk)));
    const ended = once(child, 'close');
    child.stdin?.end();
    expect(await ended).toEqual([1, null]);
    expect(said).toContain(mistake);
  });
});

describe('faults', () => {
  it('hit the named requests, as often as asked, and can be cleared', async () => {
    const { standIn, tokens } = await startScene();
    const status = async (where: string) =>
      (await get(standIn.url + where, { authorization: `Bearer ${tokens.marie}` })).status;
    standIn.addFault({ path: '/users/', status: 500, times: 2 });
    expect([await status('/user'), await status('/users/tomas'), await status('/users/ines')]).toEqual([200, 500, 500]);
    expect(await status('/users/tomas')).toBe(200);
    standIn.addFault({ path: '/users/', status: 429, times: null });
    expect([await status('/users/tomas'), await status('/users/tomas')]).toEqual([429, 429]);
    standIn.clearFaults();
    expect(await status('/users/tomas')).toBe(200);
    standIn.addFault({ method: 'POST', status: 500 });
    expect(await status('/user')).toBe(200);
  });

  it('cut, reset, delay and redirect', async () => {
    const { standIn, tokens } = await startScene();
    const ask = () => get(`${standIn.url}/user`, { authorization: `Bearer ${tokens.marie}` });
    standIn.addFault({ truncate: true });
    expect(await ask()).toMatchObject({ status: 200, json: undefined });
    standIn.addFault({ reset: true });
    await expect(ask()).rejects.toThrow('fetch failed');
    standIn.addFault({ redirect: 'http://elsewhere.invalid/x', status: 301 });
    const moved = await ask();
    expect([moved.status, moved.headers.get('location')]).toEqual([301, 'http://elsewhere.invalid/x']);
    standIn.addFault({ delayMs: 30 });
    const before = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
    expect(standIn.requests().map((entry) => entry.status)).toEqual([200, 0, 301, 200]);
  });

  it('look like what GitHub sends, or what stands before it', async () => {
    const { standIn, tokens } = await startScene();
    const ask = () => get(`${standIn.url}/user`, { authorization: `Bearer ${tokens.marie}` });
    standIn.addFault(htmlPage(502));
    const page = await ask();
    expect([page.status, page.headers.get('content-type'), page.json]).toEqual([502, 'text/html', undefined]);
    expect(page.headers.has('x-github-request-id')).toBe(false);
    for (const status of [403, 429]) {
      standIn.addFault(primaryLimit(1_900_000_000, status));
      const hour = await ask();
      expect([hour.status, hour.headers.get('x-ratelimit-remaining')]).toEqual([status, '0']);
      expect(hour.headers.get('x-ratelimit-reset')).toBe('1900000000');
      standIn.addFault(secondaryLimit(60, status));
      const fast = await ask();
      expect([fast.status, fast.headers.get('retry-after')]).toEqual([status, '60']);
      expect([hour, fast].every(({ headers }) => headers.has('x-github-request-id'))).toBe(true);
    }
    standIn.addFault(ssoRequired('https://github.com/orgs/acme/sso'));
    const sso = await ask();
    expect(sso.headers.get('x-github-sso')).toBe('required; url=https://github.com/orgs/acme/sso');
    expect((await ask()).status).toBe(200);
  });
});
