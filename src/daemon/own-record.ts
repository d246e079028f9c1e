/** This device's own record: kept, renewed before it lapses, published on GitHub. */
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { type Account, type DeviceKeys, type Directory, makeRecord, recordFileName } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { readPrivateFile, replacePrivateFile } from '../platform/private-files.ts';
import { DecodeError } from '../protocol/decode.ts';
import { CLOCK_SKEW_MAX_MS, RECORD_RENEW_MS } from '../protocol/limits.ts';
import { b64url } from '../protocol/bytes.ts';
import { parseRecord, type SignedRecord } from '../protocol/record.ts';
import type { Rooms } from './rooms.ts';

const fileIn = (state: string): string => path.join(state, 'own-record.txt');

const isAhead = ({ record }: SignedRecord, now: number): boolean => record.created * 1000 > now + CLOCK_SKEW_MAX_MS;

/** The record of an earlier run; null when there is none of these keys. */
function loadOwnRecord(state: string, keys: DeviceKeys): SignedRecord | null {
  const bytes = readPrivateFile(fileIn(state));
  if (!bytes) return null;
  try {
    const signed = parseRecord(bytes.toString('utf8'));
    return signed.record.sign === b64url(keys.sign.publicKey) ? signed : null;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/**
 * The record that holds now: the kept one, or a new one when there is none, or it lapses soon, is dated in the future, or
 * names another account. A new one is dated by GitHub's clock, which is asked: one that is dated by a clock that was set
 * wrong is refused by everybody until its date comes.
 * @throws GITHUB_*
 */
export async function currentRecord(
  state: string,
  keys: DeviceKeys,
  who: Account & { host: string },
  { clock, directory }: { clock: Clock; directory: Pick<Directory, 'whoAmI' | 'dateSkewMs'> },
): Promise<SignedRecord> {
  const kept = loadOwnRecord(state, keys);
  const same = kept?.record.uid === who.uid && kept.record.host === who.host;
  const holds = (now: number): boolean =>
    kept !== null && same && kept.record.expires * 1000 - now > RECORD_RENEW_MS && !isAhead(kept, now);
  if (kept && holds(clock.now())) return kept;
  await directory.whoAmI();
  const now = clock.now() + (directory.dateSkewMs() ?? 0);
  if (kept && holds(now)) return kept;
  const fresh = makeRecord(keys, who, now, same ? kept.record : null);
  replacePrivateFile(fileIn(state), Buffer.from(`${fresh.text}\n`));
  return fresh;
}

/** @throws GITHUB_* */
export async function publishRecord(directory: Directory, keys: DeviceKeys, record: SignedRecord): Promise<void> {
  await directory.publish(recordFileName(keys.sign.publicKey), `${record.text}\n`);
}

/** Issues the record anew before it lapses, and publishes it; `publishAnyway` also when it is the same. @throws GITHUB_* */
export async function renewRecord(rooms: Rooms, options: { publishAnyway: boolean }): Promise<void> {
  const { self, settings, surroundings, directory } = rooms;
  const who = { uid: self.uid, login: self.login, host: settings.host };
  const { clock } = surroundings;
  const record = await currentRecord(settings.paths.state, self.keys, who, { clock, directory });
  const same = record.text === self.record.text;
  self.record = record;
  if (!same || options.publishAnyway) await publishRecord(directory, self.keys, record);
}

/** Who this home belongs to, without asking GitHub. @throws NOT_SET_UP */
export function requireOwnRecord(state: string, keys: DeviceKeys): SignedRecord {
  const record = loadOwnRecord(state, keys);
  if (!record) throw new TeammateSyncError('NOT_SET_UP', 'this machine has no device record yet');
  return record;
}
