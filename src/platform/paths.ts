/** Where everything lives. Nothing here makes or changes a file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { SOCKET_PATH_MAX_BYTES } from '../protocol/limits.ts';
import { ownUid, unsafeBecause } from './ownership.ts';

/** The part of the environment that decides places. */
export type PathEnv = Readonly<Record<string, string | undefined>>;

export interface HomePaths {
  /** `~/.teammate-sync`, or what TEAMMATE_SYNC_HOME says. */
  home: string;
  config: string;
  auth: string;
  keys: string;
  state: string;
  log: string;
  lock: string;
  /** Unix socket, or on Windows a named pipe, of the local API. Its folder may not exist yet. */
  socket: string;
}

/**
 * @throws TeammateSyncError BAD_CONFIG for a relative TEAMMATE_SYNC_HOME: it would mean another home, with other keys, in
 * each folder that Claude Code is started in
 */
export function homeDir(env: PathEnv = process.env): string {
  return absoluteFrom(env, 'TEAMMATE_SYNC_HOME') ?? path.join(userHome(env), '.teammate-sync');
}

/** Claude Code's own folder: CLAUDE_CONFIG_DIR or `~/.claude`. A relative value counts from here, as Claude Code has it. */
export function claudeConfigDir(env: PathEnv = process.env): string {
  const given = env['CLAUDE_CONFIG_DIR'];
  return given ? path.resolve(given) : path.join(userHome(env), '.claude');
}

/** All places below one home (an absolute path). @throws TeammateSyncError UNSAFE_FILE when no place for a socket is safe */
export function homePaths(home: string, env: PathEnv = process.env): HomePaths {
  const state = path.join(home, 'state');
  return {
    home,
    config: path.join(home, 'config.json'),
    auth: path.join(home, 'auth.json'),
    keys: path.join(home, 'keys'),
    state,
    log: path.join(state, 'daemon.log'),
    lock: path.join(home, 'daemon.lock'),
    socket: process.platform === 'win32' ? pipeName(home) : socketPath(home, env),
  };
}

function userHome(env: PathEnv): string {
  const variable = process.platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  return variable && path.isAbsolute(variable) ? variable : os.homedir();
}

function absoluteFrom(env: PathEnv, name: string): string | null {
  const given = env[name];
  if (!given) return null;
  if (!path.isAbsolute(given)) {
    throw new TeammateSyncError('BAD_CONFIG', `${name} is not an absolute path: ${given}`, {
      hint: `set ${name} to an absolute path, or unset it`,
    });
  }
  return path.resolve(given);
}

function homeHash(home: string): string {
  // Not imported: it is rarely needed, and loading it takes 3 ms of the start of every command.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(home).digest('hex').slice(0, 8);
}

function pipeName(home: string): string {
  const user = os.userInfo().username.replaceAll(/[^\w.-]/g, '_');
  return String.raw`\\.\pipe\teammate-sync-${user}-${homeHash(home)}`;
}

const fits = (socket: string): boolean => Buffer.byteLength(socket) <= SOCKET_PATH_MAX_BYTES;

/**
 * `<home>/run/daemon.sock`, or where that is too long for a socket address, one in a private folder outside. The daemon and
 * its callers may have different environments (a service has no TMPDIR, a sandboxed shell another one), so a socket that
 * is there wins over the order of the candidates.
 */
function socketPath(home: string, env: PathEnv): string {
  const inside = path.join(home, 'run', 'daemon.sock');
  if (fits(inside)) return inside;
  const folders = runtimeFolders(home, env).filter((folder) => fits(path.join(folder, 'daemon.sock')));
  const usable = folders.filter((folder) => refusal(folder) === null);
  const chosen = usable.find((folder) => fs.existsSync(path.join(folder, 'daemon.sock'))) ?? usable[0];
  if (chosen !== undefined) return path.join(chosen, 'daemon.sock');
  const first = folders[0];
  throw (
    (first === undefined ? null : refusal(first)) ??
    new TeammateSyncError('BAD_CONFIG', `the path of the home is too long for a socket: ${home}`, {
      hint: 'set TEAMMATE_SYNC_HOME to a shorter path',
    })
  );
}

function runtimeFolders(home: string, env: PathEnv): string[] {
  const uid = ownUid() ?? 0;
  const short = homeHash(home);
  const folders: string[] = [];
  const runtime = [env['XDG_RUNTIME_DIR'], process.platform === 'linux' ? `/run/user/${uid}` : undefined];
  for (const parent of runtime) {
    if (parent && path.isAbsolute(parent) && isOwnFolder(parent))
      folders.push(path.join(parent, `teammate-sync-${short}`));
  }
  for (const parent of [env['TMPDIR'], os.tmpdir(), '/tmp']) {
    if (parent && path.isAbsolute(parent)) folders.push(path.join(parent, `teammate-sync-${uid}-${short}`));
  }
  return [...new Set(folders)];
}

/** The runtime folder of the login: ours, whoever may look into it. */
function isOwnFolder(folder: string): boolean {
  try {
    const stat = fs.statSync(folder);
    return stat.isDirectory() && stat.uid === ownUid();
  } catch {
    return false;
  }
}

/** Null when the folder is private or not there yet. Anyone can make one in /tmp and listen in it, so callers check too. */
function refusal(folder: string): TeammateSyncError | null {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stat ? unsafeBecause(folder, stat, 'folder') : null;
}
