/** Ready-made situations. */
import { onTestFinished } from 'vitest';
import { until } from '../until.ts';
import type { FakeClaude } from './fake-claude.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

let counter = 0;

/** Fresh members of the org with running daemons, stopped when the test has finished. */
export async function people(world: World, ...names: string[]): Promise<Person[]> {
  const suffix = `-${++counter}`;
  const made = names.map((name) => world.member(`${name}${suffix}`));
  for (const person of made) await person.init();
  for (const person of made) await person.start();
  onTestFinished(async () => {
    await Promise.all(made.map((p) => p.close()));
    for (const person of made) world.github.removeMember('acme', person.login);
  });
  return made;
}

/** Lets time pass for all of them. */
export function pass(ms: number, ...all: Person[]): void {
  for (const person of all) person.clock.pass(ms);
}

export async function uid(of: Person): Promise<number> {
  return (await of.client.call('whoami', {})).uid;
}

/** Resolves when the two daemons hold a proved connection, seen from both ends. */
export async function linked(a: Person, b: Person): Promise<void> {
  const [uidA, uidB] = [await uid(a), await uid(b)];
  await until(() => a.rooms.swarm.linksOf(uidB).length > 0 && b.rooms.swarm.linksOf(uidA).length > 0, {
    what: `${a.login} and ${b.login} linked`,
  });
}

export async function invited(recipient: Person, by: Person): Promise<void> {
  await until(
    async () => (await recipient.client.call('connections', {})).pendingIn.some((p) => same(p.handle, by.login)),
    { what: `the invite of ${by.login} at ${recipient.login}` },
  );
}

export async function connected(a: Person, b: Person): Promise<void> {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    await until(async () => (await x.client.call('connections', {})).accepted.some((p) => same(p.handle, y.login)), {
      what: `${x.login} connected with ${y.login}`,
    });
  }
}

/** `owner` shares `claude`, each recipient accepts and can read the texts. */
export async function sharing(
  owner: Person,
  claude: FakeClaude,
  texts: string[],
  ...recipients: Person[]
): Promise<void> {
  await owner.share(claude, ...recipients.map((r) => r.login));
  for (const recipient of recipients) {
    await invited(recipient, owner);
    await recipient.accept(owner.login);
    await reads(recipient, owner, claude, texts);
  }
}

/** Two fresh people, the first of whom shares a conversation that says `one`, which the second reads. */
export async function sharedWith(world: World): Promise<{ marie: Person; sam: Person; claude: FakeClaude }> {
  const [marie, sam] = await people(world, 'marie', 'sam');
  if (!marie || !sam) throw new Error('nobody');
  const claude = await marie.claude();
  claude.say('one');
  await sharing(marie, claude, ['one'], sam);
  return { marie, sam, claude };
}

/** Resolves when the recipient reads exactly these texts. */
export async function reads(recipient: Person, owner: Person, claude: FakeClaude, texts: string[]): Promise<void> {
  await until(
    async () => JSON.stringify(await recipient.texts(owner.login, claude.session)) === JSON.stringify(texts),
    {
      what: `${recipient.login} reads ${JSON.stringify(texts)}`,
    },
  );
}

/** Resolves when the session is no longer readable, with the code of the refusal. */
export async function refusedRead(recipient: Person, owner: Person, claude: FakeClaude): Promise<string> {
  const code = await until(
    async () => {
      try {
        await recipient.texts(owner.login, claude.session);
        return null;
      } catch (error) {
        return (error as { code?: string }).code ?? null;
      }
    },
    { what: `${recipient.login} may not read` },
  );
  return code ?? '';
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
