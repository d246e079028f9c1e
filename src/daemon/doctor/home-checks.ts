/** The home and what lies in it: there, private, readable, with room on its disk, and held by the daemon that answers. */
import fs from 'node:fs';
import path from 'node:path';
import { deviceFingerprint, loadDeviceKeys } from '../../identity/index.ts';
import { findAnthropicKey } from '../../platform/anthropic-key.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { TeammateSyncError } from '../../errors.ts';
import { acquireHomeLock } from '../../platform/home-lock.ts';
import { createLogger } from '../../platform/logger.ts';
import { assertPrivate } from '../../platform/ownership.ts';
import type { HomePaths } from '../../platform/paths.ts';
import { readPrivateFile } from '../../platform/private-files.ts';
import { systemProcesses } from '../../platform/process-table.ts';
import type { DoctorRequest } from '../../protocol/doctor.ts';
import { isObject } from '../../protocol/is-object.ts';
import { RECORD_RENEW_MS } from '../../protocol/limits.ts';
import { requireOwnRecord } from '../own-record.ts';
import { buildRooms } from '../rooms.ts';
import { type Environment, loadSettings } from '../settings.ts';
import { type Findings, ok, problem, warning } from './report.ts';

const MIB = 1024 * 1024;
/** Less than this, and state can soon no longer be saved. */
const DISK_PROBLEM_BYTES = 100 * MIB;
/** Less than this, and what one teammate may share does not fit. */
const DISK_WARNING_BYTES = 2048 * MIB;
const DAY_MS = 86_400_000;

const INIT = 'teammate-sync init --org <your GitHub org>';

/** @throws UNSAFE_FILE */
export function checkHome({ home, state }: HomePaths): Findings {
  const stat = fs.lstatSync(home, { throwIfNoEntry: false });
  if (!stat) return problem(`${home} is not there: this machine is not set up`, INIT);
  assertPrivate(home, stat, 'folder');
  for (const folder of [home, state]) {
    if (!fs.existsSync(folder)) continue;
    const probe = path.join(folder, `.doctor-${process.pid}`);
    try {
      fs.writeFileSync(probe, '', { flag: 'wx', mode: 0o600 });
      fs.rmSync(probe);
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return problem(`nothing can be written in ${folder} (${why})`, `make room, or: chmod 700 ${folder}`);
    }
  }
  return ok(`${home} is private and can be written`);
}

/** Of the disk that the home is on, or is going to be. */
export function checkDisk({ home }: HomePaths): Findings {
  let folder = home;
  while (!fs.existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = bavail * bsize;
  const left = `${Math.floor(free / MIB).toLocaleString('en')} MiB free on the disk of ${folder}`;
  if (free < DISK_PROBLEM_BYTES) return problem(left, 'make room: nothing can be shared or received without');
  if (free < DISK_WARNING_BYTES) return warning(left, 'make room: a teammate may share up to 2 GiB with you');
  return ok(left);
}

/** @throws BAD_CONFIG, UNSAFE_FILE */
export function checkConfig(paths: HomePaths): Findings {
  if (!fs.existsSync(paths.config)) {
    const half = fs.existsSync(paths.keys) ? 'set-up began and was not completed' : 'this machine is not set up';
    return problem(`${paths.config} is not there: ${half}`, INIT);
  }
  const { host, org, bootstrap } = loadSettings(paths, null);
  return ok(`set up for ${org} on ${host}, joins the DHT by ${bootstrap.slice(0, 2).join(', ')}`);
}

/** Says that there is a key and where it goes, never the key. @throws BAD_CONFIG, UNSAFE_FILE */
export function checkAnthropicKey({ auth }: HomePaths, env: Environment): Findings {
  const found = findAnthropicKey(env, auth);
  if (!found) return ok('none, and none is needed: answers are excerpts');
  const from = found.from === 'auth.json' ? `kept in ${auth}` : `taken from ${found.from}; it is nowhere on this disk`;
  return ok(`${from}; it goes to ${found.base} alone`);
}

/** @throws NOT_SET_UP, UNSAFE_FILE */
export function checkKeys({ keys }: HomePaths): Findings {
  const device = deviceFingerprint(loadDeviceKeys(keys, null).sign.publicKey);
  return ok(`device ${device}, its files are yours alone`);
}

/** The record that this device keeps of itself. @throws NOT_SET_UP, UNSAFE_FILE */
export function checkRecord({ keys, state }: HomePaths, clock: Clock): Findings {
  const { record } = requireOwnRecord(state, loadDeviceKeys(keys, null));
  const left = record.expires * 1000 - clock.now();
  const until = new Date(record.expires * 1000).toISOString().slice(0, 10);
  if (left <= 0)
    return problem(
      `the device record expired on ${until}: nobody trusts this device`,
      'teammate-sync down && teammate-sync up',
    );
  if (left < RECORD_RENEW_MS)
    return warning(`the device record ends on ${until}`, 'teammate-sync up: a running daemon renews it');
  return ok(`the device record of ${record.login} holds until ${until} (${Math.floor(left / DAY_MS)} days)`);
}

/** Every file that a starting daemon reads. @throws BAD_CONFIG, UNSAFE_FILE, as that would */
export function checkState(paths: HomePaths, env: Environment): Findings {
  const logger = createLogger({ level: 'silent', clock: systemClock });
  const none = (): Uint8Array => {
    throw new Error('nothing is made while looking');
  };
  const surroundings = {
    env,
    clock: systemClock,
    random: none,
    processes: systemProcesses,
    logger,
    tap: null,
    redactor: '',
  };
  buildRooms(loadSettings(paths, null), surroundings);
  const shared = path.join(paths.state, 'share');
  const sessions = fs.readdirSync(shared, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of sessions) {
    const file = path.join(shared, name, 'session.json');
    try {
      JSON.parse(readPrivateFile(file)?.toString('utf8') ?? '{}');
    } catch (error) {
      if (error instanceof TeammateSyncError) throw error;
      return problem(`${file} is damaged; nothing was shared`, `move ${path.dirname(file)} away, then share again`);
    }
  }
  return ok('connections, pins, shares and what was received can be read');
}

/** Whether the process that answers is the one that holds the home, and nothing else is left behind. */
export async function checkLock(paths: HomePaths, daemon: DoctorRequest['daemon']): Promise<Findings> {
  const holder = await lockHolder(paths.lock);
  if (holder === 'free') {
    if (daemon) {
      return problem(
        `process ${daemon.pid} answers, but does not hold ${paths.lock}`,
        'teammate-sync down && teammate-sync up',
      );
    }
    if (process.platform !== 'win32' && fs.existsSync(paths.socket)) {
      return warning(`${paths.socket} was left behind by a daemon that is gone`, 'teammate-sync up: it is replaced');
    }
    return ok('no other process holds this home');
  }
  if (daemon && (holder === null || holder === daemon.pid)) return ok(`process ${daemon.pid} holds this home`);
  const who = holder === null ? 'a process' : `process ${holder}`;
  if (daemon) return problem(`${who} holds this home, but process ${daemon.pid} answers`, `end process ${daemon.pid}`);
  return problem(
    `${who} holds this home and does not answer at ${paths.socket}`,
    holder === null ? 'wait a moment, then end it' : `wait a moment; if it stays: kill ${holder}`,
  );
}

/** The pid of who holds the lock, null for somebody unknown. @throws UNSAFE_FILE */
async function lockHolder(lock: string): Promise<number | null | 'free'> {
  if (!fs.existsSync(lock)) return 'free';
  try {
    (await acquireHomeLock(lock)).release();
    return 'free';
  } catch (error) {
    if (!(error instanceof TeammateSyncError) || error.code !== 'DAEMON_ALREADY_RUNNING') throw error;
    const pid = isObject(error.details) ? error.details['pid'] : null;
    return typeof pid === 'number' ? pid : null;
  }
}
