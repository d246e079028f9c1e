/** What the navigation counts, of the facts that are here. */
import type { Connections, Shared, Status } from '../../protocol/local-api.ts';
import { count } from '../../platform/count-words.ts';
import type { ViewName } from './place.ts';

export interface NavCount {
  n: number;
  /** For those who hear it: `2 sessions shared`. */
  words: string;
  /** It waits for somebody to do something. */
  urgent: boolean;
}

interface Facts {
  status: Status | null;
  shared: Shared | null;
  connections: Connections | null;
}

/** Null: nothing to count, or not known yet. */
export function navCount(view: ViewName, { status, shared, connections }: Facts): NavCount | null {
  switch (view) {
    case 'mine':
      return some(shared?.sessions.length, (n) => `${count(n, 'session')} shared`, false);
    case 'theirs':
      return some(status?.readableSessions, (n) => `${count(n, 'session')} to read`, false);
    case 'people':
      return some(connections?.pendingIn.length, (n) => `${count(n, 'invite')} for you`, true);
    case 'health':
      return some(status?.errors.length, (n) => count(n, 'error'), true);
    default:
      return null;
  }
}

function some(n: number | undefined, words: (n: number) => string, urgent: boolean): NavCount | null {
  return n === undefined || n === 0 ? null : { n, words: words(n), urgent };
}
