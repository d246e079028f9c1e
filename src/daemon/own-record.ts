/** This device's own record: kept, re-issued when something in it changes or it lapses soon, published on GitHub. */
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import {
  type Account,
  type DeviceKeys,
  type Directory,
  githubNow,
  makeRecord,
  type Place,
  type Publication,
  recordFileName,
  type Self,
} from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { readPrivateFile, replacePrivateFile } from '../platform/private-files.ts';
import { openStateFile } from '../platform/state-file.ts';
import { bool, DecodeError, nullable, object, oneOf } from '../protocol/decode.ts';
import { CLOCK_SKEW_MAX_MS, RECORD_RENEW_MS } from '../protocol/limits.ts';
import { b64url } from '../protocol/bytes.ts';
import { type DeviceRecord, parseRecord, type SignedRecord } from '../protocol/record.ts';

const fileIn = (state: string): string => path.join(state, 'own-record.txt');

const isAhead = ({ record }: SignedRecord, now: number): boolean => record.created * 1000 > now + CLOCK_SKEW_MAX_MS;

/** Whether this account had other devices when this one was set up: then it waits for one of them to vouch for it. */
const joinsFile = object({ v: oneOf(1), joins: bool });

function openJoins(state: string) {
  return openStateFile(path.join(state, 'joins.json'), joinsFile, { v: 1, joins: false });
}

/** Where this device's record is on GitHub: what this machine put there, and has not taken away. */
const publishedFile = object({ v: oneOf(1), place: nullable(oneOf('gist', 'keyring')) });

function openPublished(state: string) {
  return openStateFile(path.join(state, 'published.json'), publishedFile, { v: 1, place: null });
}

/** Null: it is not published, as far as this machine knows. */
export function publishedPlace(state: string): Place | null {
  return openPublished(state).value.place;
}

function keepPlace(state: string, place: Place | null): void {
  const file = openPublished(state);
  if (file.value.place === place) return;
  file.value.place = place;
  file.save();
}

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

function keepRecord(state: string, record: SignedRecord): SignedRecord {
  replacePrivateFile(fileIn(state), Buffer.from(`${record.text}\n`));
  return record;
}

/**
 * The record that holds now: the kept one, or a new one when there is none, or it lapses soon, is dated in the future,
 * names another account or a box key that is gone. A new one is dated by GitHub's clock, which is asked: one that is dated by a clock that was set
 * wrong is refused by everybody until its date comes.
 * @throws GITHUB_*
 */
export async function currentRecord(
  state: string,
  keys: DeviceKeys,
  who: Account & { host: string },
  { clock, directory }: { clock: Clock; directory: Pick<Directory, 'whoAmI' | 'dateSkewMs'> },
): Promise<SignedRecord> {
  const ours = (): SignedRecord | null => {
    const kept = loadOwnRecord(state, keys);
    return kept?.record.uid === who.uid && kept.record.host === who.host ? kept : null;
  };
  const holds = (kept: SignedRecord, now: number): boolean =>
    kept.record.box === b64url(keys.box.publicKey) &&
    kept.record.expires * 1000 - now > RECORD_RENEW_MS &&
    !isAhead(kept, now);
  const before = ours();
  if (before && holds(before, clock.now())) return before;
  await directory.whoAmI();
  // Read again: a revocation or somebody's word may have been taken into it while GitHub was asked.
  const kept = ours();
  const now = githubNow({ clock, directory });
  if (kept && holds(kept, now)) return kept;
  return keepRecord(state, makeRecord(keys, who, now, kept?.record ?? null));
}

/** @throws KEYRING_MISSING, GITHUB_* */
async function publishRecord(
  directory: Directory,
  state: string,
  keys: DeviceKeys,
  record: SignedRecord,
): Promise<Publication> {
  const published = await directory.publish(recordFileName(keys.sign.publicKey), `${record.text}\n`);
  keepPlace(state, published.place);
  return published;
}

/** Takes the record of this device, that lies under this name, from GitHub. @throws GITHUB_* */
export async function unpublishRecord(directory: Directory, state: string, name: string): Promise<void> {
  await directory.unpublish(name, publishedPlace(state) ?? undefined);
  keepPlace(state, null);
}

/**
 * For `init`: makes or keeps the record, and publishes it. A new device of an account that has others joins them.
 * @param hasOthers GitHub lists other devices of this account
 * @throws KEYRING_MISSING, GITHUB_*
 */
export async function setUpRecord(
  directory: Directory,
  state: string,
  keys: DeviceKeys,
  who: Account & { host: string },
  { hasOthers, clock }: { hasOthers: boolean; clock: Clock },
): Promise<SignedRecord & { published: Publication }> {
  const joins = openJoins(state);
  if (loadOwnRecord(state, keys) === null) {
    joins.value = { v: 1, joins: hasOthers };
    joins.save();
  }
  const record = await currentRecord(state, keys, who, { clock, directory });
  return { ...record, published: await publishRecord(directory, state, keys, record) };
}

/** Who this home belongs to, without asking GitHub. @throws NOT_SET_UP */
export function requireOwnRecord(state: string, keys: DeviceKeys): SignedRecord {
  const record = loadOwnRecord(state, keys);
  if (!record) throw new TeammateSyncError('NOT_SET_UP', 'this machine has no device record yet');
  return record;
}

export interface OwnRecordOptions {
  state: string;
  host: string;
  self: Self;
  directory: Directory;
  clock: Clock;
  /** Once this device is revoked it is not published any more. */
  isRevoked: () => boolean;
  /** Another record holds from now on; it is on disk. */
  onChanged: () => void;
  /** GitHub has this record now. */
  onPublished: (record: SignedRecord) => void;
}

export class OwnRecord {
  readonly #options: OwnRecordOptions;
  readonly #joins;
  #published = '';
  #publishing: { text: string; done: Promise<void> } | null = null;

  constructor(options: OwnRecordOptions) {
    this.#options = options;
    this.#joins = openJoins(options.state);
  }

  /** This account had other devices when this one was set up, and this one was not made the first one since. */
  get joins(): boolean {
    return this.#joins.value.joins;
  }

  /** Issues the record anew before it lapses, and publishes what is not published yet. @throws GITHUB_* */
  async renew(): Promise<void> {
    const { state, self, host, clock, directory, isRevoked } = this.#options;
    if (isRevoked()) return;
    const who = { uid: self.uid, login: self.login, host };
    this.#set(await currentRecord(state, self.keys, who, { clock, directory }));
    await this.#publish();
  }

  /**
   * Issues the record with these changes. It holds when this returns or throws; what could not be published is published
   * at the next renewal. @throws GITHUB_*
   */
  async reissue(changes: Partial<Pick<DeviceRecord, 'endorse' | 'revokes'>>): Promise<void> {
    const { state, self, host, clock, directory } = this.#options;
    const who = { uid: self.uid, login: self.login, host };
    if (changes.endorse === null) {
      this.#joins.value = { v: 1, joins: false };
      this.#joins.save();
    }
    // By GitHub's clock as it was last heard, without asking: a revocation does not wait for that.
    const now = githubNow({ clock, directory });
    this.#set(keepRecord(state, makeRecord(self.keys, who, now, self.record.record, changes)));
    await this.#publish();
  }

  #set(record: SignedRecord): void {
    const { self, onChanged } = this.#options;
    if (record.text === self.record.text) return;
    self.record = record;
    onChanged();
  }

  /** Once: a renewal that comes while GitHub is asked waits for that. */
  #publish(): Promise<void> {
    const { record } = this.#options.self;
    if (record.text === this.#published) return Promise.resolve();
    if (this.#publishing?.text === record.text) return this.#publishing.done;
    const publishing = { text: record.text, done: this.#send(record) };
    this.#publishing = publishing;
    const over = (): void => {
      if (this.#publishing === publishing) this.#publishing = null;
    };
    publishing.done.then(over, over);
    return publishing.done;
  }

  async #send(record: SignedRecord): Promise<void> {
    const { self, state, directory, onPublished } = this.#options;
    await publishRecord(directory, state, self.keys, record);
    this.#published = record.text;
    onPublished(record);
  }
}
