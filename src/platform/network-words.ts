/** What the state of the network means, in words, and what can be done about it. */
import type { Check, NetworkFound } from '../protocol/doctor.ts';
import type { NetworkStatus } from '../protocol/local-api.ts';
import { ago } from './time-span.ts';

const NAT: Readonly<Record<string, string>> = {
  open: 'open: others can reach this machine',
  consistent: 'consistent: most machines can meet this one',
  random: 'random: no meeting with a machine behind another NAT of this kind',
  unknown: 'not known yet',
};

/** How the NAT in front of this machine works. */
export function natText(nat: string): string {
  return NAT[nat] ?? nat;
}

/** What to do about the NAT; null when nothing is to be done. */
export function natAdvice(nat: string): string | null {
  if (nat !== 'random') return null;
  return 'if a teammate stays offline, one of you changes the network (a phone hotspot will do), or the team runs a relay';
}

/** Why nobody can be met; null while the network works or is just coming up. */
export function offlineReason({ state, answeredAt, bootstrap }: NetworkStatus, now: number): string | null {
  if (state !== 'offline') return null;
  const since = answeredAt === null ? 'none has since the daemon started' : `the last one ${ago(answeredAt, now)}`;
  return `no DHT node answers (${since}; asked: ${bootstrap.slice(0, 3).join(', ')})`;
}

/** What to do when no node of the DHT answers. */
export const OFFLINE_ADVICE =
  'is this machine online, and does its network let UDP out? Some offices and hotels block it';

/** What the doctor says of a node that was started only to ask. */
export function foundCheck({ answered, nat, bootstrap }: NetworkFound): Check {
  if (!answered) {
    const what = `no DHT node answers (asked: ${bootstrap.slice(0, 3).join(', ')})`;
    return { id: 'network', state: 'problem', what, fix: OFFLINE_ADVICE };
  }
  const advice = natAdvice(nat);
  return {
    id: 'network',
    state: advice === null ? 'ok' : 'warning',
    what: `the DHT answers; NAT ${natText(nat)}`,
    fix: advice,
  };
}
