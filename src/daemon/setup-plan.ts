/** What `init` is about to do, found out without doing it. */
import fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import {
  type Account,
  type DeviceKeys,
  type Directory,
  loadDeviceKeys,
  ofDevice,
  recordFileName,
} from '../identity/index.ts';
import { keyringName } from '../github/index.ts';
import type { Config } from '../platform/config.ts';
import type { HomePaths } from '../platform/paths.ts';
import type { PlannedFile, SetupPlan } from '../protocol/setup.ts';
import { requireOwnRecord } from './own-record.ts';

/** All of the plan but what goes into Claude Code. */
export type HomePlan = Omit<SetupPlan, 'claude'>;

/** @throws GITHUB_*, UNSAFE_FILE */
export async function planSetup(
  directory: Directory,
  me: Account,
  { paths, before, after }: { paths: HomePaths; before: Config | null; after: Config },
): Promise<HomePlan> {
  const keys = unlessMissing(() => loadDeviceKeys(paths.keys, null));
  const record = keys && unlessMissing(() => requireOwnRecord(paths.state, keys));
  const held = record?.record.uid === me.uid && record.record.host === after.host ? record : null;
  return {
    handle: me.login,
    org: after.org,
    files: [
      keys
        ? { path: paths.keys, change: 'keep', lines: [] }
        : { path: paths.keys, change: 'make', lines: ['+ the secret keys of this device, which never leave it'] },
      folder(paths.state, '+ the state of the daemon'),
      configChange(paths.config, before, after),
    ],
    publishes: await newlyPublished(directory, me, { keys, text: held?.text ?? null, org: after.org }),
  };
}

/** Null when the file is not there yet. */
function unlessMissing<T>(load: () => T): T | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof TeammateSyncError && error.code === 'NOT_SET_UP') return null;
    throw error;
  }
}

function folder(path: string, line: string): PlannedFile {
  return fs.existsSync(path) ? { path, change: 'keep', lines: [] } : { path, change: 'make', lines: [line] };
}

function configChange(path: string, before: Config | null, after: Config): PlannedFile {
  const was = linesOf(before);
  const is = linesOf(after);
  const lines = [
    ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
  ];
  return { path, change: before ? (lines.length > 0 ? 'change' : 'keep') : 'make', lines };
}

function linesOf(config: Config | null): string[] {
  return Object.entries(config ?? {}).flatMap(([field, value]) =>
    value === undefined ? [] : [`${field}: ${JSON.stringify(value)}`],
  );
}

async function newlyPublished(
  directory: Directory,
  me: Account,
  { keys, text, org }: { keys: DeviceKeys | null; text: string | null; org: string },
): Promise<string | null> {
  const where =
    `in a public gist of ${me.login} that everybody can read ` +
    `(or, where GitHub has no gists for you, in a comment on ${keyringName(org)} that its readers can read)`;
  if (!keys) return `the public keys of this device, ${where}`;
  const name = recordFileName(keys.sign.publicKey);
  const there = ofDevice(await directory.records(me), keys.sign.publicKey);
  if (there && there.text.trim() === text) return null;
  return `${there ? 'a newer' : 'the'} record of the public keys of this device (${name}), ${where}`;
}
