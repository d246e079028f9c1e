/** Pages that are not ours, in the same browser: they can neither read nor act, and what they stole opens nothing. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeClaude, type Person, sharing } from '../support/world/index.ts';
import { until } from '../support/until.ts';
import { ATTACKS, REBOUND_ATTACKS } from './support/attacks.ts';
import { Desk } from './support/desk.ts';
import { HostileServer } from './support/hostile-server.ts';
import { type Stage, useStage } from './support/stage.ts';

const REBOUND = 'rebound.test';
const SECRET = 'a sentence that only the two of them may read';

let stage: Stage;
let marie: Person;
let claude: FakeClaude;
let hostile: HostileServer;
useStage(
  async (made) => {
    stage = made;
    marie = await made.world.person('marie');
    const sam = await made.world.person('sam');
    claude = await marie.claude('webshop');
    claude.say(SECRET);
    await sharing(marie, claude, [SECRET], sam);
  },
  { names: [REBOUND] },
);
beforeAll(async () => {
  hostile = await HostileServer.start();
});
afterAll(() => hostile.close());

async function stillShared(): Promise<boolean> {
  const { sessions } = await marie.client.call('shared');
  return sessions.some(({ session }) => session === claude.session);
}

/** What the dashboard's page would say. */
const PRIVATE = /marie|sam|webshop|acme|sentence/;

/** Gives the statuses of all answers from `origin` to a page so far, also of those that the browser keeps from it. */
async function statusesOf(page: Page, origin: string): Promise<() => number[]> {
  const asked = new Set<string>();
  const answered = new Map<string, number>();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  // In no order that could be relied on.
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith(`${origin}/`)) asked.add(requestId);
  });
  devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => answered.set(requestId, statusCode));
  devtools.on('Network.webSocketFrameError', ({ requestId, errorMessage }) => {
    asked.add(requestId);
    answered.set(requestId, Number(/Unexpected response code: (\d+)/.exec(errorMessage)?.[1]));
  });
  return () => [...answered].flatMap(([id, status]) => (asked.has(id) ? [status] : []));
}

describe('a page on another port, while the dashboard is open in the same browser', () => {
  it.each(Object.entries(ATTACKS))('%s: gets nothing, and changes nothing', async (_, attack) => {
    const desk = await stage.desk(marie);
    const other = await desk.window.context.newPage();
    await other.goto(hostile.origin);
    const statuses = await statusesOf(other, desk.origin);
    const got = await other.evaluate(attack(desk.origin));
    expect(got).not.toMatch(/^(?:READ|LOADED)/);
    expect(got).not.toMatch(PRIVATE);
    expect(await stillShared()).toBe(true);
    await until(() => statuses().length > 0, { what: 'the answer', timeoutMs: 10_000 });
    expect(statuses().filter((status) => !(status >= 400))).toEqual([]);
    await other.close();
    // What the hostile page did is no fault of ours.
    desk.forgive();
  });

  it('frames it: the browser shows nothing of it', async () => {
    const desk = await stage.desk(marie);
    const other = await desk.window.context.newPage();
    await other.goto(hostile.origin);
    await other.setContent(`<iframe src="${desk.origin}/" width="800" height="600"></iframe>`);
    await until(() => other.frames().length === 2 && other.frames()[1]?.url() !== 'about:blank', { what: 'the frame' });
    const framed = await other.frames()[1]?.locator('body').textContent();
    expect(framed).not.toMatch(PRIVATE);
    expect(framed).not.toContain('teammate-sync');
    await other.close();
    desk.forgive();
  });

  it('opens it in a window, and cannot hold on to it', async () => {
    const desk = await stage.desk(marie);
    const other = await desk.window.context.newPage();
    await other.goto(hostile.origin);
    const popup = other.waitForEvent('popup');
    await other.evaluate(`globalThis.opened = window.open('${desk.origin}/'); undefined`);
    await (await popup).getByRole('heading', { name: 'This page is closed' }).waitFor();
    expect(await other.evaluate('globalThis.opened.closed')).toBe(true);
    await other.evaluate(`globalThis.opened.postMessage({ type: 'part', part: 'status', value: {} }, '*')`);
    expect(await (await popup).evaluate('globalThis.opener')).toBeNull();
    await other.close();
    await (await popup).close();
    desk.forgive();
  });
});

describe('a name that was made to lead here (DNS rebinding)', () => {
  it.each(Object.entries(REBOUND_ATTACKS))('%s: is refused by the name alone', async (_, attack) => {
    const desk = await stage.desk(marie);
    const { port } = new URL(desk.origin);
    const at = `http://${REBOUND}:${port}`;
    const { page, context } = await stage.window();
    // From the attacker's own server, before the name led here.
    await context.route(`${at}/attack`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>attack' }));
    await page.goto(`${at}/attack`);
    const got = await page.evaluate(attack(at));
    expect(got).toMatch(/^4\d\d /);
    expect(got).not.toMatch(PRIVATE);
    expect(await stillShared()).toBe(true);
  });

  it('is not shown the page', async () => {
    const desk = await stage.desk(marie);
    const { page } = await stage.window();
    const response = await page.goto(`http://${REBOUND}:${new URL(desk.origin).port}/`);
    expect(response?.status()).toBeGreaterThanOrEqual(400);
  });
});

describe('what opens the page', () => {
  /** The page says that it is closed, and nothing else. */
  async function closed(desk: Desk): Promise<void> {
    await desk.page.getByRole('heading', { name: 'This page is closed' }).waitFor();
    expect(await desk.main.textContent()).not.toMatch(PRIVATE);
    await desk.main.getByText('teammate-sync dashboard', { exact: true }).first().waitFor();
  }

  async function visit(url: string): Promise<Desk> {
    const desk = new Desk(await stage.window(), new URL(url).origin);
    await desk.page.goto(url);
    return desk;
  }

  async function address(): Promise<string> {
    return (await marie.client.call('dashboard', { body: { port: null } })).url;
  }

  it('is a code that works once, and that the browser does not keep', async () => {
    const url = await address();
    const desk = await visit(url);
    await desk.live();
    expect(desk.page.url()).not.toContain('code');
    expect(await desk.page.evaluate('history.length')).toBeLessThanOrEqual(2);
    expect(desk.window.requests.join('\n')).not.toContain(new URL(url).hash.replace('#code=', ''));
    await closed(await visit(url));
    await desk.live();
  });

  it('is not a guess, and not the address alone', async () => {
    const { origin } = new URL(await address());
    await closed(await visit(`${origin}/`));
    await closed(await visit(`${origin}/#code=${'A'.repeat(43)}`));
  });

  it('is not a stolen cookie, and not a stolen token: it takes both', async () => {
    const desk = await stage.desk(marie);
    const cookies = await desk.window.context.cookies();
    expect(cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path }))).toEqual([
      { httpOnly: true, sameSite: 'Strict', path: '/' },
    ]);
    const withCookie = await stage.window();
    await withCookie.context.addCookies(cookies);
    await withCookie.page.goto(`${desk.origin}/`);
    await closed(new Desk(withCookie, desk.origin));
    expect(await withCookie.page.evaluate(`fetch('/v1/status').then(({ status }) => status)`)).toBeGreaterThanOrEqual(
      400,
    );

    const stored = await desk.page.evaluate('JSON.stringify(sessionStorage)');
    const withToken = await stage.window();
    await withToken.context.addInitScript(`Object.assign(sessionStorage, ${String(stored)})`);
    await withToken.page.goto(`${desk.origin}/`);
    await closed(new Desk(withToken, desk.origin));
  });

  it('is, in the tab where it was open, nothing more: it can be loaded again', async () => {
    const desk = await stage.desk(marie);
    await desk.page.reload();
    await desk.live();
    await desk.main.getByRole('article', { name: /^webshop/ }).waitFor();
  });

  it('is not what was open before the daemon was restarted', async () => {
    const desk = await stage.desk(marie);
    desk.expect('away');
    const { context } = desk.window;
    const cookies = await context.cookies();
    const stored = String(await desk.page.evaluate('JSON.stringify(sessionStorage)'));
    await marie.restart();
    await address();
    const thief = await stage.window();
    await thief.context.addCookies(cookies);
    await thief.context.addInitScript(`Object.assign(sessionStorage, ${stored})`);
    await thief.page.goto(`${desk.origin}/`);
    await closed(new Desk(thief, desk.origin));
  });

  it('is told to nobody who takes the port while the daemon is away', async () => {
    const desk = await stage.desk(marie);
    desk.expect('away');
    const cookie = (await desk.window.context.cookies())[0]?.value ?? '';
    const token = String(await desk.page.evaluate('Object.values(sessionStorage)[0]'));
    await marie.stop();
    const thief = await HostileServer.start(Number(new URL(desk.origin).port));
    try {
      await closed(desk);
      await desk.main.getByText('Another program answers at this address. It was told nothing.').waitFor();
      const said = JSON.stringify(thief.seen);
      expect(said).toContain('/session/challenge');
      for (const secret of [cookie, token]) {
        expect(secret.length).toBeGreaterThan(20);
        expect(said).not.toContain(secret);
      }
    } finally {
      await thief.close();
      await marie.start();
    }
  });
});
