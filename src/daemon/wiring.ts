/** What follows from what, across rooms. Data goes one way; here is the control that goes both. */
import { TeammateSyncError } from '../errors.ts';
import type { PinChange } from '../identity/index.ts';
import { CONTACT_DEVICES_MAX } from '../protocol/limits.ts';
import type { Contact } from '../swarm/index.ts';
import { nameOf, onFrame } from './frames.ts';
import type { Rooms } from './rooms.ts';

/** Whom to meet: trusted devices of members who are neither blocked nor disconnected; those one deals with come first. */
function contactsOf({ people, connections, self }: Rooms): Contact[] {
  const weight = (uid: number): number => (connections.relation(uid) === 'none' ? 1 : 0);
  return people
    .all()
    .filter((p) => p.uid !== self.uid && connections.mayMeet(p.uid))
    .sort((a, b) => weight(a.uid) - weight(b.uid))
    .flatMap((p) => people.goodDevices(p.uid).map(({ login, sign, box }) => ({ uid: p.uid, login, sign, box })))
    .slice(0, CONTACT_DEVICES_MAX);
}

/**
 * Connects the rooms' events. Call once, before anything starts. The returned function is to be called when it may have
 * changed with time alone whom to meet.
 */
export function wire(rooms: Rooms): () => void {
  const { people, connections, sharing, inbox, swarm, live, notes } = rooms;
  const quietly = (work: Promise<unknown>, about: string): void => {
    work.catch((error: unknown) => notes.add(error, about));
  };
  const mayMeet = (): Set<number> => new Set(contactsOf(rooms).map((c) => c.uid));
  let met = mayMeet();
  const meet = (): void => {
    swarm.meet(contactsOf(rooms));
    // Whoever must not be met any more also loses the key under which we were found.
    const now = mayMeet();
    const lost = [...met].some((uid) => !now.has(uid) && !connections.mayMeet(uid));
    met = now;
    if (lost) swarm.turnTransportKey();
  };

  people.on('changed', (uid, change) => {
    for (const alarm of alarmsOf(rooms, uid, change)) notes.add(alarm, nameOf(rooms, uid));
    meet();
    sharing.devicesChanged(uid);
  });
  people.on('left', (uid) => {
    quietly(sharing.endAllWith(uid, 'disconnected'), nameOf(rooms, uid));
    quietly(inbox.wipePerson(uid, 'left the workspace'), nameOf(rooms, uid));
    meet();
    swarm.turnTransportKey();
  });

  connections.on('say', (uid, bytes) => {
    for (const link of swarm.linksOf(uid)) link.send('statement', bytes);
  });
  connections.on('connected', (uid) => {
    for (const link of swarm.linksOf(uid)) sharing.connected(link);
  });
  connections.on('ended', (uid, why) => {
    const reason = why === 'blocked' ? 'blocked' : 'disconnected';
    quietly(sharing.endAllWith(uid, reason), nameOf(rooms, uid));
    quietly(inbox.wipePerson(uid, why), nameOf(rooms, uid));
  });
  connections.on('changed', meet);

  swarm.on('open', (link) => {
    if (!link.skewed) {
      rooms.self.clocksAgree();
      connections.clocksAgree(link.uid);
    }
    const statement = connections.statement(link.uid);
    if (statement) link.send('statement', statement);
    sharing.opened(link);
  });
  swarm.on('close', (link) => {
    sharing.closed(link);
    inbox.closed(link);
  });
  swarm.on('frame', (link, frame, bytes) => onFrame(rooms, link, frame, bytes));
  swarm.on('problem', (error, uid) => {
    // Strangers and races are the normal case of a public network; only what concerns a known person is noted.
    if (uid !== null) notes.add(error, nameOf(rooms, uid));
  });
  swarm.on('record', (uid, text) => {
    quietly(people.shown(uid, text), nameOf(rooms, uid));
  });

  live.on('ended', ({ session }) => {
    if (sharing.get(session)) quietly(sharing.unshare([session], null, 'ended'), '');
  });
  return meet;
}

/** What the user should know about a change of somebody's devices. */
function alarmsOf({ people }: Rooms, uid: number, change: PinChange): TeammateSyncError[] {
  const alarms: TeammateSyncError[] = [];
  const trusted = people.goodDevices(uid).length > 0;
  if (change.blocked.length > 0 && trusted) {
    alarms.push(new TeammateSyncError('DEVICE_BLOCKED', 'a new device was published that no known one vouches for'));
  }
  if (change.blocked.length > 0 && !trusted) {
    const what = `${change.blocked.length} devices are published, and none vouches for the others`;
    alarms.push(new TeammateSyncError('RECORD_TREE', what));
  }
  if (change.rolledBack.length > 0) {
    alarms.push(new TeammateSyncError('RECORD_ROLLBACK', 'GitHub shows an older record than was seen before'));
  }
  return alarms;
}
