/** Starting the daemon in the background. The door loads this file only when it is asked to. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { openLogFile } from '../platform/log-file.ts';
import { type HomePaths, homePaths, type PathEnv } from '../platform/paths.ts';
import { ensurePrivateDir } from '../platform/private-open.ts';
import { ALREADY_RUNNING_EXIT } from '../protocol/daemon-exit.ts';
import { DAEMON_START_TIMEOUT_MS } from '../protocol/limits.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { createClient } from './create-client.ts';
import { lastWords } from './last-words.ts';

export interface StartDaemonOptions {
  /** The JavaScript file that runs the daemon in the foreground. */
  entry: string;
  /** Arguments for it; default none. */
  args?: readonly string[];
  /** Absolute path of the home; made when missing. */
  home: string;
  /** The caller's environment; what would redirect a running set-up is taken out. */
  env: PathEnv;
  /** How long to wait for the first answer; default DAEMON_START_TIMEOUT_MS. */
  timeoutMs?: number;
  /** Default: the machine's. */
  clock?: Clock;
}

export interface StartedDaemon {
  pid: number;
  /** True when one answered already, or another start of the same home was first. */
  alreadyRunning: boolean;
}

/**
 * What `init` fixed stays fixed: the shell that happens to start the daemon does not move it to another network. And the
 * daemon is no part of the conversation whose hook starts it.
 */
const NOT_PASSED_ON = /^(?:TEAMMATE_SYNC_(?:GITHUB_API|BOOTSTRAP)$|CLAUDE(?!_CONFIG_DIR$)|AI_AGENT$)/;
const POLL_MS = 25;
/** Of one question whether the daemon answers. */
const PROBE_TIMEOUT_MS = 2000;

/**
 * Starts the daemon, detached from this process and its terminal, and waits until the local API answers (network or not).
 * What it prints goes to the home's log. If it does not answer in time it is ended again.
 * @throws TeammateSyncError DAEMON_DID_NOT_START with the daemon's last words; UNSAFE_FILE
 */
export async function startDaemon(options: StartDaemonOptions): Promise<StartedDaemon> {
  const { home, env } = options;
  const paths = homePaths(home, env);
  const running = await answeringPid(paths.socket);
  if (running !== null) return { pid: running, alreadyRunning: true };

  ensurePrivateDir(home);
  ensurePrivateDir(paths.state);
  const child = launch(options, paths.log);
  // The clock's timers do not keep a process alive, and once the child has ended nothing else does.
  const awake = setInterval(() => {}, 1000);
  try {
    return await untilAnswering(child, paths, options);
  } finally {
    clearInterval(awake);
    child.process.unref();
  }
}

interface Launched {
  process: ChildProcess;
  /** Size of the log before: what comes after it is this daemon's. */
  logStart: number;
  /** How it ended; null while it runs. */
  ended: string | null;
}

function launch({ entry, args = [], home, env }: StartDaemonOptions, logFile: string): Launched {
  const log = openLogFile(logFile);
  try {
    const logStart = fs.fstatSync(log).size;
    const child = spawn(process.execPath, [entry, ...args], {
      // Not the caller's folder, which it would keep busy for as long as it runs.
      cwd: home,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
      env: daemonEnv(env, home),
    });
    const launched: Launched = { process: child, logStart, ended: null };
    child.once('error', (error) => (launched.ended ??= `it could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      launched.ended ??= signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
    });
    return launched;
  } finally {
    fs.closeSync(log);
  }
}

async function untilAnswering(child: Launched, paths: HomePaths, options: StartDaemonOptions): Promise<StartedDaemon> {
  const { timeoutMs = DAEMON_START_TIMEOUT_MS, clock = systemClock } = options;
  const deadline = clock.elapsed() + timeoutMs;
  for (;;) {
    const pid = await answeringPid(paths.socket);
    if (pid !== null) {
      const alreadyRunning = pid !== child.process.pid;
      // Another start was first. Ours may not have met its lock yet, and would take over at the next `down`.
      if (alreadyRunning) child.process.kill();
      return { pid, alreadyRunning };
    }
    const said = saidSince(paths.log, child.logStart);
    // Ended because another start of this home was first: that one will answer.
    const failed = child.ended !== null && child.process.exitCode !== ALREADY_RUNNING_EXIT;
    if (failed || clock.elapsed() >= deadline) {
      child.process.kill();
      const why = child.ended ?? `it did not answer within ${timeoutMs / 1000} s`;
      const words = lastWords(said);
      const message = `the daemon did not start: ${why}${words === null ? '' : `; it said last: ${words}`}`;
      throw new TeammateSyncError('DAEMON_DID_NOT_START', message, { details: { log: paths.log } });
    }
    await new Promise<void>((resolve) => {
      clock.after(POLL_MS, resolve);
    });
  }
}

/** The pid of the daemon that answers at the socket, whatever its version; null when none does. */
async function answeringPid(socketPath: string): Promise<number | null> {
  const client = createClient({ socketPath, version: PRODUCT_VERSION, timeoutMs: PROBE_TIMEOUT_MS });
  try {
    return (await client.call('status')).pid;
  } catch {
    return null;
  }
}

function daemonEnv(env: PathEnv, home: string): NodeJS.ProcessEnv {
  const out: NodeJS.ProcessEnv = { ...env, TEAMMATE_SYNC_HOME: home };
  for (const name of Object.keys(out)) if (NOT_PASSED_ON.test(name)) delete out[name];
  return out;
}

function saidSince(log: string, start: number): string {
  try {
    const bytes = fs.readFileSync(log);
    // Shorter than before: it was set aside meanwhile, so all of it is new.
    return bytes.subarray(bytes.length < start ? 0 : start).toString('utf8');
  } catch {
    return '';
  }
}
