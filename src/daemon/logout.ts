/** What `logout` does, once no daemon runs. Each step can be done again, and each is done whatever became of the others. */
import fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import {
  createGithubDirectory,
  findToken,
  lookForToken,
  recordPage,
  rememberToken,
  type TokenSource,
} from '../github/index.ts';
import { loadDeviceKeys, recordFileName } from '../identity/index.ts';
import { parseApiBase } from '../platform/api-host.ts';
import type { Clock } from '../platform/clock.ts';
import { readAuth, removeAuth } from '../platform/auth-file.ts';
import { type Config, readConfig, writeConfig } from '../platform/config.ts';
import { shellQuote } from '../platform/ownership.ts';
import type { HomePaths } from '../platform/paths.ts';
import { removeUnfinished } from '../platform/private-files.ts';
import type { LoggedOut, Remaining } from '../protocol/logout.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { takeHome } from './home-turn.ts';
import { publishedPlace, requireOwnRecord, unpublishRecord } from './own-record.ts';
import { type Environment, pathsOf } from './settings.ts';

export interface LogoutOptions {
  /** What is published of this device stays published. */
  keepDevice: boolean;
  env: Environment;
  clock: Clock;
}

/**
 * Marks the home as signed out, so that no daemon starts and publishes anew; takes this device's record from GitHub; and
 * last, because that needs it, removes the token that was kept.
 * @throws NOT_SET_UP, BAD_CONFIG, UNSAFE_FILE, DAEMON_ALREADY_RUNNING
 */
export async function logOut(options: LogoutOptions): Promise<LoggedOut> {
  const { env, clock, keepDevice } = options;
  const paths = pathsOf(env);
  const config = readConfig(paths.config);
  if (!config) throw new TeammateSyncError('NOT_SET_UP', `nothing is set up in ${paths.home}, so nobody is signed in`);
  const result: LoggedOut = { removed: [], undone: [], left: [] };
  const lock = await takeHome(paths.lock, clock);
  try {
    removeUnfinished(paths.home);
    writeConfig(paths.config, { ...config, signedOut: true });
    result.removed.push('no daemon of this home starts any more, until `teammate-sync init`');
    const from = await tokenFrom(env, config, paths);
    if (keepDevice) result.left.push(...published(paths));
    else await takeRecord(options, config, paths, { result, from });
    takeSecrets(paths, config, result);
    result.left.push(...otherTokens(from, config), {
      what: 'the keys of this device, who you deal with, and what is shared are kept for the next init',
      how: `rm -r ${shellQuote(paths.home)}`,
    });
    return result;
  } finally {
    lock.release();
  }
}

/** The file goes whatever is in it; of one that cannot be read, both may have been there. */
function takeSecrets({ auth }: HomePaths, { apiBase }: Config, { removed, left }: LoggedOut): void {
  const kept = keptIn(auth);
  if (!removeAuth(auth)) return;
  if (kept.token) {
    removed.push(`the GitHub token in ${auth}`);
    left.push({
      what: 'on GitHub that token is still good, until you take it from the OAuth app',
      how: new URL('/settings/applications', parseApiBase(apiBase).web).href,
    });
  }
  if (kept.key) {
    removed.push(`the Anthropic API key in ${auth}`);
    left.push({
      what: 'that key is still good, until you delete it where you made it',
      how: 'https://console.anthropic.com/settings/keys',
    });
  }
}

function keptIn(auth: string): { token: boolean; key: boolean } {
  try {
    const { token, anthropic } = readAuth(auth);
    return { token: token !== undefined, key: anthropic !== undefined };
  } catch {
    return { token: true, key: true };
  }
}

/** Null when there is none; one that cannot be read is none to us. */
async function tokenFrom(env: Environment, { apiBase }: Config, { auth }: HomePaths): Promise<TokenSource | null> {
  try {
    return (await lookForToken(env, apiBase, auth))?.from ?? null;
  } catch {
    return null;
  }
}

/** The name of this device's record, and whose it is. Null when none was ever made. */
function ownRecord({ keys, state }: HomePaths): { file: string; login: string; uid: number } | null {
  if (!fs.existsSync(keys)) return null;
  try {
    const loaded = loadDeviceKeys(keys, null);
    const { login, uid } = requireOwnRecord(state, loaded).record;
    return { file: recordFileName(loaded.sign.publicKey), login, uid };
  } catch (error) {
    if (error instanceof TeammateSyncError && error.code === 'NOT_SET_UP') return null;
    throw error;
  }
}

/** Where a person deletes it by hand. */
function byHand({ apiBase, org }: Config, { state }: HomePaths, login: string): string {
  const place = publishedPlace(state) ?? 'gist';
  const page = recordPage(parseApiBase(apiBase), place, { login, org });
  return `delete the ${place === 'gist' ? 'file' : 'comment'} at ${page}`;
}

function published(paths: HomePaths): Remaining[] {
  const own = ownRecord(paths);
  return own
    ? [{ what: `the public keys of this device stay on GitHub (${own.file})`, how: 'teammate-sync logout' }]
    : [];
}

async function takeRecord(
  { env, clock }: LogoutOptions,
  config: Config,
  paths: HomePaths,
  { result, from }: { result: LoggedOut; from: TokenSource | null },
): Promise<void> {
  const own = ownRecord(paths);
  if (!own) return;
  const { apiBase, org } = config;
  const { token, refused } = rememberToken(() => findToken(env, apiBase, paths.auth));
  const workspace = (): string => org;
  const directory = createGithubDirectory({ apiBase, token, refused, version: PRODUCT_VERSION, clock, workspace });
  try {
    const me = await directory.whoAmI();
    if (me.uid !== own.uid) {
      throw new TeammateSyncError('GITHUB_REFUSED', `the token is of ${me.login}, the record of ${own.login}`);
    }
    await unpublishRecord(directory, paths.state, own.file);
    result.removed.push(`the public keys of this device from GitHub (${own.file})`);
  } catch (error) {
    if (!(error instanceof TeammateSyncError)) throw error;
    // The token of auth.json goes now: with it gone, only a person can.
    const again = from === null || from === 'auth.json' ? '' : 'teammate-sync logout, or ';
    result.undone.push({
      what: `the public keys of this device are still on GitHub (${own.file}): ${error.message}`,
      how: again + byHand(config, paths, own.login),
    });
  }
}

function otherTokens(from: TokenSource | null, { apiBase }: Config): Remaining[] {
  if (from === null || from === 'auth.json') return [];
  if (from !== 'gh') return [{ what: `${from} is set, and not ours to take away`, how: `unset ${from}` }];
  const { webHost } = parseApiBase(apiBase);
  return [{ what: 'gh is still signed in', how: `gh auth logout --hostname ${webHost}` }];
}
