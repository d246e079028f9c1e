/** How people are told: relations, devices, and how fresh what is known of them is. */
import { count, thousands } from '../../platform/count-words.ts';
import { ago } from '../../platform/time-span.ts';
import { when } from '../../platform/time-words.ts';
import { GITHUB_KNOWN_MS } from '../../protocol/limits.ts';
import type { Device, Freshness, PersonResponse, Teammate } from '../../protocol/local-api.ts';

export interface Told {
  words: string;
  tone: 'good' | 'waits' | 'none' | 'bad';
}

const RELATIONS: Readonly<Record<Exclude<Teammate['relation'], 'none'>, Told>> = {
  connected: { words: 'connected', tone: 'good' },
  pendingIn: { words: 'invites you', tone: 'waits' },
  pendingOut: { words: 'invited by you', tone: 'waits' },
  declinedByMe: { words: 'declined by you', tone: 'none' },
  declinedByThem: { words: 'declined', tone: 'none' },
  blocked: { words: 'blocked', tone: 'bad' },
};

const INSTALLED: Readonly<Record<Teammate['installed'], Told>> = {
  yes: { words: 'not connected', tone: 'none' },
  no: { words: 'no teammate-sync yet', tone: 'none' },
  unknown: { words: 'not asked about yet', tone: 'none' },
};

/** How one stands to a member; without a relation, whether they have teammate-sync. */
export function relationWords({ relation, installed }: Pick<Teammate, 'relation' | 'installed'>): Told {
  return relation === 'none' ? INSTALLED[installed] : RELATIONS[relation];
}

const DEVICE_STATES: Readonly<Record<Device['state'], Told>> = {
  good: { words: 'trusted', tone: 'good' },
  blocked: { words: 'not trusted yet', tone: 'waits' },
  missing: { words: 'not on GitHub just now', tone: 'waits' },
  unlisted: { words: 'no longer on GitHub', tone: 'bad' },
  revoked: { words: 'revoked', tone: 'bad' },
};

export function deviceWords({ state }: Pick<Device, 'state'>): Told {
  return DEVICE_STATES[state];
}

/**
 * What of a listing is older than GitHub is asked anyway; null: nothing. The page itself asks nobody, so that what it shows is
 * always a little old. `now`: ms since 1970.
 */
export function freshnessWords({ fresh, of, oldest, failure }: Freshness, now: number): string | null {
  const isRecent = oldest !== null && now - Date.parse(oldest) < 2 * GITHUB_KNOWN_MS;
  if (fresh >= of || (isRecent && failure === null)) return null;
  const rest = of - fresh === 1 ? 'one person' : `${thousands(of - fresh)} people`;
  const since = oldest === null ? 'was not asked about everybody yet' : `was last asked about them ${ago(oldest, now)}`;
  const why = failure === null ? '' : ` It does not answer: ${failure}`;
  return `Not fresh for ${rest} of ${thousands(of)}: GitHub ${since}.${why}`;
}

/** GitHub's last clear word about somebody, while its later ones are unclear; null: it is clear. */
export function staleWords(staleSince: string | null, now: number): string | null {
  return staleSince === null ? null : `GitHub says nothing clear since ${when(staleSince, now)}`;
}

/** Devices of somebody that are not used; null: none. */
export function alarmWords(alarmed: number): string | null {
  if (alarmed === 0) return null;
  return `${count(alarmed, 'device')} not trusted: nothing is shared with ${alarmed === 1 ? 'it' : 'them'}`;
}

/** What ended with a connection. */
export function endedWords({ sessions }: Pick<PersonResponse, 'sessions'>): string {
  if (sessions.length === 0) return 'No share was open between you.';
  return `${count(sessions.length, 'share')} between you ended, and every copy on this machine is gone.`;
}

/** Two lines of six groups, so that they can be read aloud. */
export function numberLines(safetyNumber: string): [string, string] {
  const groups = safetyNumber.split(' ');
  const half = Math.ceil(groups.length / 2);
  return [groups.slice(0, half).join(' '), groups.slice(half).join(' ')];
}
