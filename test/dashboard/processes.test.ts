/** The product as it is installed: the verb, the page of the built daemon, and a daemon that is killed while it is open. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';
import { launchChromium } from './support/chromium.ts';
import { Desk } from './support/desk.ts';
import { Window } from './support/window.ts';

let world: ProcessWorld;
let browser: Browser;
let [marie, sam]: Machine[] = [];
let desk: Desk | null = null;

beforeAll(async () => {
  [world, browser] = await Promise.all([ProcessWorld.start(productDir), launchChromium()]);
  [marie, sam] = await world.readyPeople('marie', 'sam');
});
afterEach(async () => {
  expect(desk?.faults() ?? []).toEqual([]);
  await desk?.close();
  desk = null;
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** Opens what the verb says, as its `--json` output has it. */
async function dashboardOf(machine: Machine): Promise<Desk> {
  const { url } = (await machine.json(['dashboard', '--no-open'])) as { url: string };
  desk = new Desk(await Window.open(browser), new URL(url).origin);
  await desk.page.goto(url);
  await desk.live();
  return desk;
}

it('an invite is accepted on the page of the built daemon, and read in a terminal', async () => {
  if (!marie || !sam) throw new Error('nobody');
  const claude = await marie.claude('webshop', 'why is the login slow?');
  await marie.ok(['share', 'sam', '--session', claude.session]);
  const page = await dashboardOf(sam);
  await page.button('Accept the invite of @marie').click();
  await page.dialog(/^Connected with/).waitFor();
  await until(async () => (await sam?.run(['show', 'marie', '--raw']))?.stdout.includes('why is the login slow?'), {
    what: 'sam to read it',
  });
});

it('a daemon that is killed and started again has its page back at the same address, by itself', async () => {
  if (!marie || !sam) throw new Error('nobody');
  const page = await dashboardOf(marie);
  page.expect('away');
  await marie.killDaemon();
  await page.page
    .getByRole('banner')
    .getByText(/^reconnecting/)
    .waitFor();
  await marie.ok(['up']);
  await page.live();
  await page.button(/^Revoke webshop .* from @sam$/).click();
  await page.said(/^Ended: webshop/);
  await until(async () => (await sam?.run(['show', 'marie']))?.code !== 0, { what: 'it to be over for sam' });
});

it('a daemon that is told to stop ends the page kindly', async () => {
  if (!marie) throw new Error('nobody');
  const page = await dashboardOf(marie);
  page.expect('away');
  await marie.ok(['down']);
  await page.page
    .getByRole('banner')
    .getByText(/^reconnecting/)
    .waitFor();
  await page.main.getByText('teammate-sync up', { exact: true }).waitFor();
});

it('the doctor looks at everything of the machine, in the page as in a terminal', async () => {
  if (!marie) throw new Error('nobody');
  const page = await dashboardOf(marie);
  await page.page.getByRole('link', { name: /^Health/ }).click();
  await page.button('Look at everything').click();
  await page.page.getByText(/^(?:All is well|No problem|\d+ problem)/).waitFor();
  const typed = (await marie.run(['doctor', '--json'])).stdout;
  const { checks } = JSON.parse(typed) as { checks: { id: string; state: string }[] };
  for (const id of ['home', 'disk', 'keys', 'record', 'lock', 'state']) {
    const state = checks.find((check) => check.id === id)?.state;
    const row = page.page.getByRole('listitem').filter({ has: page.page.getByText(id, { exact: true }) });
    expect([id, await row.first().innerText()]).toEqual([id, expect.stringMatching(new RegExp(`^${state}`))]);
  }
});
