import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Person, World } from '../support/world/index.ts';

let world: World;
let marie: Person;
let sam: Person;

beforeAll(async () => {
  world = await World.start();
  marie = await world.person('Marie');
  sam = await world.person('sam');
});
afterAll(() => world.close());

it('carries a live conversation to the teammate who accepted, and takes it away', async () => {
  const claude = await marie.claude();
  claude.say('shall we use postgres?', 'yes, for the json columns');
  const shared = await marie.share(claude, 'SAM');
  expect(shared.people).toEqual([{ handle: 'sam', outcome: 'invited', since: null }]);
  expect(shared.turns).toBe(2);

  await until(async () => (await sam.client.call('connections', {})).pendingIn.length === 1, { what: 'the invite' });
  await sam.accept('@Marie');
  await until(async () => (await sam.texts('marie')).length === 2, { what: 'the first turns' });
  expect(await sam.texts('marie')).toEqual(['shall we use postgres?', 'yes, for the json columns']);

  claude.say('and the index?');
  await until(async () => (await sam.texts('marie')).length === 3, { what: 'the live turn' });

  await marie.client.call('unshare', { body: { session: claude.session, cwd: claude.cwd, from: [], all: false } });
  await expect(sam.texts('marie', claude.session)).rejects.toMatchObject({ code: 'NO_LONGER_SHARED' });
});
