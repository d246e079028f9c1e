/** Lost, late and repeated messages heal by themselves, on a line that stays up, without a new connection. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith } from '../support/disk.ts';
import { until } from '../support/until.ts';
import { EPOCH_MS, EPOCH_OVERLAP_MS, LEASE_RENEW_MS } from '../../src/protocol/limits.ts';
import type { ControlFrame } from '../../src/protocol/control.ts';
import { type Fault, FrameFaults, invited, linked, people, reads, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

const WHOLE: readonly ControlFrame[] = ['statement', 'grants', 'state', 'ack', 'need', 'head', 'progress'];

const FAULTS: [string, readonly ControlFrame[], Fault][] = [
  ...WHOLE.flatMap((frame) =>
    (['lose', 'late'] as const).map((fault): [string, ControlFrame[], Fault] => [`${frame}: ${fault}`, [frame], fault]),
  ),
  ['everything twice', WHOLE, 'twice'],
  ['everything that grants', ['grants', 'state', 'head', 'need'], 'lose'],
  ['everything that ends', ['statement', 'state'], 'lose'],
];

it('each kind, for an invite, an accept, a grant, a line and an end', async () => {
  const [marie, sam] = await people(world, 'marie', 'sam');
  if (!marie || !sam) return;
  // Far from the edge of a day, at which every line is handed over to another.
  const morning = Math.floor(marie.clock.now() / EPOCH_MS) * EPOCH_MS + EPOCH_OVERLAP_MS + 60_000;
  for (const person of [marie, sam]) {
    await person.stop();
    person.clock.setWall(morning);
  }
  await Promise.all([marie.start(), sam.start()]);
  await linked(marie, sam);
  /** One renewal of leases later: by then all that was lost is said again, and nothing has run out yet. */
  const renewed = async (what: string, done: () => unknown): Promise<void> => {
    for (const { clock } of [marie, sam]) clock.pass(LEASE_RENEW_MS + 1000);
    await until(done, { what });
  };
  const hits = new Map<string, boolean>();
  const listeners = marie.rooms.swarm.listenerCount('open');
  for (const [name, frames, fault] of FAULTS) {
    const claude = await marie.claude(name.replaceAll(/\W+/g, '-'));
    claude.say('one');
    const links = [...marie.rooms.swarm.links(), ...sam.rooms.swarm.links()];
    const faulty = (): FrameFaults[] =>
      [marie, sam].map((p) => new FrameFaults(p, (frame) => (frames.includes(frame) ? fault : 'pass')));

    // Sharing, with the fault from the first word on.
    let faults = faulty();
    await marie.share(claude, sam.login);
    // An answer of the other side comes a moment later, or there is none in this case.
    const hit = (): boolean => faults.some((f) => f.hit > 0);
    await until(hit, { timeoutMs: 300 }).catch(() => {});
    hits.set(name, hit());
    for (const f of faults) f.mend();
    await renewed(`${name}: the invite`, async () => {
      const { pendingIn, accepted } = await sam.client.call('connections', {});
      return pendingIn.length + accepted.length > 0;
    });
    if ((await sam.client.call('connections', {})).pendingIn.length > 0) {
      await invited(sam, marie);
      await sam.accept(marie.login);
    }
    await renewed(
      `${name}: to be read`,
      async () => (await sam.texts(marie.login, claude.session).catch(() => [])).length === 1,
    );
    claude.say('two');
    await reads(sam, marie, claude, ['one', 'two']);

    // And its end.
    faults = faulty();
    await marie.client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
    hits.set(name, hits.get(name) === true || hit());
    for (const f of faults) f.mend();
    await renewed(`${name}: to be gone`, () => filesWith(sam.home, [claude.session]).length === 0);
    expect([...marie.rooms.swarm.links(), ...sam.rooms.swarm.links()], `${name}: the same line`).toEqual(links);
    claude.kill();
  }
  expect(marie.rooms.swarm.listenerCount('open')).toBe(listeners);
  // Nobody asks for a grant that was not lost.
  expect([...hits].flatMap(([name, was]) => (was ? [] : [name])).filter((name) => !name.startsWith('need'))).toEqual(
    [],
  );
}, 180_000);
