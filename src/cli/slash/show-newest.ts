/** `/show` of one session: its newest lines, found without reading the rest. */
import type { Inbox, InboxSession } from '../../protocol/local-api.ts';
import { matchPrefix, shortId } from '../../protocol/ids.ts';
import type { Client } from '../../client/index.ts';
import { normaliseHandle } from '../../protocol/ids.ts';
import type { Args } from '../args.ts';

/** More than fits into an answer as a rule. */
const NEWEST_LINES = 200;

export interface Newest {
  /** What `show` is run with. */
  argv: string[];
  /** What shows all of it in a terminal. */
  all: string;
}

/** Null: it is a list, a part that was named, or nothing that can be shown; `show` says so itself. */
export async function showNewest(client: Client, args: Args): Promise<Newest | null> {
  const [typed = '', named = null] = args.words;
  const handle = normaliseHandle(typed);
  if (handle === null || args.value('lines') !== null) return null;
  const inbox = await client.call('inbox', { params: { handle } }).catch(() => null);
  const one = inbox && meant(inbox, named);
  if (!one) return null;
  const last = Math.max(0, ...one.newest.map(({ line }) => line));
  const full = args.flag('full') ? ['--full'] : [];
  const from = Math.max(1, last - NEWEST_LINES);
  return {
    argv: ['show', handle, one.session, '--lines', `${from}-`, ...full],
    all: `teammate-sync show ${handle} ${shortId(one.session)}`,
  };
}

function meant({ sessions }: Inbox, named: string | null): InboxSession | null {
  if (named === null) return sessions.length === 1 ? (sessions[0] ?? null) : null;
  const found = matchPrefix(
    sessions.map(({ session }) => session),
    named,
  );
  return sessions.find(({ session }) => found.length === 1 && session === found[0]) ?? null;
}
