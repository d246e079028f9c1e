/** The safety number: the same on both sides, marked by whoever compared it, and over with the devices that it was of. */
import { expect, it } from 'vitest';
import type { VerifyResponse } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { furtherMachine, joined } from '../support/world/machines.ts';
import { rounds } from '../support/world/rounds.ts';
import { type Person, people, sharedWith, type World, useWorld } from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const verify = (at: Person, whom: Person, match = false): Promise<VerifyResponse> =>
  at.client.call('verify', { body: { handle: whom.login, match } });
const comparedAt = async (at: Person): Promise<string | null> =>
  (await at.client.call('connections', {})).accepted[0]?.compared ?? null;
const lost = async (at: Person): Promise<string> =>
  (await at.client.call('status', {})).errors.find((e) => e.code === 'SAFETY_NUMBER_CHANGED')?.message ?? '';

it('counts only when it was shown, is kept, and names the device with which it is over, on both sides', async () => {
  const { marie, sam } = await sharedWith(world);
  await expect(verify(marie, sam, true)).rejects.toMatchObject({ code: 'SAFETY_NUMBER_CHANGED' });
  const [hers, his] = [await verify(marie, sam), await verify(sam, marie)];
  expect(hers.safetyNumber).toMatch(/^(\d{5} ){11}\d{5}$/);
  expect(his.safetyNumber).toBe(hers.safetyNumber);
  expect(hers.devices.map((d) => d.device)).toEqual(his.own.devices.map((d) => d.device));
  expect([hers.compared, await comparedAt(marie)]).toEqual([null, null]);
  for (const [at, whom] of [
    [marie, sam],
    [sam, marie],
  ] as const) {
    expect((await verify(at, whom, true)).compared).not.toBeNull();
  }
  await marie.restart();
  expect(await comparedAt(marie)).not.toBeNull();
  expect(await lost(marie)).toBe('');

  const sam2 = await furtherMachine(world, sam);
  await joined(sam, sam2);
  await rounds(world, 'the mark taken back', async () => (await comparedAt(marie)) === null);
  const { device } = await sam2.client.call('whoami', {});
  expect(await lost(marie)).toContain(`device ${device} of theirs is new`);
  expect(await lost(sam)).toContain(`device ${device} of yours is new`);
  expect(await comparedAt(sam)).toBeNull();
  // What was shown before is another number.
  await expect(verify(sam, marie, true)).rejects.toMatchObject({ code: 'SAFETY_NUMBER_CHANGED' });
  const again = await verify(sam, marie);
  expect([again.safetyNumber === hers.safetyNumber, again.own.devices.length]).toEqual([false, 2]);
  expect((await verify(marie, sam)).safetyNumber).toBe(again.safetyNumber);
  await verify(marie, sam, true);
  expect(await lost(marie)).toBe('');
});

it('is shown without GitHub, of those who are known', async () => {
  const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person];
  await until(() => alice.rooms.people.goodDevices(bob.rooms.self.uid).length > 0, { what: 'bob known' });
  world.github.addFault({ status: 503, times: null });
  try {
    const { safetyNumber, staleSince } = await verify(alice, bob);
    expect([safetyNumber === null, staleSince === null]).toEqual([false, false]);
    await expect(verify(alice, alice)).rejects.toMatchObject({ code: 'ONESELF' });
  } finally {
    world.github.clearFaults();
  }
  for (const verb of ['block', 'accept', 'disconnect'] as const) {
    const oneself = alice.client.call(verb, { body: { handle: alice.login } });
    await expect(oneself).rejects.toMatchObject({ code: 'ONESELF' });
  }
  await expect(verify(alice, alice)).rejects.toMatchObject({ code: 'ONESELF' });
});
