import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STATE_GRANTS_PER_FRAME } from '../../src/protocol/limits.ts';
import { codeOf } from '../identity/support.ts';
import { b64of, SESSION } from '../protocol/samples.ts';
import { RecordedLink } from '../support/recorded-link.ts';
import { until } from '../support/until.ts';
import { Rig } from './support.ts';

const MINUTE = 60_000;

/** A link that is closed already: grants are taken, nothing is fetched. */
function away(rig: Rig): RecordedLink {
  const link = new RecordedLink(rig.owner.uid, rig.owner.signKey);
  link.closed = true;
  return link;
}
const folders = (rig: Rig): string[] => fs.readdirSync(rig.folder).filter((name) => name !== 'inbox.json');
const sessions = (rig: Rig): number[] => rig.inbox.of(1001).map((h) => h.replica.grant.gen);

async function held(): Promise<{ rig: Rig; link: RecordedLink; gids: string[] }> {
  const rig = new Rig();
  await rig.inbox.start();
  const link = away(rig);
  const grants = [rig.grant({ gen: 1 }), rig.grant({ gen: 2 })];
  for (const grant of grants) rig.inbox.granted(link, grant);
  return { rig, link, gids: grants.map((g) => g.gid) };
}
const gone = (rig: Rig): Promise<unknown> =>
  until(() => folders(rig).length === 0 && rig.inbox.waiting(1001).length === 0, { what: 'the wipe' });

describe('what is held', () => {
  it('ends when it is no longer listed', async () => {
    const { rig, link, gids } = await held();
    rig.inbox.stated(link, { grants: gids.slice(1), first: true, last: true });
    expect([sessions(rig), rig.events]).toEqual([[2], []]);
    rig.inbox.stated(link, { grants: [], first: true, last: true });
    expect([sessions(rig), rig.events]).toEqual([[], ['ended 1001 0a6afc57: no longer shared']]);
    await gone(rig);
  });

  it('stays until a list in pieces is whole', async () => {
    const { rig, link, gids } = await held();
    rig.inbox.stated(link, { grants: [gids[0] ?? ''], first: true, last: false });
    expect(sessions(rig)).toEqual([1, 2]);
    rig.inbox.stated(link, { grants: [gids[1] ?? ''], first: false, last: true });
    expect(sessions(rig)).toEqual([1, 2]);
    // A new list forgets an unfinished one.
    rig.inbox.stated(link, { grants: gids, first: true, last: false });
    rig.inbox.stated(link, { grants: [], first: true, last: true });
    expect(sessions(rig)).toEqual([]);
  });

  it('ends with an end, and an older grant does not bring it back', async () => {
    const { rig, link } = await held();
    const old = rig.grant({ gen: 3 });
    rig.inbox.ended(rig.end());
    expect([sessions(rig), rig.events]).toEqual([[], ['ended 1001 0a6afc57: unshared']]);
    expect(codeOf(() => rig.inbox.granted(link, old))).toBe('STATEMENT_REPLAYED');
    rig.inbox.granted(link, rig.grant({ gen: 4 }));
    expect(sessions(rig)).toEqual([4]);
    await rig.inbox.stop();
  });

  it('is not ended by an end that is older than its grant, nor by that of another session', async () => {
    const { rig, link } = await held();
    const before = rig.end();
    const { core, key } = rig.inbox.of(1001)[0]?.replica.grant ?? {};
    rig.inbox.granted(link, rig.grant({ gen: 1, core: core ?? '', key: key ?? '' }));
    rig.inbox.ended(before);
    expect(sessions(rig)).toEqual([1]);
    rig.inbox.ended(rig.end('11111111-2f31-4cb4-8ff0-01247f50c64c'));
    expect(sessions(rig)).toEqual([1]);
  });

  it('ends when its lease runs out, and lives on when it is renewed', async () => {
    const { rig, link, gids } = await held();
    rig.clock.pass(50 * MINUTE);
    rig.inbox.renewed(link, rig.lease(gids.slice(0, 1)));
    rig.clock.pass(10 * MINUTE);
    rig.inbox.sweep();
    expect([sessions(rig), rig.events]).toEqual([[1], []]);
    rig.clock.pass(50 * MINUTE);
    rig.inbox.sweep();
    expect([sessions(rig), rig.events]).toEqual([[], ['ended 1001 0a6afc57: the lease ran out']]);
    await gone(rig);
  });

  it('is not lengthened by a lease for more than a day, an older one, or one of another device', async () => {
    const { rig, link, gids } = await held();
    const old = rig.lease(gids);
    rig.inbox.renewed(link, rig.lease(gids));
    const leases = rig.inbox.of(1001).map((h) => h.lease.untilWall);
    rig.clock.pass(30 * MINUTE);
    expect(codeOf(() => rig.inbox.renewed(link, rig.lease(gids, 86_401)))).toBe('GRANT_MISMATCH');
    rig.inbox.renewed(link, { ...old, exp: old.exp + 3600, iat: old.iat + 1800 });
    const laptop = new RecordedLink(rig.owner.uid, b64of(32, 50));
    rig.inbox.renewed(laptop, rig.lease(gids));
    expect(rig.inbox.of(1001).map((h) => h.lease.untilWall)).toEqual(leases);
    expect(laptop.bodies('need')).toEqual([{ gids }]);
  });

  it('ends at once when trust does, and answers when nothing is left', async () => {
    const { rig } = await held();
    expect(await rig.inbox.wipePerson(1001, 'disconnected')).toEqual([SESSION]);
    expect([sessions(rig), folders(rig), rig.inbox.waiting(1001)]).toEqual([[], [], []]);
    expect(await rig.inbox.wipePerson(1001, 'disconnected')).toEqual([]);
  });

  it('of one device of a person is not ended by the list of another', async () => {
    const { rig } = await held();
    const laptop = new RecordedLink(rig.owner.uid, b64of(32, 50));
    rig.inbox.stated(laptop, { grants: [], first: true, last: true });
    expect(sessions(rig)).toEqual([1, 2]);
  });
});

describe('after a restart', () => {
  it('nothing can be read until it is granted again, and it is said what waits', async () => {
    const { rig } = await held();
    await rig.restart();
    expect([sessions(rig), rig.inbox.waiting(1001).map((r) => r.gen)]).toEqual([[], [1, 2]]);
  });

  it('what ran out meanwhile, or the clock was set back before, is gone before anything else', async () => {
    for (const change of [
      (rig: Rig) => rig.clock.pass(61 * MINUTE),
      (rig: Rig) => rig.clock.setWall(rig.clock.now() - 10 * MINUTE),
    ]) {
      const { rig } = await held();
      await rig.inbox.stop();
      change(rig);
      await rig.restart();
      expect([rig.inbox.waiting(1001), folders(rig)]).toEqual([[], []]);
    }
  });

  it('an end that comes first wipes what waits, and says so', async () => {
    const { rig } = await held();
    await rig.restart();
    rig.inbox.ended(rig.end());
    await gone(rig);
    expect(rig.events).toEqual(['ended 1001 0a6afc57: unshared']);
  });
});

describe('asking again', () => {
  it('is for what is listed and not here, in frames that the owner takes', async () => {
    const rig = new Rig();
    await rig.inbox.start();
    const link = away(rig);
    const all = Array.from({ length: 300 }, (_, i) => Buffer.alloc(16, `${i}x`).toString('base64url'));
    const gids = [...new Set(all)];
    expect(gids.length).toBeGreaterThan(STATE_GRANTS_PER_FRAME);
    rig.inbox.stated(link, { grants: gids.slice(0, 200), first: true, last: false });
    rig.inbox.stated(link, { grants: gids.slice(200), first: false, last: true });
    const needs = link.bodies('need');
    expect(needs.map((n) => n.gids.length)).toEqual([STATE_GRANTS_PER_FRAME, gids.length - STATE_GRANTS_PER_FRAME]);
    expect(needs.flatMap((n) => n.gids)).toEqual(gids);
  });

  it('is for nothing of somebody we are not connected with', async () => {
    const rig = new Rig();
    rig.consented = [];
    const link = away(rig);
    rig.inbox.stated(link, { grants: [b64of(16)], first: true, last: true });
    expect(link.sent).toEqual([]);
    expect(codeOf(() => rig.inbox.granted(link, rig.grant()))).toBe('GRANT_NOT_CONNECTED');
    expect([sessions(rig), folders(rig)]).toEqual([[], []]);
  });

  it('a list without end is refused', () => {
    const rig = new Rig();
    const link = away(rig);
    const piece = (n: number) => ({
      grants: Array.from({ length: 256 }, (_, i) => Buffer.from(`${n} ${i}`.padEnd(16)).toString('base64url')),
      first: n === 0,
      last: false,
    });
    let code = 'taken';
    for (let n = 0; n < 300 && code === 'taken'; n++) code = codeOf(() => rig.inbox.stated(link, piece(n)));
    expect(code).toBe('FRAME_TOO_LARGE');
  });
});

describe('at a start', () => {
  it('nothing waits of somebody with whom consent had ended when the wiping was cut short', async () => {
    const { rig } = await held();
    await rig.inbox.stop();
    rig.consented = [];
    await rig.restart();
    expect([folders(rig), rig.inbox.waiting(1001)]).toEqual([[], []]);
  });
});
