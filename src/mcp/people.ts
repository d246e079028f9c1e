/** What a query says about the people who were asked, and about what was searched. */
import type { AskedPerson, AskedSession, AskResponse } from '../protocol/local-api.ts';
import { amount, counted, handle, type Line, line, listed, session } from './text/line.ts';
import { ago, moment } from './text/time.ts';

/** In one header, more are counted only. */
const PEOPLE_NAMED = 12;
const SESSIONS_NAMED = 8;

/** How fresh it is, whose it is, and how much of it was searched. */
export function searchedLines({ people, sessions }: AskResponse, now: number): Line[] {
  const searched = sum(sessions, (one) => one.searched);
  const turns = sum(sessions, (one) => one.turns);
  const part =
    searched < turns
      ? line` of ${amount(turns)} so far (the newest first; the rest is still being indexed: ask again in a moment for more)`
      : line``;
  return [
    line`Searched: ${counted(sessions.length, 'session')} of ${named(people)}, ${counted(searched, 'turn')}${part}.`,
    ...sessions.slice(0, SESSIONS_NAMED).map((one) => sessionLine(one, now)),
    ...(sessions.length > SESSIONS_NAMED
      ? [line`- and ${counted(sessions.length - SESSIONS_NAMED, 'session')} more: list_shared_sessions lists them`]
      : []),
    ...people.slice(0, PEOPLE_NAMED).flatMap((person) => personLines(person, now)),
  ];
}

function sessionLine(one: AskedSession, now: number): Line {
  const newest =
    one.newest === null
      ? line`nothing searched yet`
      : line`newest line ${moment(one.newest)} (${ago(one.newest, now)})`;
  return line`- session ${session(one.session)} of ${handle(one.handle)}: ${counted(one.searched, 'turn')}, ${newest}`;
}

function named(people: readonly AskedPerson[]): Line {
  const shown = listed(people.slice(0, PEOPLE_NAMED).map((person) => handle(person.handle)));
  return people.length > PEOPLE_NAMED ? line`${shown} and ${people.length - PEOPLE_NAMED} more` : shown;
}

/** How fresh what is read of somebody is, and what cannot be read now. @param now ms since 1970 */
export function personLines(person: AskedPerson, now: number): Line[] {
  const who = handle(person.handle);
  const lines = [line`- ${freshness(person, who, now)}`];
  if (person.waiting > 0) {
    lines.push(
      line`- ${counted(person.waiting, 'session')} of ${who} cannot be read before their machine is online again`,
    );
  }
  return lines;
}

function freshness({ fresh, heard }: AskedPerson, who: Line, now: number): Line {
  switch (fresh) {
    case 'yes':
      return line`${who} is online; their machine was asked just now, and its newest lines are included`;
    case 'late':
      return line`${who} is online, but their machine did not say in time what is newest: there may be newer lines`;
    case 'untold':
      return line`${who} is online with a version that cannot be asked what is newest: there may be newer lines`;
    default: {
      const last =
        heard === null ? line`not heard of since the daemon started` : line`last heard of ${ago(heard, now)}`;
      return line`${who} is OFFLINE, ${last}: this is what was fetched before, and there may be newer lines`;
    }
  }
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
