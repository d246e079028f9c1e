/** The list of the workspace: what is known of each, fresh within a bound, and honest about what is not. */
import { expect, it } from 'vitest';
import { GITHUB_TIMEOUT_MS } from '../../src/protocol/limits.ts';
import type { Teammate } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { furtherMachine } from '../support/world/machines.ts';
import { rounds } from '../support/world/rounds.ts';
import { invited, people, type Person, sharing, type World, useWorld } from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

it('tells who has it, who is connected, online, shares, and what is wrong; it never hangs', async () => {
  const names = ['alice', 'bob', 'carol', 'dora', 'erin', 'mallory'];
  const everybody = await people(world, ...names);
  const [alice, bob, carol, dora, erin, mallory] = everybody as [Person, Person, Person, Person, Person, Person];
  const late = world.member('late');
  const claude = await bob.claude();
  claude.say('one');
  await sharing(bob, claude, ['one'], alice);
  const hers = await alice.claude();
  hers.say('two');
  await alice.share(hers, carol.login);
  const his = await dora.claude();
  his.say('three');
  await dora.share(his, alice.login);
  await invited(alice, dora);
  await alice.client.call('block', { body: { handle: mallory.login } });
  await erin.stop();
  await furtherMachine(world, bob);

  const all = async (): Promise<Map<string, Teammate>> =>
    new Map((await alice.client.call('teammates', {})).members.map((m) => [m.handle, m]));
  await rounds(world, 'the device that nobody vouches for', async () => (await all()).get(bob.login)?.alarmed === 1);
  const members = await all();
  expect([...members.keys()].filter((handle) => handle !== late.login)).toEqual(
    [bob, dora, carol, erin, mallory].map((p) => p.login),
  );
  const of = (person: Person): Partial<Teammate> => {
    const { installed, relation, online, shares } = members.get(person.login) ?? {};
    return { installed, relation, online, shares };
  };
  expect(of(bob)).toEqual({ installed: 'yes', relation: 'connected', online: true, shares: 1 });
  expect(of(dora)).toMatchObject({ installed: 'yes', relation: 'pendingIn', shares: 0 });
  expect(of(carol)).toMatchObject({ installed: 'yes', relation: 'pendingOut' });
  expect(of(erin)).toEqual({ installed: 'yes', relation: 'none', online: false, shares: 0 });
  expect(of(mallory)).toMatchObject({ relation: 'blocked', online: false });
  expect(of(late)).toMatchObject({ installed: 'no', relation: 'none' });

  // Several are asked about at once, where the rotation asks about one.
  alice.clock.hold();
  await until(
    async () => {
      alice.clock.pass(11_000);
      return (await alice.client.call('teammates', {})).freshness.fresh > 1;
    },
    { what: 'several fresh answers' },
  );
  alice.clock.release();
  await late.init();
  await rounds(world, 'the new device', async () => (await all()).get(late.login)?.installed === 'yes');

  world.github.addFault({ hang: true, times: null });
  alice.clock.pass(11_000);
  const began = performance.now();
  const [list, ties] = await Promise.all([alice.client.call('teammates', {}), alice.client.call('connections', {})]);
  // Long before GitHub is given up.
  expect(performance.now() - began).toBeLessThan(GITHUB_TIMEOUT_MS);
  expect(list.freshness.fresh).toBeLessThan(list.freshness.of);
  expect(ties.freshness.fresh).toBeLessThan(ties.freshness.of);
  expect(list.freshness.oldest).not.toBeNull();
  world.github.clearFaults();
});
