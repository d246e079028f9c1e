/** An answer that a model writes, on the page: as it comes, checked, and never more than may be read. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AnsweringApi, citesFirst, location } from '../support/answering-api.ts';
import { type FakeClaude, type Person, reads, sharing } from '../support/world/index.ts';
import type { Desk } from './support/desk.ts';
import { type Stage, useStage } from './support/stage.ts';
import { inView, openTheirs } from './support/turns.ts';

let api: AnsweringApi;
let stage: Stage;
let marie: Person;
let sam: Person;
let claude: FakeClaude;
/** One for each test. */
let project: string;
let projects = 0;

beforeAll(async () => {
  api = await AnsweringApi.start();
});
afterAll(() => api.close());
useStage(async (made) => {
  stage = made;
  marie = await stage.world.person('marie');
  sam = await stage.world.person('sam');
  Object.assign(sam.env, { ANTHROPIC_API_KEY: 'sk-ant-of-nobody', ANTHROPIC_BASE_URL: api.url });
  await sam.restart();
});
beforeEach(async () => {
  project = `webshop-${++projects}`;
  claude = await marie.claude(project);
  const said = ['which database?', 'postgres, because of the json columns'];
  claude.say(...said);
  if (projects === 1) await sharing(marie, claude, said, sam);
  else await marie.share(claude, sam.login);
  await reads(sam, marie, claude, said);
});

/** What waits until it is opened. */
function gated(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Asks in the session that is open, and lets a model write. */
async function ask(desk: Desk): Promise<Locator> {
  const box = desk.main.getByRole('region', { name: /^Ask/ });
  await box.getByRole('textbox').fill('why postgres?');
  await box.getByRole('checkbox', { name: /^Let a model write/ }).check();
  await box.getByRole('button', { name: 'Ask', exact: true }).click();
  return box;
}

describe('what a model writes', () => {
  it('is there as it comes, and each mark leads to its line', async () => {
    const gate = gated();
    const rest = [{ wait: () => gate.opened }, citesFirst, { text: ', and nothing else.' }];
    api.replies = [{ said: [{ text: 'For its json columns' }, ...rest] }];
    const desk = await stage.desk(sam);
    const turns = await openTheirs(desk, project);
    const box = await ask(desk);
    await box.getByText('For its json columns').waitFor();
    expect(await box.getByRole('status').getByText('Writing…').isVisible()).toBe(true);
    expect(await box.getByRole('link', { name: '[1]' }).count()).toBe(0);
    gate.open();
    await box.getByText(', and nothing else.').waitFor();
    await box.getByText('A model wrote this').waitFor();
    await box.getByRole('link', { name: '[1]', exact: true }).click();
    await desk.page.waitForURL(/line=\d+/);
    await inView(turns, Number(/line=(\d+)/.exec(desk.page.url())?.[1]));
    expect(await box.getByRole('link', { name: /^@marie.* · webshop-1 · / }).count()).toBeGreaterThan(0);
  });

  it('is said to have had a citation that does not hold', async () => {
    const false_ = {
      cite: (results: Parameters<typeof location>[0]) => ({ ...location(results, [0, 0, 1]), cited_text: 'mysql' }),
    };
    api.replies = [{ said: [{ text: 'Mysql' }, false_] }];
    const desk = await stage.desk(sam);
    await openTheirs(desk, project);
    const box = await ask(desk);
    await box.getByText(/^1 citation struck/).waitFor();
    expect(await box.getByRole('link', { name: '[1]' }).count()).toBe(0);
  });

  it('gives way to the excerpts when there is none, with the reason', async () => {
    api.replies = [{ status: 401 }];
    const desk = await stage.desk(sam);
    await openTheirs(desk, project);
    const box = await ask(desk);
    await box
      .getByRole('alert')
      .getByText(/^No whole answer of a model/)
      .waitFor();
    await box.getByRole('listitem').filter({ hasText: 'json columns' }).first().waitFor();
  });

  it('goes away with the excerpts when the share ends while it is written', async () => {
    const gate = gated();
    api.replies = [{ said: [{ text: 'For its json columns' }, { wait: () => gate.opened }] }];
    const desk = await stage.desk(sam);
    await openTheirs(desk, project);
    const box = await ask(desk);
    await box.getByText('For its json columns').waitFor();
    const body = { session: claude.session, cwd: claude.cwd, from: [], all: false };
    await marie.client.call('unshare', { body });
    await desk.main
      .getByRole('alert')
      .getByText(/may not be read any more/)
      .waitFor();
    await box.getByText('For its json columns').waitFor({ state: 'detached' });
    expect(await desk.main.getByText('json columns').count()).toBe(0);
    gate.open();
  });
});
