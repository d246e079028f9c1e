/** What teammates share, read on the page: as a conversation, searched, asked, live; and one's own, as they see it. */
import { describe, expect, it } from 'vitest';
import { people, type Person, sharing } from '../support/world/index.ts';
import { until } from '../support/until.ts';
import { held, plant, type Planted, SECRET } from './support/planted.ts';
import { type Stage, useStage } from './support/stage.ts';
import { inView, openTheirs } from './support/turns.ts';

let stage: Stage;
let planted: Planted;
useStage(async (made) => {
  stage = made;
  planted = await plant(made.world);
});

describe('a session of theirs', () => {
  it('is a conversation: who says what, tools folded, changes as changes, and raw on demand', async () => {
    const desk = await stage.desk(planted.sam);
    const turns = await openTheirs(desk, 'webshop');
    await turns.getByText('Why is the login slow? It takes three seconds since Tuesday.').waitFor();
    const edit = turns.getByRole('article').filter({ hasText: 'login.ts' }).first();
    const fold = edit.getByRole('button', { name: /^Open line/ });
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await edit.getByText('bcrypt.hashSync').count()).toBe(0);
    await fold.click();
    await edit.getByText(/^- const hash = bcrypt\.hashSync/).waitFor();
    await edit.getByText(/^\+ const hash = await bcrypt\.hash/).waitFor();
    await edit.getByRole('button', { name: /^Raw line/ }).click();
    await edit.getByText('"file_path"').waitFor();
  });

  it('goes on by itself, in view when the end is', async () => {
    const desk = await stage.desk(planted.marie);
    const turns = await openTheirs(desk, 'search');
    await turns.getByText('because turns are short anyway').waitFor();
    planted.samsSession.say('And after that?', 'We measure again.');
    await turns.getByText('We measure again.').waitFor();
    expect(await turns.getByText('We measure again.').isVisible()).toBe(true);
  });

  it('is there again when the page is loaded again', async () => {
    const desk = await stage.desk(planted.sam);
    await (await openTheirs(desk, 'webshop')).getByRole('article').first().waitFor();
    await desk.page.reload();
    await desk.live();
    await desk.main.getByRole('feed', { name: 'Turns' }).getByRole('article').first().waitFor();
    expect(await desk.main.getByText('may not be read any more').count()).toBe(0);
  });

  it('is searched: each place is gone to', async () => {
    const desk = await stage.desk(planted.sam);
    const turns = await openTheirs(desk, 'webshop');
    await turns.getByRole('article').first().waitFor();
    await desk.page.keyboard.press('/');
    await desk.page.keyboard.type('bcrypt');
    await desk.page.keyboard.press('Enter');
    const search = desk.main.getByRole('search');
    await search.getByText(/^1 of \d+ places: line \d+/).waitFor();
    await desk.page.keyboard.press('Enter');
    const said = await search.getByText(/^2 of \d+ places: line \d+/).textContent();
    const line = Number(/line (\d+)/.exec(said ?? '')?.[1]);
    await inView(turns, line);
    // Open, whatever it is, and the words are marked.
    const row = turns.getByRole('article', { name: `Line ${line}`, exact: true });
    await row.getByRole('button', { name: /^Open line/ }).waitFor({ state: 'detached' });
    const marked = (): Promise<string[]> =>
      desk.page.evaluate("[...(CSS.highlights.get('found') ?? [])].map((range) => `${range}`.toLowerCase())");
    await until(async () => [...new Set(await marked())].join() === 'bcrypt', { what: 'the words to be marked' });
    // Of other words nothing is known yet, and nothing is said.
    await search.getByRole('searchbox').press('x');
    await search.getByText(/places/).waitFor({ state: 'detached', timeout: 5000 });
    await until(async () => (await marked()).length === 0, { what: 'the marks to go' });
  });

  it('answers a question, and a citation leads to its line', async () => {
    const desk = await stage.desk(planted.sam);
    const turns = await openTheirs(desk, 'webshop');
    const ask = desk.main.getByRole('region', { name: /^Ask/ });
    await ask.getByRole('textbox').fill('what did we decide about the schema?');
    await ask.getByRole('button', { name: 'Ask', exact: true }).click();
    const excerpt = ask.getByRole('listitem').filter({ hasText: 'sign-out everywhere' }).first();
    await excerpt.waitFor();
    const citation = excerpt.getByRole('link', { name: /webshop/ });
    await citation.click();
    await until(() => /line=\d+/.test(desk.page.url()), { what: 'the address of the line', timeoutMs: 5000 });
    await inView(turns, Number(/line=(\d+)/.exec(desk.page.url())?.[1]));
  });

  it('that was read is told to its owner: lines, never the question', async () => {
    const desk = await stage.desk(planted.marie);
    await desk.go('Activity');
    const read = desk.section('Read by others');
    await read.getByText('with dashboard').first().waitFor();
    expect(await read.textContent()).not.toContain('schema');
  });
});

describe('one of many thousand lines', () => {
  it('has only what is seen in the page, whole from its beginning to its end', async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const claude = await marie.claude('long');
    const lines = Array.from({ length: 4000 }, (_, i) => `said as number ${i + 1}.`);
    claude.say(...lines);
    await marie.share(claude, sam.login);
    await until(async () => (await sam.client.call('connections')).pendingIn.length > 0, { what: 'the invite' });
    await sam.accept(marie.login);
    await held(sam, marie, claude, lines.length);
    const desk = await stage.desk(sam);
    const turns = await openTheirs(desk, 'long');
    await turns.getByText('said as number 4000.').waitFor();
    await turns.focus();
    await desk.page.keyboard.press('Home');
    await turns.getByText('said as number 1.', { exact: true }).waitFor();
    expect(await turns.getByRole('article').count()).toBeLessThan(200);
    await desk.page.goto(`${desk.page.url().replace(/\?.*/, '')}?line=2500`);
    await inView(turns, 2500);
    await turns.getByText('said as number 2500.', { exact: true }).waitFor();
    // What its owner hears of: the lines that were on the screen and a few around them.
    const read = async (): Promise<{ from: number; to: number }[]> =>
      (await marie.client.call('activity')).entries.flatMap(({ session, ranges }) =>
        session === claude.session ? ranges : [],
      );
    const isRead = (line: number, ranges: { from: number; to: number }[]): boolean =>
      ranges.some(({ from, to }) => from <= line && line <= to);
    await until(async () => isRead(2500, await read()), { what: 'the receipt of line 2500' });
    const ranges = await read();
    expect([1, 2500, 4000].map((line) => isRead(line, ranges))).toEqual([true, true, true]);
    expect(ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBeLessThan(300);
  });
});

describe('one of mine', () => {
  it('is, as they see it, with every mask and its kind, without the secret, and without a trace', async () => {
    const desk = await stage.desk(planted.marie);
    await desk.main.getByRole('link', { name: /^As they see it: webshop/ }).click();
    const turns = desk.main.getByRole('feed', { name: 'Turns' });
    const mask = turns.getByTitle(/masked before it was shared: github-token/);
    await mask.waitFor();
    expect(await mask.textContent()).toMatch(/^\[redacted:github-token:[0-9a-f]{4}\]$/);
    expect(await desk.page.content()).not.toContain(SECRET);
    const { entries } = await planted.marie.client.call('activity');
    expect(entries.filter(({ handle }) => handle === 'marie')).toEqual([]);
  });

  it('is, as each of them sees it, what each has, and is searched like that', async () => {
    const [marie, sam, lea] = (await people(stage.world, 'marie', 'sam', 'lea')) as [Person, Person, Person];
    const claude = await marie.claude('webshop');
    claude.say('the early plan', 'and answered');
    await sharing(marie, claude, ['the early plan', 'and answered'], sam);
    const body = { session: claude.session, cwd: claude.cwd, to: [lea.login], note: null };
    await marie.client.call('share', { body: { ...body, fromNow: true, withThinking: false } });
    await lea.accept(marie.login);
    claude.say('the late plan');
    const desk = await stage.desk(marie);
    await desk.main.getByRole('link', { name: /^As they see it: webshop/ }).click();
    const turns = desk.main.getByRole('feed', { name: 'Turns' });
    await turns.getByText('the early plan').waitFor();
    const seenAs = desk.main.getByRole('navigation', { name: 'Seen as' });
    await seenAs.getByRole('link', { name: `@${lea.login}, from a later line on` }).click();
    await turns.getByText('the late plan').waitFor();
    expect(await turns.getByText('the early plan').count()).toBe(0);
    const search = desk.main.getByRole('search');
    await search.getByRole('searchbox').fill('plan');
    await search.getByRole('button', { name: 'Find' }).click();
    await search.getByText(/^1 of 1 place: line \d+/).waitFor();
    await seenAs.getByRole('link', { name: `@${sam.login}` }).click();
    await turns.getByText('the early plan').waitFor();
    await search.getByRole('searchbox').fill('plan');
    await search.getByRole('button', { name: 'Find' }).click();
    await search.getByText(/^1 of 2 places: line \d+/).waitFor();
    // Somebody who has it no more.
    await marie.client.call('unshare', {
      body: { session: claude.session, cwd: claude.cwd, from: [sam.login], all: false },
    });
    await desk.main.getByRole('alert').getByText(`no longer shared with ${sam.login}`).waitFor();
    expect(await desk.main.getByText('the early plan').count()).toBe(0);
  });

  it('is, as they see it, what they have: no word more, and it goes on', async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const claude = await marie.claude('webshop');
    claude.say('said before', 'and answered');
    await sharing(marie, claude, ['said before', 'and answered'], sam);
    const desk = await stage.desk(marie);
    await desk.main.getByRole('link', { name: /^As they see it: webshop/ }).click();
    const turns = desk.main.getByRole('feed', { name: 'Turns' });
    await turns.getByText('and answered').waitFor();
    claude.say('said later');
    await turns.getByText('said later').waitFor();
    await until(async () => (await sam.texts(marie.login, claude.session)).includes('said later'), {
      what: 'sam to have it',
    });
  });
});
