/** The browser that the other tests look through: what it is stopped from doing, and that nothing escapes its watcher. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from './support/chromium.ts';
import { HostileServer } from './support/hostile-server.ts';
import { MARKUP } from './support/hostile-texts.ts';
import { Window } from './support/window.ts';

let browser: Browser;
let server: HostileServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium({ names: ['rebound.test'] }), HostileServer.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(): Promise<Window> {
  const window = await Window.open(browser);
  onTestFinished(() => window.close());
  await window.page.goto(server.origin);
  return window;
}

describe('the browser', () => {
  it('resolves the names that lead here and no others', async () => {
    const { page } = await open();
    const port = new URL(server.origin).port;
    await page.goto(`http://rebound.test:${port}/there`);
    expect(server.seen.some(({ headers }) => headers.host === `rebound.test:${port}`)).toBe(true);
    await expect(page.goto('http://other.test/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
  });

  it('asks nothing by itself', async () => {
    const window = await open();
    await window.page.goto(`${server.origin}/again`);
    expect(window.beyond(server.origin)).toEqual([]);
  });
});

describe('the watcher', () => {
  it('sees what hostile texts do where they are taken for markup', async () => {
    let [active, ran] = [0, 0];
    for (const text of MARKUP) {
      // Anew for each: some take the page elsewhere.
      const window = await open();
      await window.page.setContent(`<p>${text}`, { timeout: 2000 }).catch(() => {});
      if (window.beyond(server.origin).length + window.incidents.length > 0) active++;
      if (await window.owned().catch(() => false)) ran++;
    }
    expect(active).toBeGreaterThan(MARKUP.length / 2);
    expect(ran).toBeGreaterThan(3);
  });

  it('sees a lost layout', async () => {
    const window = await open();
    expect(await window.sideways()).toBe(0);
    await window.page.evaluate("document.body.append('W'.repeat(5000))");
    expect(await window.sideways()).toBeGreaterThan(0);
  });
});
