/** What follows when GitHub calls somebody, or the workspace, otherwise: the id is the same, so nothing ends. Told once. */
import { TeammateSyncError } from '../errors.ts';
import { readConfig, writeConfig } from '../platform/config.ts';
import { nameOf } from './frames.ts';
import type { Rooms } from './rooms.ts';

export function onRenamed(rooms: Rooms, uid: number, before: string): void {
  const { connections, notes, people, self } = rooms;
  const now = nameOf(rooms, uid);
  connections.renamed(uid, now);
  notes.renamed(before, now);
  const known = people.get(uid);
  if (!known || (uid !== self.uid && !people.matters(known))) return;
  const what = uid === self.uid ? `you are ${now} now` : `${before} is now ${now}`;
  const hint = 'nothing is to be done: connections and shares go on; type the new handle';
  notes.add(new TeammateSyncError('RENAMED', `${what}, the same account`, { hint }), now);
}

export function onOrgRenamed({ settings, notes }: Rooms, before: string, now: string): void {
  settings.org = now;
  const { config } = settings.paths;
  const kept = readConfig(config);
  // So that it is told once, and asked for under its name of now at the next start.
  if (kept) writeConfig(config, { ...kept, org: now });
  const hint = 'nothing is to be done: it is known by its id, and everything goes on';
  notes.add(new TeammateSyncError('RENAMED', `${before} is now ${now}, the same organisation`, { hint }), 'workspace');
}
