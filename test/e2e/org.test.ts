/** A workspace of a thousand: found by pages, asked about in rotation, and an invite finds its way in the promised time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GITHUB_ROTATION_MS } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import { type Person, reads, World } from '../support/world/index.ts';

const MEMBERS = 1000;
/** Members before the two in GitHub's list, which is in the order of account ids: so many are asked about first. */
const BEFORE = 60;
/** In an org of this size. */
const FIRST_INVITE_MS = 40 * 60_000;
/** Asked about at once at start, before the rotation. */
const FIRST_ROUND = 25;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

function join(): { owner: Person; reader: Person } {
  const [owner, reader] = [world.member('member-60'), world.member('member-990')];
  for (let n = 1; n <= MEMBERS - 2; n++) {
    world.github.addUser({ login: `other-${n}`, id: n < BEFORE ? n : 10_000 + n });
    world.github.addMember('acme', { login: `other-${n}` });
  }
  return { owner, reader };
}

it('member 990 is shared with, and hears of it within 40 minutes at no more than a question in 2 s', async () => {
  const { owner, reader } = join();
  for (const person of [owner, reader]) {
    await person.init();
    await person.start();
  }
  const claude = await owner.claude();
  claude.say('one');
  const { people } = await owner.share(claude, reader.login);
  expect(people.map((p) => p.outcome)).toEqual(['invited']);

  const asked = (what: RegExp): string[] =>
    world.github
      .requests()
      .map(({ path }) => path)
      .filter((path) => what.test(path));
  await until(() => asked(/\/members(\?|$)/).length >= 2 * (MEMBERS / 100), { what: 'all pages of both lists' });
  await until(() => asked(/\/users\/[^/]+\/gists/).length >= 2 * FIRST_ROUND, { what: 'both first rounds' });
  world.github.clearLog();
  const invited = (): boolean => reader.rooms.connections.list().some((p) => p.relation === 'pendingIn');
  const records = (): number => asked(/\/users\/[^/]+\/gists/).length;
  let passedMs = 0;
  while (!invited() && passedMs < FIRST_INVITE_MS) {
    const before = records();
    // Both: clocks that differ would share nothing.
    for (const person of [owner, reader]) person.clock.pass(GITHUB_ROTATION_MS);
    passedMs += GITHUB_ROTATION_MS;
    // A round that asks nobody (they were asked just now) ends with the bound, not with the answers.
    await until(() => invited() || records() >= before + 2, { timeoutMs: 300 }).catch(() => {});
  }
  // The link comes up beside the clock.
  await until(invited, { what: 'the invite' });
  expect(passedMs).toBeLessThanOrEqual(FIRST_INVITE_MS);
  expect(passedMs).toBeGreaterThan((BEFORE - 2 * FIRST_ROUND) * GITHUB_ROTATION_MS);
  expect(records()).toBeLessThanOrEqual(2 * (passedMs / GITHUB_ROTATION_MS + 1));
  await reader.accept(owner.login);
  await reads(reader, owner, claude, ['one']);
  const { members: listed, freshness } = await owner.client.call('teammates', {});
  expect([listed.length, listed[0]?.handle, listed[0]?.relation]).toEqual([MEMBERS - 1, reader.login, 'connected']);
  expect(freshness.fresh).toBeGreaterThan(0);
}, 180_000);
