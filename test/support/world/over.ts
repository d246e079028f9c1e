/** A share that is over: what its keys were, and that nothing of it is left at somebody's. */
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { TeammateSyncError } from '../../../src/errors.ts';
import { filesWith, spellings } from '../disk.ts';
import { until } from '../until.ts';
import type { FakeClaude } from './fake-claude.ts';
import type { Person } from './person.ts';

/** Codes of a session that is over. */
const OVER = ['NO_LONGER_SHARED', 'NO_SESSION', 'NOTHING_SHARED_WITH_ME', 'NOT_CONNECTED'];

/** Core and block keys of all generations of a session, spelled in every way, as they lie on the owner's disk. */
export function keysOf(owner: Person, claude: FakeClaude): (string | Buffer)[] {
  const file = path.join(owner.home, 'state', 'share', claude.session, 'session.json');
  const { generations } = JSON.parse(fs.readFileSync(file, 'utf8')) as { generations: { core: string; key: string }[] };
  expect(generations.length).toBeGreaterThan(0);
  return generations.flatMap(({ core, key }) => [...spellings(core), ...spellings(key)]);
}

/** Resolves when it cannot be read any more, with what its reader is told. @param what for the message when it can */
export async function over(reader: Person, owner: Person, claude: FakeClaude, what: string): Promise<string> {
  const refusal = async (): Promise<string> => {
    const answer = await reader.texts(owner.login, claude.session).catch((e: TeammateSyncError) => e);
    if (!(answer instanceof Error) || !OVER.includes(answer.code)) throw new Error(String(answer));
    return answer.message;
  };
  return (await until(refusal, { what: `${what}: to be over` })) ?? '';
}

/** Resolves when neither the session nor a key of it is in any file of the reader. */
export async function nothingLeft(
  reader: Person,
  claude: FakeClaude,
  keys: (string | Buffer)[],
  what: string,
): Promise<void> {
  await until(() => filesWith(reader.home, [claude.session, ...keys]).length === 0, { what: `${what}: nothing left` });
}
