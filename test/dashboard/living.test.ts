/** The page while things happen: nobody loads it again, and it never shows what may not be read any more. */
import { describe, expect, it } from 'vitest';
import { invited, people, type Person, sharedWith } from '../support/world/index.ts';
import { LEASE_MS } from '../../src/protocol/limits.ts';
import { type Stage, useStage } from './support/stage.ts';

let stage: Stage;
useStage((made) => void (stage = made));

describe('without being loaded again the page', () => {
  it('shows what begins, what is shared and what ends', async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const desk = await stage.desk(marie);
    await desk.section('Shared now').getByText('You share nothing').waitFor();
    const claude = await marie.claude('webshop');
    claude.say('one');
    await desk.button(`Share… webshop ${claude.session.slice(0, 8)}`).waitFor();
    await marie.share(claude, sam.login);
    const card = desk.main.getByRole('article', { name: /^webshop/ });
    await card.getByText(`@${sam.login}`).waitFor();
    await card.getByText('invited', { exact: true }).waitFor();
    await sam.accept(marie.login);
    await card.getByText('synced', { exact: true }).waitFor();
    await claude.exit();
    await card.waitFor({ state: 'detached' });
  });

  it('comes back after the daemon was restarted, and acts again', async () => {
    const { marie, sam, claude } = await sharedWith(stage.world);
    const desk = await stage.desk(marie);
    desk.expect('away');
    await desk.main.getByRole('article', { name: /^proj/ }).waitFor();
    await marie.stop();
    await desk.page
      .getByRole('banner')
      .getByText(/^reconnecting/)
      .waitFor();
    // What was known last is still there, and says so.
    await desk.main.getByText(/^The daemon has not answered since/).waitFor();
    await marie.start();
    await desk.live();
    await desk.main.getByRole('article', { name: /^proj/ }).getByText('synced', { exact: true }).waitFor();
    await desk.button(`Revoke proj (${claude.session.slice(0, 8)}) from @${sam.login}`).click();
    await desk.said(/^Ended: proj/);
  });

  it('does nothing, and says so, while the daemon is away', async () => {
    const { marie, sam, claude } = await sharedWith(stage.world);
    const desk = await stage.desk(marie);
    desk.expect('away');
    const revoke = desk.button(`Revoke proj (${claude.session.slice(0, 8)}) from @${sam.login}`);
    await revoke.waitFor();
    await marie.stop();
    await desk.page
      .getByRole('banner')
      .getByText(/^reconnecting/)
      .waitFor();
    await revoke.click();
    const failure = desk.page.getByRole('region', { name: 'Messages' }).getByRole('alert');
    await failure.getByText('DAEMON_NOT_RUNNING').waitFor();
    await marie.start();
    await desk.live();
    // It stays until it was read.
    await failure.getByText('DAEMON_NOT_RUNNING').waitFor();
    expect((await marie.client.call('shared')).sessions).toHaveLength(1);
  });
});

describe('when it is over for the reader', () => {
  it('because the lease runs out while the owner is away, the text goes from the page', async () => {
    const { marie, sam } = await sharedWith(stage.world);
    const desk = await stage.desk(sam);
    await desk.go('Theirs');
    await desk.main.getByRole('link', { name: /proj/ }).first().click();
    const text = desk.main.getByText('one', { exact: true });
    await text.waitFor();
    await marie.stop();
    sam.clock.pass(LEASE_MS);
    await text.waitFor({ state: 'detached' });
    await desk.go('Theirs');
    expect(await desk.main.getByRole('link', { name: /proj/ }).count()).toBe(0);
  });

  it('because the owner takes it back, the text goes from the page', async () => {
    const { marie, sam, claude } = await sharedWith(stage.world);
    const desk = await stage.desk(sam);
    await desk.go('Theirs');
    await desk.main.getByRole('link', { name: /proj/ }).first().click();
    const text = desk.main.getByText('one', { exact: true });
    await text.waitFor();
    claude.say('two', 'three');
    await desk.main.getByText('three', { exact: true }).waitFor();
    const body = { session: claude.session, cwd: claude.cwd, from: [], all: false };
    expect(await desk.main.getByRole('region', { name: /^Ask/ }).count()).toBe(1);
    await marie.client.call('unshare', { body });
    await text.waitFor({ state: 'detached' });
    await desk.main.getByRole('region', { name: /^Ask/ }).waitFor({ state: 'detached' });
    await desk.go('Activity');
    const ended = desk.section('Shares begun and ended').getByRole('listitem').filter({ hasText: 'ended' });
    await ended.filter({ hasText: `@${marie.login}` }).waitFor();
  });
});

describe('an invite', () => {
  it('appears on top of whatever view is open, and goes when it is answered elsewhere', async () => {
    const [marie, sam] = (await people(stage.world, 'marie', 'sam')) as [Person, Person];
    const desk = await stage.desk(sam);
    await desk.go('Health');
    const claude = await marie.claude('webshop');
    await marie.share(claude, sam.login);
    const invite = desk.section('Invites for you');
    await invite.waitFor();
    await invited(sam, marie);
    await sam.accept(marie.login);
    await invite.waitFor({ state: 'detached' });
  });
});
