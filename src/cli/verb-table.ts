/** Every verb, by name. The code of a verb is loaded when it is typed. */
import { nearest } from '../platform/nearest.ts';
import { askingVerbs } from './table/asking-verbs.ts';
import { healthVerbs } from './table/health-verbs.ts';
import { machineVerbs } from './table/machine-verbs.ts';
import { otherVerbs } from './table/other-verbs.ts';
import { peopleVerbs } from './table/people-verbs.ts';
import { sharingVerbs } from './table/sharing-verbs.ts';
import type { VerbSpec } from './verb.ts';

export const verbs: readonly VerbSpec[] = [
  ...machineVerbs,
  ...healthVerbs,
  ...sharingVerbs,
  ...askingVerbs,
  ...peopleVerbs,
  ...otherVerbs,
];

/** What runs when nothing is typed. */
export const defaultVerb = 'help';

/** The verb of this name or alias. `rest`: the words after it. */
export function findVerb(typed: string, rest: readonly string[] = []): VerbSpec | null {
  // A name of later versions of the original: with people it shares, alone it lists.
  const wanted = typed === 'connect' && rest.every((word) => LISTING.has(word)) ? 'connections' : typed;
  return verbs.find(({ name, aliases }) => name === wanted || aliases.includes(wanted)) ?? null;
}

const LISTING = new Set(['--json']);

/** The verb that a mistyped word was probably meant to be. */
export function suggestVerb(typed: string): string | null {
  return nearest(
    typed,
    verbs.flatMap(({ name, aliases, hidden }) =>
      hidden ? [] : [name, ...aliases.filter((alias) => !alias.startsWith('-'))],
    ),
  );
}
