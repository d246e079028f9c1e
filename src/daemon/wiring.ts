/** What follows from what, across rooms. Data goes one way; here is the control that goes both. */
import { CONTACT_DEVICES_MAX } from '../protocol/limits.ts';
import type { Contact } from '../swarm/index.ts';
import { endWithConversation } from './end-with-conversation.ts';
import { nameOf, onFrame } from './frames.ts';
import { noteHistory } from './history/noting.ts';
import { endRevoked, ownLinks, tellAll, tellStanding, tellTrusted, unknownDevices } from './own-devices.ts';
import { leftAlarm, noteChange, noteCompared, noteOwnListed, noteStale } from './pin-alarms.ts';
import { onOrgRenamed, onRenamed } from './renames.ts';
import type { Rooms } from './rooms.ts';
import { mayHear, speak } from './speaking.ts';

/**
 * Whom to meet: trusted devices of members who are neither blocked nor disconnected. One's own other devices and those one
 * deals with are joined, and of the rest as many as there is room for. A revoked device meets nobody.
 */
function contactsOf({ people, connections, self, surroundings }: Rooms): Contact[] {
  if (people.isRevoked) return [];
  const { contactDevicesMax = CONTACT_DEVICES_MAX } = surroundings;
  return [people.own, ...people.all()]
    .flatMap(({ uid }) =>
      people.goodDevices(uid).flatMap(({ login, sign, box, former }) => {
        // Under its former key, too, until it was met under the new one.
        const boxes = former && former.until > surroundings.clock.now() ? [box, former.box] : [box];
        return boxes.map((key) => ({ uid, login, sign, box: key }));
      }),
    )
    .filter(({ uid, sign }) => sign !== self.signKey && connections.mayMeet(uid, sign))
    .map((device) => ({ ...device, tied: device.uid === self.uid || connections.isTied(device.uid, device.sign) }))
    .sort((a, b) => Number(b.tied) - Number(a.tied))
    .map(({ tied, ...device }, i) => ({ ...device, joined: tied || i < contactDevicesMax }));
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
  let met = contactsOf(rooms);
  const meet = (): void => {
    const now = contactsOf(rooms);
    swarm.meet(now);
    // Whoever must not be met any more also loses the key under which we were found.
    const gone = met.filter((c) => !now.some((n) => n.sign === c.sign));
    met = now;
    if (gone.some((c) => isBarred(rooms, c))) swarm.turnTransportKey();
  };

  noteHistory(rooms);
  people.on('changed', (uid, change) => {
    const about = nameOf(rooms, uid);
    noteChange(rooms, uid, change);
    meet();
    sharing.devicesChanged(uid);
    for (const link of change.returned.length > 0 ? swarm.linksOf(uid) : []) speak(rooms, link);
    if (change.added.length > 0) for (const link of ownLinks(rooms)) tellTrusted(rooms, link);
    if (uid === rooms.self.uid && people.isRevoked) quietly(endRevoked(rooms), about);
  });
  people.on('renamed', (uid, before) => onRenamed(rooms, uid, before));
  people.on('orgRenamed', (before, now) => onOrgRenamed(rooms, before, now));
  people.on('ownListed', (isListed) => noteOwnListed(rooms, isListed));
  people.on('left', (uid) => {
    notes.add(leftAlarm(rooms), nameOf(rooms, uid));
    quietly(sharing.endAllWith(uid, 'disconnected'), nameOf(rooms, uid));
    quietly(inbox.wipePerson(uid, 'left the workspace'), nameOf(rooms, uid));
    meet();
    swarm.turnTransportKey();
  });

  connections.on('say', (uid, bytes) => {
    for (const link of swarm.linksOf(uid)) if (mayHear(rooms, link, bytes)) link.send('statement', bytes);
  });
  connections.on('connected', (uid) => {
    for (const link of swarm.linksOf(uid)) {
      // Another device of theirs may not know yet that it is connected, and would refuse what it is granted.
      speak(rooms, link);
      sharing.connected(link);
      rooms.earlyGrants.ask(link);
    }
  });
  connections.on('invited', (uid) => {
    const { login = nameOf(rooms, uid), project = null } = connections.person(uid) ?? {};
    const about = project === null || project === '' ? '' : ` (${project})`;
    rooms.desktop.invite(uid, `${login} invites you${about}. Answer: /accept ${login} or /decline ${login}`);
  });
  connections.on('ended', (uid, why) => {
    const reason = why === 'blocked' ? 'blocked' : 'disconnected';
    quietly(sharing.endAllWith(uid, reason), nameOf(rooms, uid));
    quietly(inbox.wipePerson(uid, why), nameOf(rooms, uid));
  });
  connections.on('changed', (uid) => {
    for (const link of ownLinks(rooms)) tellStanding(rooms, link, uid);
    for (const link of swarm.linksOf(uid)) {
      const echo = connections.echo(uid, link.sign);
      if (echo) link.send('statement', echo);
    }
    meet();
  });

  swarm.on('open', (link) => {
    if (!link.skewed) {
      rooms.self.clocksAgree();
      connections.clocksAgree();
    }
    people.met(link.uid, link.sign, link.box);
    speak(rooms, link);
    if (link.uid === rooms.self.uid) tellAll(rooms, link);
    sharing.opened(link);
    rooms.receipts.opened();
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

  inbox.on('ended', (uid, session) => rooms.receipts.forget(uid, session));
  live.on('ended', ({ session }) => {
    if (sharing.get(session)) quietly(endWithConversation(rooms, [session]), '');
  });
  for (const { uid } of people.all()) noteCompared(rooms, uid);
  const alarm = unknownDevices(rooms);
  if (alarm) notes.add(alarm, nameOf(rooms, rooms.self.uid));
  if (people.isRevoked) quietly(endRevoked(rooms), '');
  return () => {
    meet();
    // What was refused because one side had not heard of a device yet is taken now.
    for (const link of swarm.links()) speak(rooms, link);
    noteStale(rooms);
  };
}

/** True when it is not for the moment only that this device is not met: also the key is taken away from it. */
function isBarred({ people, connections }: Rooms, { uid, sign }: Contact): boolean {
  const state = people.get(uid)?.devices.find((d) => d.sign === sign)?.state;
  return !connections.mayMeet(uid, sign) || state === 'revoked' || state === 'blocked' || state === 'unlisted';
}
