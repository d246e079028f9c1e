/** share, unshare, preview: the verbs that decide what leaves this machine. */
import { randomBytes } from 'node:crypto';
import { TeammateSyncError } from '../../errors.ts';
import type { PinnedPerson } from '../../identity/index.ts';
import type {
  MaskedCount,
  PreviewResponse,
  ShareOutcome,
  ShareRequest,
  ShareResponse,
  UnshareRequest,
  UnshareResponse,
} from '../../protocol/local-api.ts';
import { within } from '../../platform/within.ts';
import { parseJson } from '../../protocol/json.ts';
import { ENTRY_MAX_BYTES } from '../../protocol/limits.ts';
import { turnDecoder } from '../../protocol/turn.ts';
import { type Entry, ThreadGone } from '../../redact/index.ts';
import { requireNotRevoked } from '../own-devices.ts';
import { staleError } from '../pin-alarms.ts';
import type { Rooms } from '../rooms.ts';
import { chooseLive, pickSession, sameFolder, severalHere } from './conversations.ts';
import { connectedPeople, iso, knownPerson, loginOf, resolvedOrKnown } from './persons.ts';

/** How long an answer waits for the numbers; what is shared does not depend on it. */
const COUNT_PATIENCE_MS = 3000;
const PREVIEW_TURNS = 200;

/** Everybody named is resolved before anybody is added: one unknown handle, and nothing happened. */
async function recipients(rooms: Rooms, typed: string[]): Promise<PinnedPerson[]> {
  if (typed.length === 0) {
    const connected = connectedPeople(rooms);
    if (connected.length > 0) return connected;
    throw new TeammateSyncError('NOT_CONNECTED', 'nobody was named, and you are not connected with anybody yet', {
      hint: 'name a teammate: `teammate-sync share <handle>`',
    });
  }
  const people = new Map<number, PinnedPerson>();
  for (const handle of typed) {
    const person = await resolved(rooms, handle);
    if (rooms.connections.relation(person.uid) === 'blocked') {
      throw new TeammateSyncError('BLOCKED', `you have blocked ${person.login}; nobody was added`);
    }
    people.set(person.uid, person);
  }
  return [...people.values()];
}

/** GitHub is asked about everybody; while it does not answer, those already connected go on for some days. */
async function resolved(rooms: Rooms, handle: string): Promise<PinnedPerson> {
  const { people, connections } = rooms;
  const isConnected = ({ uid }: PinnedPerson): boolean => connections.relation(uid) === 'connected';
  const person = await resolvedOrKnown(rooms, handle, isConnected);
  if (people.isOverdue(person.uid)) throw staleError(rooms, person.uid);
  return person;
}

function outcome(rooms: Rooms, person: PinnedPerson, isNew: boolean): ShareOutcome {
  const { connections, people } = rooms;
  const handle = person.login;
  const relation = connections.relation(person.uid);
  if (relation === 'declinedByThem') {
    return { handle, outcome: 'declined', since: iso(connections.person(person.uid)?.since ?? 0) };
  }
  if (relation === 'connected') return { handle, outcome: isNew ? 'shared' : 'already', since: null };
  if (people.goodDevices(person.uid).length === 0) return { handle, outcome: 'waiting', since: null };
  return { handle, outcome: isNew ? 'invited' : 'unanswered', since: null };
}

export async function share(rooms: Rooms, request: ShareRequest): Promise<ShareResponse> {
  requireNotRevoked(rooms);
  const { connections, sharing } = rooms;
  const conversation = await chooseLive(rooms, request);
  const people = await recipients(rooms, request.to);
  for (const { uid, login } of people) {
    connections.invite(uid, login, { note: request.note, project: conversation.project });
  }
  // Who said no is not asked again and is not put on the list: an accept later does not open what was shared meanwhile.
  const willing = people.filter((p) => connections.relation(p.uid) !== 'declinedByThem');
  const { fromNow, withThinking } = request;
  const fresh = willing.length > 0 ? await sharing.share(conversation, willing, { fromNow, withThinking }) : [];
  const session = sharing.get(conversation.session);
  if (session) await within(session.drained(), COUNT_PATIENCE_MS);
  return {
    session: conversation.session,
    project: conversation.project,
    people: people.map((p) => outcome(rooms, p, fresh.includes(p.uid))),
    turns: session?.turns ?? 0,
    since: session?.since ?? null,
    masked: session?.stored.masked ?? [],
    read: session?.read ?? 1,
  };
}

export async function unshare(rooms: Rooms, request: UnshareRequest): Promise<UnshareResponse> {
  const { sharing } = rooms;
  const shared = sharing.list().map((s) => ({ session: s.id, project: s.stored.project }));
  const none = (): TeammateSyncError => new TeammateSyncError('NOT_SHARED', 'this conversation is not shared');
  let sessions = shared.map((s) => s.session);
  if (request.session !== null) sessions = [pickSession(shared, request.session, none)];
  else if (!request.all && request.from.length === 0) {
    const here = sharing.list().filter((s) => sameFolder(s.stored.cwd, request.cwd));
    if (here.length === 0) throw none();
    if (here.length > 1) throw severalHere(here.map((s) => s.stored));
    sessions = here.map((s) => s.id);
  }
  const from = request.from.map((handle) => knownPerson(rooms, handle));
  const ended: UnshareResponse['ended'] = [];
  const left = new Set<number>();
  for (const id of sessions) {
    const session = sharing.get(id);
    const leaving = (session?.stored.recipients ?? []).filter(
      (r) => from.length === 0 || from.some((p) => p.uid === r.uid),
    );
    if (!session || leaving.length === 0) continue;
    const { project } = session.stored;
    for (const { uid } of leaving) left.add(uid);
    ended.push({ session: id, project, people: leaving.map((r) => loginOf(rooms, r.uid)) });
  }
  if (ended.length === 0 && !request.all) throw none();
  const who = from.length === 0 ? null : from.map(({ uid }) => uid);
  await sharing.unshare(
    ended.map(({ session }) => session),
    who,
    'unshared',
  );
  const open = openInvites(rooms, left);
  return { ended, remaining: sharing.list().length, ...(open.length === 0 ? {} : { openInvites: open }) };
}

/** Handles of those who are still asked to connect, and for whom nothing waits. */
function openInvites(rooms: Rooms, uids: ReadonlySet<number>): string[] {
  const { connections, sharing } = rooms;
  const waits = (uid: number): boolean =>
    sharing.list().some(({ stored }) => stored.recipients.some((one) => one.uid === uid));
  return [...uids].flatMap((uid) =>
    connections.relation(uid) === 'pendingOut' && !waits(uid) ? loginOf(rooms, uid) : [],
  );
}

/** What a recipient would see, made the same way, shown to the owner only. @throws REDACTION_FAILED */
export async function preview(rooms: Rooms, request: ShareRequest): Promise<PreviewResponse> {
  const { session, project, transcriptPath } = await chooseLive(rooms, request);
  const key = randomBytes(32);
  const options = { path: transcriptPath, resume: new Map(), title: null, key, withThinking: request.withThinking };
  const source = rooms.redaction.open(options);
  const counts = new Map<string, number>();
  let newest: Entry[] = [];
  let total = 0;
  try {
    for (let read = await source.read(); read; read = read.caughtUp ? null : await source.read()) {
      const turns = read.entries.filter(({ kind }) => kind !== 'title');
      for (const [rule, count] of read.masked) counts.set(rule, (counts.get(rule) ?? 0) + count);
      newest = [...newest, ...turns].slice(-PREVIEW_TURNS);
      total += turns.length;
    }
  } catch (error) {
    if (!(error instanceof ThreadGone)) throw error;
    throw new TeammateSyncError('REDACTION_FAILED', `the preview was not finished: ${error.message}`, { cause: error });
  } finally {
    source.close();
  }
  const turns = newest.map(({ json }) => parseJson(json, ENTRY_MAX_BYTES, turnDecoder, 'entry'));
  const masked: MaskedCount[] = [...counts].map(([rule, count]) => ({ rule, count }));
  return { session, project, turns, masked, total };
}
