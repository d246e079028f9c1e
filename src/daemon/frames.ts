/** From frames of the control channel to the rooms they are for. What is refused is told to the other side by name. */
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { openSealed, openStatement, statementId } from '../identity/index.ts';
import { type ControlFrame, parseControl, parseGrants } from '../protocol/control.ts';
import { DecodeError } from '../protocol/decode.ts';
import type { ConnectionStatement, SignedStatement } from '../protocol/statements.ts';
import type { DeviceLink } from '../swarm/index.ts';
import { peerRefusal } from './peer-refusal.ts';
import type { Rooms } from './rooms.ts';

/** Codes that only a broken or hostile peer causes: it is cut off, and nothing else suffers. */
const CUT_OFF = new Set(['FRAME_MALFORMED', 'FRAME_TOO_LARGE', 'RATE_LIMITED']);

/** Handles one frame; whatever goes wrong becomes a note here and a `refused` there. */
export function onFrame(rooms: Rooms, link: DeviceLink, frame: ControlFrame, bytes: Buffer): void {
  try {
    handle(rooms, link, frame, bytes);
  } catch (error) {
    const malformed = error instanceof DecodeError;
    const known = malformed ? new TeammateSyncError('FRAME_MALFORMED', error.message) : asTeammateSyncError(error);
    if (CUT_OFF.has(known.code)) return link.cutOff(known);
    rooms.notes.add(known, nameOf(rooms, link.uid));
    const secret = known.code === 'INTERNAL' ? 'it could not be handled' : known.message;
    link.tell('refused', { code: known.code, message: secret.slice(0, 400) });
  }
}

export function nameOf(rooms: Rooms, uid: number): string {
  return rooms.people.get(uid)?.login ?? `account ${uid}`;
}

function handle(rooms: Rooms, link: DeviceLink, frame: ControlFrame, bytes: Buffer): void {
  const { inbox, sharing, connections, notes } = rooms;
  switch (frame) {
    case 'statement':
      return onStatement(rooms, link, bytes);
    case 'grants':
      return onGrants(rooms, link, bytes);
    case 'state':
      return inbox.stated(link, parseControl('state', bytes));
    case 'ack': {
      const { statement } = parseControl('ack', bytes);
      connections.acknowledged(link.uid, statement);
      return sharing.acknowledged(link, statement);
    }
    case 'need':
      return sharing.needed(link, parseControl('need', bytes).gids);
    case 'head':
      return inbox.announced(link, parseControl('head', bytes));
    case 'progress':
      return sharing.progress.heard(link, parseControl('progress', bytes));
    case 'refused': {
      const { code, message } = parseControl('refused', bytes);
      return notes.add(peerRefusal(code, message), nameOf(rooms, link.uid));
    }
  }
}

function onStatement(rooms: Rooms, link: DeviceLink, bytes: Buffer): void {
  const signed = openStatement(bytes, rooms.self.context({ uid: link.uid, sign: link.sign }));
  const { statement } = signed;
  switch (statement.t) {
    case 'grant':
      throw new TeammateSyncError('FRAME_MALFORMED', 'a grant came outside of its seal');
    case 'lease':
      return link.skewed ? refuseSkewed(link) : rooms.inbox.renewed(link, statement);
    case 'end':
      rooms.inbox.ended(statement);
      return link.tell('ack', { statement: statementId(signed) });
    default:
      rooms.connections.hear(signed as SignedStatement<ConnectionStatement>, nameOf(rooms, link.uid));
      return link.tell('ack', { statement: statementId(signed) });
  }
}

function onGrants(rooms: Rooms, link: DeviceLink, bytes: Buffer): void {
  if (link.skewed) return refuseSkewed(link);
  const { self, inbox } = rooms;
  let refused: unknown;
  for (const sealed of parseGrants(bytes)) {
    try {
      const { statement } = openSealed(sealed, self.keys, self.context({ uid: link.uid, sign: link.sign }));
      if (statement.t !== 'grant') throw new TeammateSyncError('FRAME_MALFORMED', `a ${statement.t} came as a grant`);
      inbox.granted(link, statement);
    } catch (error) {
      // One that is refused does not take the others with it.
      refused ??= error;
    }
  }
  if (refused !== undefined) throw refused;
}

function refuseSkewed(link: DeviceLink): void {
  const minutes = Math.round(Math.abs(link.skewMs) / 60_000);
  throw new TeammateSyncError('CLOCK_SKEW', `the clocks differ by ${minutes} minutes`);
}
