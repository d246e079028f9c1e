/** Several machines of one person. */
import fs from 'node:fs';
import { onTestFinished } from 'vitest';
import { until } from '../until.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

let machines = 0;

/** A further machine of the same person, set up; its daemon runs, until the test has finished. */
export async function furtherMachine(world: World, person: Person): Promise<Person> {
  const folder = `${person.folder}-machine-${++machines}`;
  fs.mkdirSync(folder, { mode: 0o700 });
  const machine = world.machine(person.login, person.env['GH_TOKEN'] ?? '', folder);
  await machine.init();
  await machine.start();
  onTestFinished(() => machine.close());
  return machine;
}

export const codeOf = async (of: Person): Promise<string> => (await of.client.call('whoami', {})).code;
/** What `at`, a machine of the same person, takes this device for. */
export const stateOf = async (at: Person, device: Person): Promise<string> => {
  const { device: name } = await device.client.call('whoami', {});
  return (await at.client.call('devices', {})).devices.find((d) => d.device === name)?.state ?? 'unknown';
};
export const trust = (at: Person, login: string, code: string | null) =>
  at.client.call('trust', { body: { handle: login, code } });

/** The two machines trust each other, are linked, and the new one is vouched for. */
export async function joined(old: Person, fresh: Person): Promise<void> {
  await trust(old, old.login, await codeOf(fresh));
  await trust(fresh, old.login, await codeOf(old));
  await until(() => fresh.rooms.self.record.record.endorse !== null, { what: 'the new device vouched for' });
}
