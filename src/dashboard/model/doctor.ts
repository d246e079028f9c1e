/** What the doctor has found so far. */
import { count } from '../../platform/count-words.ts';
import { foundCheck } from '../../platform/network-words.ts';
import type { Check, DoctorEvent } from '../../protocol/doctor.ts';
import type { Told } from './people.ts';

export interface Findings {
  checks: readonly Check[];
  /** What is looked at now; null: nothing. */
  looking: string | null;
  isDone: boolean;
}

export const NOTHING_FOUND: Findings = { checks: [], looking: null, isDone: false };

export function findingsAfter(before: Findings, event: DoctorEvent): Findings {
  switch (event.type) {
    case 'looking':
      return { ...before, looking: event.at };
    case 'check':
      return { ...before, checks: [...before.checks, event.check], looking: null };
    case 'network':
      return { ...before, checks: [...before.checks, foundCheck(event.found)], looking: null };
    default:
      return { ...before, looking: null, isDone: true };
  }
}

/** In one line, as `teammate-sync doctor` ends. */
export function sumWords({ checks, looking, isDone }: Findings): string {
  if (!isDone) return looking === null ? 'Looking…' : `Looking at ${looking}…`;
  const problems = checks.filter(({ state }) => state === 'problem').length;
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  if (problems > 0) return `${count(problems, 'problem')}, ${count(warnings, 'warning')}: mend the first one first.`;
  if (warnings > 0) return `No problem, ${count(warnings, 'warning')}.`;
  return 'All is well. When a teammate does not see you, let them run it, too.';
}

const STATES: Readonly<Record<Check['state'], Told>> = {
  ok: { words: 'ok', tone: 'good' },
  warning: { words: 'warning', tone: 'waits' },
  problem: { words: 'problem', tone: 'bad' },
};

export function checkWords({ state }: Pick<Check, 'state'>): Told {
  return STATES[state];
}
