/** What GitHub lists of an account, each record checked for itself; one that fails is left out and told. */
import { type ErrorCode, TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { SignedRecord } from '../protocol/record.ts';
import type { Account, Directory } from './directory.ts';
import { checkRecord } from './records.ts';

/**
 * By which clock records are dated and checked, unix milliseconds: GitHub's as it was heard last. Ours may have been set,
 * and nobody's records lapse by that.
 */
export function githubNow({ clock, directory }: { clock: Clock; directory: Pick<Directory, 'dateSkewMs'> }): number {
  return clock.now() + (directory.dateSkewMs() ?? 0);
}

const UNCLEAR: ReadonlySet<ErrorCode> = new Set(['GITHUB_UNREACHABLE', 'GITHUB_REFUSED', 'NO_TOKEN']);

/** It is not GitHub's clear word about what was asked: on it nothing may change. */
export function isUnclear(error: unknown): boolean {
  return !(error instanceof TeammateSyncError) || UNCLEAR.has(error.code);
}

/** Nothing of an account that is gone. @param warn told of each record that is refused @throws GITHUB_* */
export async function listedRecords(
  directory: Directory,
  account: Account,
  now: () => number,
  warn: Warn,
): Promise<SignedRecord[]> {
  const published = await directory.records(account).catch((error: unknown) => {
    if (error instanceof TeammateSyncError && error.code === 'NO_SUCH_PERSON') return [];
    throw error;
  });
  const { host } = directory;
  return published.flatMap(({ ownerUid, name, text }) => {
    try {
      if (ownerUid !== account.uid) {
        throw new TeammateSyncError('RECORD_WRONG_OWNER', `a record among those of ${account.login} is not theirs`);
      }
      return [checkRecord(text, { host, uid: ownerUid, fileName: name, now: now() })];
    } catch (error) {
      warn(`${name} of ${account.login} was refused`, error);
      return [];
    }
  });
}

type Warn = (message: string, error: unknown) => void;

/** A record that is refused is refused at each look; it is told once. */
export function onceEach(warn: Warn): Warn {
  const told = new Set<string>();
  return (message, error) => {
    const what = `${message}: ${String(error)}`;
    if (!told.has(what)) warn(message, error);
    told.add(what);
  };
}

/** What GitHub lists of oneself, with this device's record as this device knows it. */
export function withOwn(listed: SignedRecord[], own: SignedRecord): SignedRecord[] {
  return [...listed.filter((s) => s.record.sign !== own.record.sign), own];
}
