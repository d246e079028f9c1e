/** From frames of the control channel to the rooms they are for. What is refused is told to the other side by name. */
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { isEcho, openSealed, openStatement, type StatementContext, statementId } from '../identity/index.ts';
import { type ControlFrame, parseControl, parseGrants } from '../protocol/control.ts';
import { DecodeError } from '../protocol/decode.ts';
import { type Grant, isConnection, isOwn } from '../protocol/statements.ts';
import type { DeviceLink } from '../swarm/index.ts';
import { heardOwn } from './own-devices.ts';
import { peerRefusal } from './peer-refusal.ts';
import type { Served } from './receipts/activity.ts';
import type { Rooms } from './rooms.ts';

/** Codes that only a broken or hostile peer causes: it is cut off, and nothing else suffers. */
const CUT_OFF = new Set(['FRAME_MALFORMED', 'FRAME_TOO_LARGE', 'RATE_LIMITED']);

/** Handles one frame; whatever goes wrong becomes a note here and a `refused` there. */
export function onFrame(rooms: Rooms, link: DeviceLink, frame: ControlFrame, bytes: Buffer): void {
  try {
    handle(rooms, link, frame, bytes);
  } catch (error) {
    refuse(rooms, link, error);
  }
}

function refuse(rooms: Rooms, link: DeviceLink, error: unknown): void {
  const malformed = error instanceof DecodeError;
  const known = malformed ? new TeammateSyncError('FRAME_MALFORMED', error.message) : asTeammateSyncError(error);
  if (CUT_OFF.has(known.code)) return link.cutOff(known);
  rooms.notes.add(known, nameOf(rooms, link.uid));
  const secret = known.code === 'INTERNAL' ? 'it could not be handled' : known.message;
  link.tell('refused', { code: known.code, message: secret.slice(0, 400) });
}

export function nameOf(rooms: Rooms, uid: number): string {
  return rooms.people.get(uid)?.login ?? `account ${uid}`;
}

function handle(rooms: Rooms, link: DeviceLink, frame: ControlFrame, bytes: Buffer): void {
  const { inbox, sharing, connections, people, notes } = rooms;
  switch (frame) {
    case 'statement':
      return onStatement(rooms, link, bytes);
    case 'grants':
      return onGrants(rooms, link, bytes);
    case 'state':
      return inbox.stated(link, parseControl('state', bytes));
    case 'ack': {
      const { statement } = parseControl('ack', bytes);
      connections.acknowledged(link.uid, link.sign, statement);
      return sharing.acknowledged(link, statement);
    }
    case 'need':
      return sharing.needed(link, parseControl('need', bytes).gids);
    case 'head':
      return inbox.announced(link, parseControl('head', bytes));
    case 'progress':
      return sharing.progress.heard(link, parseControl('progress', bytes));
    case 'refresh': {
      const { q, gids } = parseControl('refresh', bytes);
      sharing.refreshed(link, gids).then(
        () => link.tell('refreshed', { q }),
        (error: unknown) => notes.add(error, nameOf(rooms, link.uid)),
      );
      return;
    }
    case 'refreshed':
      return rooms.refreshes.heard(link, parseControl('refreshed', bytes).q);
    case 'receipts': {
      const body = parseControl('receipts', bytes);
      return rooms.activity.heard(link, body, (session) => servedOf(rooms, link, session));
    }
    case 'refused': {
      const { code, message } = parseControl('refused', bytes);
      return notes.add(peerRefusal(code, message), nameOf(rooms, link.uid));
    }
    case 'record': {
      const { text } = parseControl('record', bytes);
      people.shown(link.uid, text).catch((error: unknown) => notes.add(error, nameOf(rooms, link.uid)));
    }
  }
}

/** A session that this device is served now. */
function servedOf({ sharing }: Rooms, link: DeviceLink, id: string): Served | null {
  const session = sharing.get(id);
  const recipient = session?.stored.recipients.find(({ uid }) => uid === link.uid);
  if (!session || !recipient || !sharing.progress.serves(link, id)) return null;
  const lines = new Map([...session.positions].map(([source, { line }]) => [source, line]));
  return { project: session.stored.project, since: recipient.since, lines };
}

function onStatement(rooms: Rooms, link: DeviceLink, bytes: Buffer): void {
  const context = contextOf(rooms, link);
  const signed = openStatement(bytes, context);
  const { statement } = signed;
  if (isOwn(statement)) {
    heardOwn(rooms, link, { ...signed, statement }).catch((error: unknown) => refuse(rooms, link, error));
    return;
  }
  if (isConnection(statement)) {
    const login = nameOf(rooms, link.uid);
    const words = { ...signed, statement };
    if (isEcho(statement, context)) rooms.connections.hearEcho(words, login);
    else rooms.connections.hear(words, login, statement.from.sign === link.sign);
    return link.tell('ack', { statement: statementId(signed) });
  }
  switch (statement.t) {
    case 'grant':
      throw new TeammateSyncError('FRAME_MALFORMED', 'a grant came outside of its seal');
    case 'lease':
      return link.skewed ? refuseSkewed(link) : rooms.inbox.renewed(link, statement);
    case 'end':
      rooms.inbox.ended(statement);
      return link.tell('ack', { statement: statementId(signed) });
  }
}

/** Who may be believed about what on this link. */
function contextOf({ self, people }: Rooms, { uid, sign }: DeviceLink): StatementContext {
  const good = (of: number): string[] => people.goodDevices(of).map((d) => d.sign);
  return self.context({ uid, sign }, { theirs: good(uid), own: good(self.uid) });
}

function onGrants(rooms: Rooms, link: DeviceLink, bytes: Buffer): void {
  if (link.skewed) return refuseSkewed(link);
  const { self } = rooms;
  let refused: unknown;
  for (const sealed of parseGrants(bytes)) {
    try {
      const { statement } = openSealed(sealed, self.keys, self.context({ uid: link.uid, sign: link.sign }));
      if (statement.t !== 'grant') throw new TeammateSyncError('FRAME_MALFORMED', `a ${statement.t} came as a grant`);
      taken(rooms, link, statement);
    } catch (error) {
      // One that is refused does not take the others with it.
      refused ??= error;
    }
  }
  if (refused !== undefined) throw refused;
}

function taken({ inbox, earlyGrants }: Rooms, link: DeviceLink, grant: Grant): void {
  try {
    inbox.granted(link, grant);
  } catch (error) {
    const early = error instanceof TeammateSyncError && error.code === 'GRANT_NOT_CONNECTED';
    if (early) earlyGrants.refused(link, grant.gid);
    throw error;
  }
}

function refuseSkewed(link: DeviceLink): void {
  const minutes = Math.round(Math.abs(link.skewMs) / 60_000);
  throw new TeammateSyncError('CLOCK_SKEW', `the clocks differ by ${minutes} minutes`);
}
