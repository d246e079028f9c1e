/** accept, decline, disconnect, block, unblock: the verbs that decide about trust. */
import type { PersonResponse } from '../../protocol/local-api.ts';
import { requireNotRevoked } from '../own-devices.ts';
import type { Rooms } from '../rooms.ts';
import { describePerson, knownPerson, oneself } from './persons.ts';

/** How long an answer waits to name what the inviter shares. It comes whether it is waited for or not. */
const FIRST_GRANTS_MS = 2000;

/** A new connection needs GitHub's word of now that this is a member, under this handle. @throws as People.resolve, NO_INVITE */
export async function accept(rooms: Rooms, handle: string): Promise<PersonResponse> {
  const { connections, inbox, swarm, people } = rooms;
  requireNotRevoked(rooms);
  knownPerson(rooms, handle);
  const person = await people.resolve(handle);
  connections.accept(person.uid, person.login);
  const theirs = (): string[] => [...new Set(inbox.of(person.uid).map((h) => h.replica.grant.session))];
  if (swarm.linksOf(person.uid).length > 0 && theirs().length === 0) await firstGrants(rooms, person.uid);
  return describePerson(rooms, person, theirs());
}

/** Resolves when something of theirs has come, or when that took too long. */
function firstGrants({ inbox }: Rooms, uid: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      inbox.off('changed', onChange);
      resolve();
    };
    const onChange = (whose: number): void => {
      if (whose === uid) done();
    };
    const timer = setTimeout(done, FIRST_GRANTS_MS);
    inbox.on('changed', onChange);
  });
}

export async function decline(rooms: Rooms, handle: string): Promise<PersonResponse> {
  const person = knownPerson(rooms, handle);
  rooms.connections.decline(person.uid, person.login);
  return describePerson(rooms, person, []);
}

/** Sessions shared in either direction, which end with the trust. */
function between({ sharing, inbox }: Rooms, uid: number): string[] {
  const mine = sharing
    .list()
    .filter((s) => s.stored.recipients.some((r) => r.uid === uid))
    .map((s) => s.id);
  const theirs = inbox.of(uid).map((h) => h.replica.grant.session);
  return [...new Set([...mine, ...theirs])];
}

/** Answers when nothing of theirs is left on this disk and nothing of ours is served to them. */
export async function disconnect(rooms: Rooms, handle: string): Promise<PersonResponse> {
  const person = knownPerson(rooms, handle);
  const sessions = between(rooms, person.uid);
  rooms.connections.disconnect(person.uid, person.login);
  await rooms.sharing.endAllWith(person.uid, 'disconnected');
  await rooms.inbox.wipePerson(person.uid, 'disconnected');
  return describePerson(rooms, person, sessions);
}

export async function block(rooms: Rooms, handle: string): Promise<PersonResponse> {
  const { connections, people, sharing, inbox, self } = rooms;
  // Somebody can be blocked before ever having been met.
  const person = people.known(handle) ?? (await people.resolve(handle));
  if (person.uid === self.uid) throw oneself();
  const sessions = between(rooms, person.uid);
  connections.block(person.uid, person.login);
  await sharing.endAllWith(person.uid, 'blocked');
  await inbox.wipePerson(person.uid, 'blocked');
  return describePerson(rooms, person, sessions);
}

export async function unblock(rooms: Rooms, handle: string): Promise<PersonResponse> {
  const person = knownPerson(rooms, handle);
  rooms.connections.unblock(person.uid, person.login);
  return describePerson(rooms, person, []);
}
