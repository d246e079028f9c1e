/** Pages of the dashboard: opened once, known by cookie and token together, and recognised after a restart. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import fs from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Link, openLink } from '../../../src/dashboard/link/index.ts';
import { DASHBOARD_HEADER } from '../../../src/protocol/dashboard.ts';
import { PAGE_CODE_MS, PAGE_CODES_MAX, PAGE_MS, PAGE_TRIES_BURST } from '../../../src/protocol/limits.ts';
import { until } from '../../support/until.ts';
import {
  codeOf,
  type Jar,
  openTab,
  ownHeaders,
  request,
  type RunningDashboard,
  startDashboard,
  type Tab,
} from './support.ts';

const isLive = (link: Link): Promise<unknown> =>
  until(() => link.state.value.is === 'live', { what: 'the link to live' });
const isClosed = (link: Link): Promise<unknown> =>
  until(() => link.state.value.is === 'closed', { what: 'the page to be closed' });

async function tryCode({ port }: { port: number }, code: string): Promise<number> {
  const body = JSON.stringify({ code });
  return (await request(port, 'POST', '/session', { headers: ownHeaders(port, 'POST'), body })).status;
}

describe('a code', () => {
  it('opens one page, once, and within its time', async () => {
    const { dashboard, clock } = await startDashboard();
    const first = await dashboard.open(null);
    expect(first.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${first.port}/#code=[\\w-]{43}$`));
    expect(await tryCode(first, codeOf(first))).toBe(200);
    expect(await tryCode(first, codeOf(first))).toBe(401);
    const second = await dashboard.open(null);
    expect(second.port).toBe(first.port);
    clock.pass(PAGE_CODE_MS);
    expect(await tryCode(second, codeOf(second))).toBe(401);
    const last = await dashboard.open(null);
    clock.pass(PAGE_CODE_MS - 1);
    expect(await tryCode(last, codeOf(last))).toBe(200);
    expect(await tryCode(last, 'x'.repeat(43))).toBe(401);
  });

  it('is one of a few, and cannot be guessed fast', async () => {
    const { dashboard } = await startDashboard();
    const all = [];
    for (let n = 0; n <= PAGE_CODES_MAX; n++) all.push(await dashboard.open(null));
    const [oldest, next] = all;
    if (!oldest || !next) throw new Error('no codes');
    expect(await tryCode(oldest, codeOf(oldest))).toBe(401);
    expect(await tryCode(next, codeOf(next))).toBe(200);
    for (let n = 0; n < PAGE_TRIES_BURST; n++) await tryCode(next, `${n}`.padStart(43, 'x'));
    const right = await dashboard.open(null);
    expect(await tryCode(right, codeOf(right))).toBe(401);
  });

  it('listens on a port that is named, and says when it cannot', async () => {
    const { dashboard } = await startDashboard();
    const taken = await startDashboard();
    const { port } = await taken.dashboard.open(null);
    await expect(dashboard.open(port)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    const elsewhere = await dashboard.open(null);
    await expect(dashboard.open(port)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    expect((await dashboard.open(null)).port).toBe(elsewhere.port);
  });
});

describe('a page', () => {
  it('has its parts, asks with its token, and keeps the code out of its address', async () => {
    const { dashboard } = await startDashboard();
    const tab = openTab((await dashboard.open(null)).url);
    const link = openLink(tab);
    await isLive(link);
    await until(() => link.parts.sessions.value !== null, { what: 'a part' });
    expect(link.version.value).toBe('9.9.9');
    expect(tab.location.hash).toBe('');
    expect(await link.call('accept', { body: { handle: 'ada' } })).toEqual({ method: 'accept' });
    const asked = tab.sent.at(-1);
    expect(asked?.headers[DASHBOARD_HEADER]).toBe(tab.storage.getItem('teammate-sync'));
    expect(asked?.path).toBe('/v1/accept');
  });

  it('that is loaded again goes on, and one of another tab without its address does not', async () => {
    const { dashboard } = await startDashboard();
    const { url } = await dashboard.open(null);
    const jar: Jar = new Map();
    const tab = openTab(url, jar);
    await isLive(openLink(tab));
    const plain = url.replace(/#.*/, '');
    const again = openLink(openTab(plain, jar, tab.storage));
    await isLive(again);
    const other = openLink(openTab(plain, jar));
    await isClosed(other);
    expect(other.state.value.why).toContain('teammate-sync dashboard');
    await expect(other.call('accept', { body: { handle: 'ada' } })).rejects.toMatchObject({
      code: 'DAEMON_NOT_RUNNING',
    });
  });

  it('two of one browser live side by side', async () => {
    const { dashboard } = await startDashboard();
    const jar: Jar = new Map();
    const [one, two] = [
      openLink(openTab((await dashboard.open(null)).url, jar)),
      openLink(openTab((await dashboard.open(null)).url, jar)),
    ];
    await isLive(one);
    await isLive(two);
    for (const link of [one, two]) expect(await link.call('status', {})).toMatchObject({ version: '9.9.9' });
  });

  it('is over after twelve hours', async () => {
    const { dashboard, clock } = await startDashboard();
    const tab = openTab((await dashboard.open(null)).url);
    const link = openLink(tab);
    await isLive(link);
    clock.pass(PAGE_MS);
    await expect(link.call('status', {})).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
  });

  it('while it is hidden holds no connection, and comes back when it is shown', async () => {
    const { dashboard, parts } = await startDashboard();
    const tab = openTab((await dashboard.open(null)).url);
    const link = openLink(tab);
    await isLive(link);
    tab.show(false);
    await until(() => parts.followers.size === 0, { what: 'its stream to end' });
    tab.show(true);
    await until(() => parts.followers.size === 1, { what: 'its stream to come back' });
    await isLive(link);
  });
});

/** Opens a page, restarts the daemon, and gives both. */
async function restarted(): Promise<{
  tab: Tab;
  link: Link;
  jar: Jar;
  next: RunningDashboard;
  before: RunningDashboard;
}> {
  const before = await startDashboard();
  const jar: Jar = new Map();
  const tab = openTab((await before.dashboard.open(null)).url, jar);
  const link = openLink(tab);
  await isLive(link);
  const next = await before.restart();
  return { tab, link, jar, next, before };
}

describe('after a restart of the daemon', () => {
  it('an open page comes back by itself, on the same port, with a new token', async () => {
    const { tab, link, next } = await restarted();
    const first = tab.sent.find(({ path }) => path === '/v1/events')?.headers[DASHBOARD_HEADER];
    await until(() => next.parts.followers.size === 1, { what: 'the page to follow again' });
    await isLive(link);
    expect(await link.call('status', {})).toMatchObject({ version: '9.9.9' });
    expect(tab.storage.getItem('teammate-sync')).not.toBe(first);
  });

  it('cookie and token of before are refused, and the keys that are kept are private and end with the pages', async () => {
    const { tab, jar, next } = await restarted();
    const port = Number(tab.location.port);
    const events = tab.sent.find(({ path }) => path === '/v1/events');
    const replayed = { ...ownHeaders(port, 'GET'), ...events?.headers };
    const answer = await request(port, 'GET', '/v1/status', { headers: replayed });
    expect([answer.status, jar.size]).toEqual([401, 1]);
    expect(fs.statSync(next.keptAt).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(next.keptAt, 'utf8')).not.toContain(events?.headers[DASHBOARD_HEADER]);
    next.clock.pass(PAGE_MS);
    const last = await next.restart();
    expect(fs.existsSync(last.keptAt)).toBe(false);
    await expect(request(port, 'GET', '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('a page that was loaded again meanwhile is told to be opened anew', async () => {
    const { tab, jar, next } = await restarted();
    await until(() => next.parts.followers.size === 1, { what: 'the page to follow again' });
    tab.show(false);
    const stale = openTab(`http://127.0.0.1:${tab.location.port}/`, jar);
    stale.storage.setItem('teammate-sync', 'x'.repeat(43));
    const link = openLink(stale);
    await isClosed(link);
    expect(link.state.value.why).toContain('teammate-sync dashboard');
  });

  it('another program on the port gets nothing that helps it, and the page says that it is another', async () => {
    const before = await startDashboard();
    const tab = openTab((await before.dashboard.open(null)).url);
    const link = openLink(tab);
    await isLive(link);
    const port = Number(tab.location.port);
    await before.dashboard.stop();
    const seen: string[] = [];
    const impostor = http.createServer((asked, response) => {
      let body = '';
      asked.on('data', (chunk: Buffer) => (body += chunk.toString()));
      asked.on('end', () => {
        seen.push(`${asked.url} ${JSON.stringify(asked.headers)} ${body}`);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ nonce: 'n'.repeat(43), proof: 'p'.repeat(43), token: 't', resume: {} }));
      });
    });
    await new Promise<void>((resolve) => impostor.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void impostor.close());
    expect((impostor.address() as AddressInfo).port).toBe(port);
    await isClosed(link);
    expect(link.state.value.why).toContain('Another program');
    const token = tab.storage.getItem('teammate-sync') ?? '-';
    const kept: { pages: { key: string }[] } = JSON.parse(fs.readFileSync(before.keptAt, 'utf8'));
    const secrets = [token, ...kept.pages.map(({ key }) => key)];
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((one) => secrets.some((secret) => one.includes(secret)))).toEqual([]);
    expect(seen.filter((one) => one.includes('cookie'))).toEqual([]);
    await expect(
      link.call('share', {
        body: { session: null, cwd: '/', to: ['ada'], note: null, fromNow: false, withThinking: false },
      }),
    ).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING' });
  });

  it('when the port is taken nothing is kept, and the daemon runs all the same', async () => {
    const before = await startDashboard();
    const tab = openTab((await before.dashboard.open(null)).url);
    await isLive(openLink(tab));
    tab.show(false);
    await before.dashboard.stop();
    const other = http.createServer(() => {});
    await new Promise<void>((resolve) => other.listen(Number(tab.location.port), '127.0.0.1', resolve));
    const next = await before.restart();
    expect(fs.existsSync(next.keptAt)).toBe(false);
    await new Promise((resolve) => other.close(resolve));
    expect((await next.dashboard.open(null)).url).toContain('#code=');
  });
});

describe('the events of a page', () => {
  it('are the newest of each part, however slowly it reads', async () => {
    const { dashboard, parts } = await startDashboard();
    const tab = openTab((await dashboard.open(null)).url);
    const link = openLink(tab);
    await isLive(link);
    for (let n = 0; n < 2000; n++) parts.say(`p${n} ${'x'.repeat(1000)}`);
    await until(() => link.parts.sessions.value?.sessions[0]?.project.startsWith('p1999 ') ?? false, {
      what: 'the newest',
    });
    const before = parts.nudges;
    await link.call('accept', { body: { handle: 'ada' } });
    expect(parts.nudges).toBe(before + 1);
  });
});
