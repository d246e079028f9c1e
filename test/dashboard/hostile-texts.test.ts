/** Text that others wrote, in every place of the page where it goes: it is text there, and nothing else. */
import { describe, expect, it } from 'vitest';
import { type FakeClaude, invited, people, type Person } from '../support/world/index.ts';
import { until } from '../support/until.ts';
import { type Desk, type View, VIEWS } from './support/desk.ts';
import { HOSTILE_NAMES, HOSTILE_TEXTS } from './support/hostile-texts.ts';
import { held } from './support/planted.ts';
import { type Stage, useStage } from './support/stage.ts';

const WIDTHS = [360, 1280] as const;
const LAST = 'the last line of all that was planted';

let stage: Stage;
useStage((made) => void (stage = made));

/** Says every hostile text, in every part of a turn that can hold one. */
function sayHostile(claude: FakeClaude): void {
  claude.write((writer) => {
    writer.title(HOSTILE_NAMES[0] ?? '');
    for (const [i, text] of HOSTILE_TEXTS.entries()) {
      const name = HOSTILE_NAMES[i % HOSTILE_NAMES.length] ?? '';
      writer.prompt(text);
      writer.reply(text);
      writer.tool(`t${i}`, i % 3 === 0 ? name : 'Bash', { command: text, [name]: text }, text);
      writer.tool(`e${i}`, 'Edit', { file_path: text, old_string: text, new_string: `${text}.` }, 'done');
    }
    writer.reply(LAST);
  });
}

/** Nothing ran, nothing was asked for, nothing stands beside the screen, and the page still does its work. */
async function unharmed(desk: Desk, where: string): Promise<void> {
  expect(await desk.window.owned(), where).toBe(false);
  expect(desk.faults(), where).toEqual([]);
  for (const width of WIDTHS) {
    await desk.page.setViewportSize({ width, height: 800 });
    expect(await desk.window.sideways(), `${where} at ${width}`).toBe(0);
    const header = await desk.page.getByRole('navigation', { name: 'Views' }).boundingBox();
    expect(header?.y, `${where} at ${width}`).toBeGreaterThanOrEqual(0);
  }
}

async function goAround(desk: Desk, views: readonly View[] = VIEWS): Promise<void> {
  for (const view of views) {
    await desk.go(view);
    await unharmed(desk, view);
  }
}

describe('hostile text', () => {
  it('in invites, titles, projects and transcripts is text to who reads', async () => {
    const [mallory, sam] = (await people(stage.world, 'mallory', 'sam')) as [Person, Person];
    const claude = await mallory.claude(HOSTILE_NAMES[0]);
    sayHostile(claude);
    const desk = await stage.desk(sam);
    const body = { session: claude.session, cwd: claude.cwd, to: [sam.login], fromNow: false, withThinking: false };
    await mallory.client.call('share', { body: { ...body, note: HOSTILE_NAMES[1] ?? '' } });
    await invited(sam, mallory);
    await desk
      .section('Invites for you')
      .getByText(HOSTILE_NAMES[1] ?? '')
      .waitFor();
    await goAround(desk);
    await sam.accept(mallory.login);
    await held(sam, mallory, claude, HOSTILE_TEXTS.length);
    await goAround(desk);

    await desk.go('Theirs');
    await desk.main
      .getByRole('link', { name: /onerror/ })
      .first()
      .click();
    await desk.main.getByText(LAST).waitFor();
    await throughAll(desk);

    const ask = desk.main.getByRole('region', { name: /^Ask/ });
    await ask.getByRole('textbox').fill('script onerror alert fetch stolen');
    await ask.getByRole('button', { name: 'Ask', exact: true }).click();
    await ask.getByRole('listitem').first().waitFor();
    await unharmed(desk, 'the answer');
  });

  it("of one's own sessions is text in what one shares, in the preview, and as they see it", async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const claude = await marie.claude(HOSTILE_NAMES[1]);
    sayHostile(claude);
    const desk = await stage.desk(marie);
    await desk.button(/^Share… /).click();
    const dialog = desk.dialog(/^Share a live session/);
    await dialog.getByRole('button', { name: /^Preview/ }).click();
    await dialog.getByRole('region', { name: 'What they would see' }).getByText(LAST).waitFor();
    await unharmed(desk, 'the preview');
    await desk.page.keyboard.press('Escape');

    await marie.share(claude, sam.login);
    await desk.main.getByRole('article').waitFor();
    await goAround(desk);
    await desk.go('Mine');
    await desk.main.getByRole('link', { name: /^As they see it/ }).click();
    await desk.main.getByText(LAST).waitFor();
    await throughAll(desk);
  });
});

/** Page by page, from the end of a long session to its beginning. */
async function throughAll(desk: Desk): Promise<void> {
  const seen = new Set<string>();
  const turns = desk.main.getByRole('feed');
  await turns.focus();
  await until(
    async () => {
      await unharmed(desk, 'the session');
      // Tools are folded until somebody opens them.
      for (const name of [/^Open line/, /^Raw line/]) {
        await turns
          .getByRole('button', { name })
          .first()
          .click({ timeout: 500 })
          .catch(() => {});
      }
      for (const text of await turns.getByRole('article').allTextContents()) seen.add(text);
      await desk.page.keyboard.press('PageUp');
      return [...seen].some((text) => text.includes(HOSTILE_TEXTS[0] ?? ''));
    },
    { what: 'the first of all turns' },
  );
}
