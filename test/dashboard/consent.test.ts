/** What a person does on the page that gives or takes access: the daemons do it, all of it and nothing more. */
import { describe, expect, it } from 'vitest';
import { connected, invited, nothingLeft, over, people, type Person, reads, sharing } from '../support/world/index.ts';
import { until } from '../support/until.ts';
import type { Desk } from './support/desk.ts';
import { type Stage, useStage } from './support/stage.ts';

let stage: Stage;
useStage((made) => void (stage = made));

async function pair(): Promise<[marie: Person, sam: Person]> {
  return (await people(stage.world, 'marie', 'sam')) as [Person, Person];
}

/** As the page writes it. */
const short = (session: string): string => session.slice(0, 8);

async function recipientsOf(owner: Person, session: string): Promise<string[]> {
  const { sessions } = await owner.client.call('shared');
  return sessions.find((one) => one.session === session)?.recipients.map(({ handle }) => handle) ?? [];
}

/** What the page asked the daemon to do so far. */
function asked(desk: Desk): string[] {
  const acts = desk.window.requests.filter((request) => request.startsWith(`POST ${desk.origin}/v1/`));
  return acts.map((request) => request.replace(desk.origin, ''));
}

describe('an invite that waits', () => {
  it('appears by itself, and is accepted: the safety number is shown, and the session can be read', async () => {
    const [marie, sam] = await pair();
    const desk = await stage.desk(sam);
    const claude = await marie.claude('webshop');
    claude.say('why is the login slow?');
    await marie.client.call('share', {
      body: {
        session: claude.session,
        cwd: claude.cwd,
        to: [sam.login],
        note: 'the login',
        fromNow: false,
        withThinking: false,
      },
    });

    const invite = desk.section('Invites for you');
    await invite.getByText('the login').waitFor();
    expect(await invite.textContent()).toContain(`@${marie.login} (account`);
    await desk.button(`Accept the invite of @${marie.login}`).click();
    const dialog = desk.dialog(/^Connected with/);
    await dialog.getByText(/^(?:\d{5}\s*){12}$/).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await invite.waitFor({ state: 'detached' });
    await connected(marie, sam);
    await reads(sam, marie, claude, ['why is the login slow?']);
  });

  it('is declined: the other one is told, nothing comes, and it can be accepted later', async () => {
    const [marie, sam] = await pair();
    const claude = await marie.claude('webshop');
    claude.say('one');
    await marie.share(claude, sam.login);
    await invited(sam, marie);
    const desk = await stage.desk(sam);
    await desk.button(`Decline the invite of @${marie.login}`).click();
    await desk.said(`Declined the invite of ${marie.login}`);
    await until(async () => (await marie.client.call('connections')).declined.some(({ by }) => by === 'them'), {
      what: 'marie to hear of it',
    });
    await desk.go('People');
    await desk.section('Declined').getByText('declined by you').waitFor();
    expect((await sam.client.call('connections')).accepted).toEqual([]);
    await desk.button(`Accept the invite of @${marie.login}`).click();
    await desk.dialog(/^Connected with/).waitFor();
    await reads(sam, marie, claude, ['one']);
  });
});

describe('sharing', () => {
  it('shows beforehand what they would see, and shares only then, with whom it names', async () => {
    const [marie, sam] = await pair();
    const first = await marie.claude('webshop');
    await sharing(marie, first, [], sam);
    const claude = await marie.claude('payments');
    claude.say(`the key is ghp_${'a1B2'.repeat(9)}`, 'I will not repeat it.');
    const desk = await stage.desk(marie);
    await desk.button(`Share… payments ${short(claude.session)}`).click();
    const dialog = desk.dialog(/^Share a live session/);
    await dialog.getByRole('button', { name: /^Preview.* payments/ }).click();
    const preview = dialog.getByRole('region', { name: 'What they would see' });
    await preview.getByText(/2 turns, 1 masked \(1 github-token\)\. Nothing was shared\./).waitFor();
    await preview.getByText('[redacted:github-token').waitFor();
    expect(await preview.textContent()).not.toContain('a1B2');
    expect(await recipientsOf(marie, claude.session)).toEqual([]);

    // With nobody named there is nothing to press.
    const nobody = dialog.getByRole('button', { name: /^Share payments/ });
    expect(await nobody.getAttribute('aria-disabled')).toBe('true');
    await nobody.click({ force: true });
    await dialog.getByRole('checkbox', { name: new RegExp(`^@\\s*${sam.login}`) }).check();
    expect(await recipientsOf(marie, claude.session)).toEqual([]);
    expect(asked(desk)).toEqual(['POST /v1/preview']);
    await dialog.getByRole('button', { name: new RegExp(`^Share payments .* with ${sam.login}$`) }).click();
    await desk
      .dialog(/^Shared/)
      .getByText(/^Sharing payments/)
      .waitFor();
    await desk
      .dialog(/^Shared/)
      .getByRole('button', { name: 'Done' })
      .click();
    await desk
      .section('Shared now')
      .getByRole('article', { name: /^payments/ })
      .waitFor();
    expect(await recipientsOf(marie, claude.session)).toEqual([sam.login]);
    await until(async () => (await sam.texts(marie.login, claude.session))[1] === 'I will not repeat it.', {
      what: 'sam to read it',
    });
  });

  it('that the daemon refuses is said, and stays until it is dismissed', async () => {
    const [marie] = await pair();
    const claude = await marie.claude('webshop');
    const desk = await stage.desk(marie);
    desk.expect('refusal');
    await desk.button(`Share… webshop ${short(claude.session)}`).click();
    const dialog = desk.dialog(/^Share a live session/);
    await dialog.getByRole('combobox', { name: 'Handle' }).fill('nobody-of-that-name');
    await dialog.getByRole('button', { name: /^Share webshop .* with nobody-of-that-name$/ }).click();
    await dialog
      .getByRole('alert')
      .getByText(/nobody-of-that-name/)
      .first()
      .waitFor();
    expect(await recipientsOf(marie, claude.session)).toEqual([]);
  });
});

describe('taking back', () => {
  it('one recipient: it is over for them, and goes on for the other', async () => {
    const [marie, sam, tom] = (await people(stage.world, 'marie', 'sam', 'tom')) as [Person, Person, Person];
    const claude = await marie.claude('webshop');
    claude.say('one');
    await sharing(marie, claude, ['one'], sam, tom);
    const desk = await stage.desk(marie);
    const who = desk.main.getByRole('list', { name: `Who has webshop (${short(claude.session)})` });
    await desk.button(`Revoke webshop (${short(claude.session)}) from @${sam.login}`).click();
    await desk.said(new RegExp(`Ended: webshop .* for ${sam.login}`));
    await who.getByText(`@${sam.login}`).waitFor({ state: 'detached' });
    await over(sam, marie, claude, 'revoked on the page');
    expect(await recipientsOf(marie, claude.session)).toEqual([tom.login]);
    claude.say('two');
    await until(async () => (await tom.texts(marie.login, claude.session)).length === 2, { what: 'tom to read on' });
    await nothingLeft(sam, claude, [], 'revoked on the page');
  });

  it('a share, and all shares: nobody can read any of them', async () => {
    const [marie, sam] = await pair();
    const claudes = [await marie.claude('webshop'), await marie.claude('payments'), await marie.claude('search')];
    const [webshop, ...others] = claudes;
    if (!webshop) throw new Error('nothing');
    for (const claude of claudes) claude.say('one');
    await sharing(marie, webshop, ['one'], sam);
    for (const claude of others) {
      await marie.share(claude, sam.login);
      await reads(sam, marie, claude, ['one']);
    }
    const desk = await stage.desk(marie);
    await desk.button(`End this share: webshop (${short(webshop.session)})`).click();
    await over(sam, marie, webshop, 'ended on the page');
    await desk.main.getByRole('article', { name: /^webshop/ }).waitFor({ state: 'detached' });
    expect(await sam.texts(marie.login, others[0]?.session)).toEqual(['one']);
    await desk.button('End all shares').click();
    await desk.said('Nothing is shared any more.');
    for (const claude of others) await over(sam, marie, claude, 'all ended on the page');
    expect((await marie.client.call('shared')).sessions).toEqual([]);
    await desk.section('Shared now').getByText('You share nothing').waitFor();
  });

  it('a connection: what either shares with the other is over, and the copies are gone', async () => {
    const [marie, sam] = await pair();
    const claude = await marie.claude('webshop');
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    const desk = await stage.desk(sam);
    await desk.go('People');
    await desk.button(`Disconnect @${marie.login}`).click();
    await desk.said(`No longer connected with ${marie.login}`);
    await desk
      .section('Connected')
      .getByText(/^Nobody yet/)
      .waitFor();
    await nothingLeft(sam, claude, [], 'disconnected on the page');
    await until(async () => (await marie.client.call('shared')).sessions.length === 0, {
      what: 'the share to be over',
    });
    expect((await marie.client.call('connections')).accepted).toEqual([]);
  });
});

describe('a short name for somebody', () => {
  it('is given, means them, stays what it was when another is refused, and is taken back', async () => {
    const [marie, sam] = await pair();
    const claude = await marie.claude('webshop');
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    const desk = await stage.desk(marie);
    await desk.go('People');
    const row = desk
      .section('Connected')
      .getByRole('listitem')
      .filter({ hasText: `@${sam.login}` });
    await desk.button(`Alias of @${sam.login}`).click();
    const dialog = desk.dialog(/^A short name for/);
    await dialog.getByRole('textbox', { name: 'Alias' }).fill('sammy');
    await dialog.getByRole('button', { name: `Save the alias of @${sam.login}` }).click();
    await row.getByText('alias sammy').waitFor();
    expect(await marie.client.call('aliases')).toEqual({ aliases: [{ name: 'sammy', handle: sam.login }] });

    // Somebody's handle cannot be one: that is said where it was tried, until it is read.
    await desk.button(`Alias of @${sam.login}`).click();
    desk.expect('refusal');
    await dialog.getByRole('textbox', { name: 'Alias' }).fill(sam.login);
    await dialog.getByRole('button', { name: `Save the alias of @${sam.login}` }).click();
    await dialog.getByText(/is called that on GitHub/).waitFor();
    expect(await marie.client.call('aliases')).toEqual({ aliases: [{ name: 'sammy', handle: sam.login }] });
    await dialog.getByRole('button', { name: 'Remove the alias sammy' }).click();
    await row.getByText('alias sammy').waitFor({ state: 'detached' });
    expect(await marie.client.call('aliases')).toEqual({ aliases: [] });
  });
});
