/** The page without a mouse: everything is reached, seen and done by keys alone. */
import { describe, expect, it } from 'vitest';
import { connected, invited, over, people, type Person } from '../support/world/index.ts';
import { held } from './support/planted.ts';
import { Keyboard } from './support/keyboard.ts';
import { type Stage, useStage } from './support/stage.ts';

let stage: Stage;
useStage((made) => void (stage = made));

describe('by keys alone', () => {
  it('an invite is accepted, what comes is read, and an own share is taken back', async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const maries = await marie.claude('webshop');
    maries.say('why is the login slow?', 'It hashes twice.');
    await marie.share(maries, sam.login);
    await invited(sam, marie);
    const sams = await sam.claude('search');
    sams.say('one');
    const desk = await stage.desk(sam);
    const keys = new Keyboard(desk.page);

    await desk.section('Invites for you').waitFor();
    await keys.enter(new RegExp(`^Accept the invite of @${marie.login}`));
    await desk.dialog(/^Connected with/).waitFor();
    await connected(marie, sam);
    await keys.enter(/^Done$/);
    await desk.dialog(/^Connected with/).waitFor({ state: 'detached' });
    await keys.notLost();

    await held(sam, marie, maries, 2);
    await keys.enter(/^Theirs/);
    await desk.main.getByRole('heading', { level: 1, name: /^Theirs/ }).waitFor();
    await desk.main.getByRole('link', { name: 'webshop', exact: true }).waitFor();
    await keys.enter(/^webshop$/);
    await desk.main.getByText('It hashes twice.').waitFor();

    await sam.share(sams, marie.login);
    await held(marie, sam, sams, 1);
    await keys.enter(/^Mine/);
    await desk.button(/^Revoke search/).waitFor();
    await keys.enter(new RegExp(`^Revoke search .* from @${marie.login}`));
    await over(marie, sam, sams, 'revoked by keys');
    await desk.section('Shared now').getByText('You share nothing').waitFor();
    await keys.notLost();
  });

  it('a dialog is left by Escape, and the focus is back where it was', async () => {
    const [marie] = (await people(stage.world, 'marie')) as [Person];
    const claude = await marie.claude('webshop');
    const desk = await stage.desk(marie);
    const keys = new Keyboard(desk.page);
    const opener = new RegExp(`^Share… webshop ${claude.session.slice(0, 8)}`);
    await desk.button(opener).waitFor();
    await keys.enter(opener);
    await desk.dialog(/^Share a live session/).waitFor();
    await keys.press('Escape');
    await desk.dialog(/^Share a live session/).waitFor({ state: 'detached' });
    expect(await keys.focused()).toMatch(opener);
  });

  it('the content is reached at once', async () => {
    const [marie] = (await people(stage.world, 'marie')) as [Person];
    const desk = await stage.desk(marie);
    const keys = new Keyboard(desk.page);
    await keys.enter(/^Skip to the content/);
    expect(await desk.page.evaluate('document.activeElement.tagName')).toBe('MAIN');
    await desk.go('People');
  });
});
