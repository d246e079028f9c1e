/**
 * Whose program is at the other end of a loopback connection. Linux tells it to everybody, so there another user of the
 * machine cannot use an address of the dashboard that they saw (in the arguments of the browser that was started with it).
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { ownUid } from '../../platform/ownership.ts';

/** One for connections of IPv4, one for those that a program made with a socket of IPv6. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];

/** False for another user's. Where the system does not tell, true: elsewhere than on Linux. */
export function isOwnUser({ localPort, remotePort }: Socket): boolean {
  const own = ownUid();
  if (process.platform !== 'linux' || own === null) return true;
  const uids = TABLES.flatMap((table) => uidsIn(read(table), remotePort ?? 0, localPort ?? 0));
  // The superuser can do all anyway; a proxy of a container's is theirs.
  return uids.some((uid) => uid === own || uid === 0);
}

function read(table: string): string {
  try {
    return readFileSync(table, 'latin1');
  } catch {
    return '';
  }
}

/** Of the sockets from one port to another. Lines: number, local address:port, remote address:port, state, … , uid (proc(5)). */
export function uidsIn(table: string, from: number, to: number): number[] {
  const port = (of: number): string => `:${of.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local = '', remote = '', , , , , uid = ''] = line.trim().split(/\s+/);
    return local.endsWith(port(from)) && remote.endsWith(port(to)) ? [Number(uid)] : [];
  });
}
