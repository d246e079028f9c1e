/** How fresh an answer is and what was searched for it: the same words in every face. */
import { amount, count, percent, thousands } from './count-words.ts';
import { ago } from './time-span.ts';
import type { AskedPerson, AskResponse } from '../protocol/local-api.ts';

/** `searched 2 sessions, 1,312 turns, newest 3 min ago; 4 places found`. `now`: ms since 1970. */
export function searchedWords({ sessions, found, more }: AskResponse, now: number): string {
  const searched = sessions.reduce((sum, one) => sum + one.searched, 0);
  const turns = sessions.reduce((sum, one) => sum + one.turns, 0);
  const newest = sessions
    .flatMap((one) => one.newest ?? [])
    .toSorted()
    .at(-1);
  const part = searched < turns ? ` (${percent(searched, turns)} of ${thousands(turns)} so far, the newest first)` : '';
  const last = newest === undefined ? '' : `, newest ${ago(newest, now)}`;
  const places = `${more ? 'over ' : ''}${count(found, 'place')} found`;
  return `searched ${count(sessions.length, 'session')}, ${amount(searched, 'turn')}${part}${last}; ${places}`;
}

/** What one has to know about a person whose sessions were searched; nothing when all is fresh. */
export function personNotes({ handle, heard, fresh, waiting }: AskedPerson, now: number): string[] {
  const last = heard === null ? 'not heard of since this daemon started' : `last heard ${ago(heard, now)}`;
  const said = {
    yes: null,
    late: 'did not say in time what is newest',
    untold: 'has a version that cannot be asked what is newest',
    offline: `is offline, ${last}: what is newer is not here`,
  }[fresh];
  return [
    ...(said === null ? [] : [`${handle} ${said}`]),
    ...(waiting > 0 ? [`${count(waiting, 'session')} of ${handle} can be read when their machine is back`] : []),
  ];
}
