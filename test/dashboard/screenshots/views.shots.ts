/**
 * Pictures of every view, light and dark, on a phone and on a wide screen, of two people with daemons and something to
 * see: into `screenshots/`, to be looked at. The two that the README shows are made with them, into docs/images.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Desk, VIEWS } from '../support/desk.ts';
import { plant, type Planted } from '../support/planted.ts';
import { type Stage, useStage } from '../support/stage.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const FOLDER = path.join(ROOT, 'screenshots');
const README_FOLDER = path.join(ROOT, 'docs/images');
/** A README is read over slow lines, too. */
const README_MAX_BYTES = 200_000;
const SCREENS = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
] as const;

let stage: Stage;
let planted: Planted;
useStage(async (made) => {
  stage = made;
  planted = await plant(made.world);
});

/** What is shown in a picture, and how one gets there; it is marie's page where no one else is named. */
const SCENES: Readonly<Record<string, (desk: Desk) => Promise<void>>> = {
  ...Object.fromEntries(VIEWS.map((view) => [view.toLowerCase(), (desk: Desk) => desk.go(view)])),
  async 'as-they-see-it'(desk) {
    await desk.go('Mine');
    await desk.main.getByRole('link', { name: /^As they see it: webshop/ }).click();
    await desk.main.getByText('sign-out everywhere').waitFor();
  },
  async 'theirs-session'(desk) {
    await desk.go('Theirs');
    await desk.main
      .getByRole('link', { name: /search/ })
      .first()
      .click();
    await desk.main.getByText('turns are short anyway').waitFor();
  },
  async reading(desk) {
    await desk.go('Theirs');
    await desk.main.getByRole('link', { name: 'webshop', exact: true }).click();
    const edit = desk.main.getByRole('article').filter({ hasText: 'login.ts' }).first();
    await edit.getByRole('button', { name: /^Open line/ }).click();
    await edit.getByText('bcrypt.hashSync').waitFor();
  },
  async 'share-preview'(desk) {
    await desk.go('Mine');
    await desk.button(/^Share… notes/).click();
    const dialog = desk.dialog(/^Share a live session/);
    await dialog.getByRole('checkbox', { name: /sam/ }).check();
    await dialog.getByRole('button', { name: /^Preview.* notes/ }).click();
    await dialog.getByRole('region', { name: 'What they would see' }).waitFor();
  },
};

/** Scenes on sam's page, who reads along with marie. */
const OF_SAM = new Set(['reading']);

/** Pictures of the README, by scene: how wide they are. */
const IN_README: Readonly<Record<string, { width: number; height: number; dark: boolean }>> = {
  mine: { width: 1100, height: 720, dark: false },
  reading: { width: 1100, height: 720, dark: true },
};

it.each(Object.entries(SCENES))('%s', async (name, enter) => {
  fs.mkdirSync(FOLDER, { recursive: true });
  const desk = await stage.desk(OF_SAM.has(name) ? planted.sam : planted.marie, SCREENS[0]);
  await enter(desk);
  for (const screen of SCREENS) {
    for (const dark of [false, true]) {
      await show(desk, { ...screen, dark });
      const file = path.join(FOLDER, `${name}-${screen.width}-${dark ? 'dark' : 'light'}.png`);
      await desk.page.screenshot({ path: file, fullPage: !(await desk.page.getByRole('dialog').isVisible()) });
    }
  }
  const kept = IN_README[name];
  if (!kept) return;
  await show(desk, kept);
  fs.mkdirSync(README_FOLDER, { recursive: true });
  const file = path.join(README_FOLDER, `dashboard-${name}.png`);
  await desk.page.screenshot({ path: file });
  expect(fs.statSync(file).size).toBeLessThan(README_MAX_BYTES);
});

it('nothing is there yet', async () => {
  const empty = await stage.world.person('newcomer');
  const desk = await stage.desk(empty);
  for (const view of VIEWS) {
    await desk.go(view);
    await desk.page.screenshot({ path: path.join(FOLDER, `empty-${view.toLowerCase()}.png`), fullPage: true });
  }
});

async function show(desk: Desk, how: { width: number; height: number; dark: boolean }): Promise<void> {
  const { width, height, dark } = how;
  await desk.page.setViewportSize({ width, height });
  await desk.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
}
