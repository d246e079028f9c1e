/** What went wrong, as a person's status tells it. */
import type { ErrorNote } from '../../../src/protocol/local-api.ts';
import { until } from '../until.ts';
import type { Person } from './person.ts';

/** Resolves with the newest note of this code in the person's status whose message says `words`. */
export async function noted(person: Person, code: string, words = ''): Promise<ErrorNote> {
  const found = await until(
    async () => (await person.client.call('status')).errors.find((e) => e.code === code && e.message.includes(words)),
    { what: `${code} ${words} at ${person.login}` },
  );
  if (!found) throw new Error('unreachable');
  return found;
}
