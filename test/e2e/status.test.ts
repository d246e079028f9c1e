/** What the user is told is what is: leases, who is there, and what is lost by going. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LEASE_MS } from '../../src/protocol/limits.ts';
import type { Shared, SharedRecipient, Status } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { invited, type Person, people, sharing, sharedWith, World, pass } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

const MINUTE = 60_000;
const status = (of: Person): Promise<Status> => of.client.call('status');
const shared = (of: Person): Promise<Shared> => of.client.call('shared');

async function recipient(of: Person): Promise<SharedRecipient> {
  const found = (await shared(of)).sessions[0]?.recipients[0];
  if (!found) throw new Error('nobody');
  return found;
}

/** Milliseconds from the owner's now to a time, or null. */
const left = (of: Person, time: string | null): number | null =>
  time === null ? null : Date.parse(time) - of.clock.now();

/** Both clocks at once: time passes everywhere. */
describe('the owner', () => {
  it('sees the end of the lease that the recipient really has, also once it is out of reach, and over a restart', async () => {
    const { marie, sam } = await sharedWith(world);
    const granted = (await recipient(marie)).leaseUntil;
    expect(Math.abs((left(marie, granted) ?? 0) - LEASE_MS)).toBeLessThan(MINUTE);
    await until(async () => (await recipient(marie)).state === 'synced', { what: 'his machine to say what it has' });
    expect(await recipient(marie)).toMatchObject({ fetched: 1, of: 1 });

    // Nothing was renewed meanwhile: the lease is what it was, not an hour from now.
    pass(15 * MINUTE, marie, sam);
    expect((await recipient(marie)).leaseUntil).toBe(granted);
    await sam.stop();
    const gone = await until(async () => {
      const now = await recipient(marie);
      return now.state === 'offline' ? now : null;
    });
    expect(gone).toMatchObject({ state: 'offline', fetched: 1, of: 1, leaseUntil: granted });

    // His own daemon says the same, to the second that a grant is dated with.
    await marie.restart();
    expect((await recipient(marie)).leaseUntil).toBe(granted);
    marie.clock.pass(46 * MINUTE);
    expect(await recipient(marie)).toMatchObject({ state: 'offline', leaseUntil: null });
  });

  it('sees it move when the lease is renewed', async () => {
    const { marie, sam } = await sharedWith(world);
    const granted = (await recipient(marie)).leaseUntil;
    pass(21 * MINUTE, marie, sam);
    const renewed = await until(async () => {
      const { leaseUntil } = await recipient(marie);
      return leaseUntil === granted ? null : leaseUntil;
    });
    expect(Math.abs((left(marie, renewed) ?? 0) - LEASE_MS)).toBeLessThan(2 * MINUTE);
    // What he is told agrees with what she thinks of him.
    await until(async () => {
      const held = (await status(sam)).readable[0]?.leaseUntil ?? '';
      return Math.abs(Date.parse(held) - Date.parse(renewed ?? '')) < MINUTE;
    });
  });

  it('sees who keeps a share that ended without their having heard it, until they have', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const { leaseUntil } = await recipient(marie);
    await sam.stop();
    await until(async () => (await recipient(marie)).state === 'offline');
    await marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
    const unheard = [{ session: claude.session, handle: sam.login, until: leaseUntil }];
    expect((await shared(marie)).unheardEnds).toEqual(unheard);
    expect((await status(marie)).unheardEnds).toEqual(unheard);
    await sam.start();
    await until(async () => (await shared(marie)).unheardEnds.length === 0, { what: 'the end to be heard' });
  });
});

describe('status', () => {
  it('names who is there and who is not, since when, and what is shared both ways', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    const before = marie.clock.now();
    const [person] = (await status(marie)).people;
    expect(person).toMatchObject({ handle: sam.login, online: true });
    expect(Date.parse(person?.since ?? '')).toBeLessThanOrEqual(before);
    await until(async () => (await recipient(marie)).state === 'synced');
    expect((await status(marie)).shares).toMatchObject([
      { session: claude.session, project: 'proj', read: 1, recipients: [{ handle: sam.login, state: 'synced' }] },
    ]);
    const [read] = (await status(sam)).readable;
    expect(read).toMatchObject({
      handle: marie.login,
      session: claude.session,
      project: 'proj',
      state: 'live',
      turns: 1,
    });

    pass(5 * MINUTE, marie, sam);
    await marie.stop();
    const gone = await until(async () => (await status(sam)).people.find((p) => !p.online));
    expect(sam.clock.now() - Date.parse(gone?.since ?? '')).toBeLessThan(5 * MINUTE);
    expect((await status(sam)).readable).toMatchObject([{ handle: marie.login, state: 'offline' }]);
    await sam.restart();
    expect((await status(sam)).people).toMatchObject([{ handle: marie.login, online: false, since: null }]);
    expect((await status(sam)).readable).toMatchObject([{ handle: marie.login, state: 'waiting', project: '' }]);
  });

  it('says when GitHub answered last, when it does not, and when the DHT has answered', async () => {
    const [marie] = await people(world, 'marie');
    if (!marie) return;
    await until(async () => (await status(marie)).network?.state === 'online', { what: 'a DHT node to answer' });
    await until(async () => (await status(marie)).github?.answeredAt, { what: 'GitHub to answer' });
    const { network, github } = await status(marie);
    expect(Math.abs(marie.clock.now() - Date.parse(network?.answeredAt ?? ''))).toBeLessThan(MINUTE);
    expect(github).toMatchObject({ host: '127.0.0.1', failedAt: null, failure: null });
    expect(Math.abs(marie.clock.now() - Date.parse(github?.answeredAt ?? ''))).toBeLessThan(MINUTE);
    world.github.addFault({ reset: true, times: null });
    onTestFinished(() => world.github.clearFaults());
    pass(MINUTE, marie);
    const failed = await until(async () => {
      const now = (await status(marie)).github;
      return now?.failure ? now : null;
    });
    if (!failed) throw new Error('GitHub never failed');
    expect(failed.failure).toContain('GitHub cannot be reached');
    expect(Date.parse(failed.failedAt ?? '')).toBeGreaterThan(Date.parse(failed.answeredAt ?? ''));
  });

  it('shows the invite that waits, with what it is about', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude('webshop');
    claude.say('one');
    await marie.share(claude, sam.login);
    const invites = await until(async () => {
      const now = await status(sam);
      return now.invites.length === 1 ? now.invites : null;
    });
    expect(invites).toMatchObject([{ handle: marie.login, project: 'webshop' }]);
    expect((await recipient(marie)).leaseUntil).toBe(null);
    await sharing(marie, claude, ['one'], sam);
    expect((await status(sam)).invites).toEqual([]);
  });

  it('says how much of a long transcript is read and fetched, and in the end that it is all', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude('long');
    const words = 'the index of the login table is missing. '.repeat(1600);
    claude.say(...Array.from({ length: 128 }, (_, i) => `${i} ${words}`));
    const share = marie.share(claude, sam.login);
    const seen: number[] = [];
    let over = false;
    await until(async () => {
      const read = (await status(marie)).shares[0]?.read;
      if (read !== undefined) seen.push(read);
      over ||= read === 1;
      return over;
    });
    expect(seen.some((read) => read > 0 && read < 1)).toBe(true);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await share;
    await invited(sam, marie);
    await sam.accept(marie.login);
    await until(async () => (await recipient(marie)).state === 'synced');
    expect(await recipient(marie)).toMatchObject({ fetched: 128, of: 128 });
    expect((await status(sam)).readable).toMatchObject([{ turns: 128, fetched: 128 }]);
  });
});
