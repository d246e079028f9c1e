/** What the devices of another person are told of the connection with them. */
import { parseStatement } from '../protocol/statements.ts';
import type { DeviceLink } from '../swarm/index.ts';
import type { Rooms } from './rooms.ts';

/** An invite goes only to a device to which something new may be sealed; what ends or answers goes to all. */
export function mayHear({ people }: Rooms, { uid, sign }: DeviceLink, bytes: Buffer): boolean {
  return people.maySeal(uid, sign, 0) || parseStatement(bytes).statement.t !== 'invite';
}

/** All that stands between the two persons, as it was signed. Identical bytes are ignored there. */
export function speak(rooms: Rooms, link: DeviceLink): void {
  for (const bytes of rooms.connections.spoken(link.uid, link.sign)) {
    if (mayHear(rooms, link, bytes)) link.send('statement', bytes);
  }
}
