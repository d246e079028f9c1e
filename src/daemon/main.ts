/** What the daemon's process does: `run` in the foreground, `serve` in the background, `setup` for `init`, `logout`, `uninstall`, `relay`, `doctor`. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { systemClock } from '../platform/clock.ts';
import { showOnDesktop } from '../platform/desktop-message.ts';
import { createLogger, type Logger, parseLogLevel } from '../platform/logger.ts';
import { ensurePrivateDir } from '../platform/private-files.ts';
import { systemProcesses } from '../platform/process-table.ts';
import { parseJson } from '../protocol/json.ts';
import { type DoctorEvent, doctorRequest } from '../protocol/doctor.ts';
import { type LogoutEvent, logoutRequest } from '../protocol/logout.ts';
import { type UninstallEvent, uninstallRequest } from '../protocol/uninstall.ts';
import { Daemon } from './daemon.ts';
import { reportFailure } from './failure.ts';
import { runRelay } from './relay-process.ts';
import { loadSettings, pathsOf } from './settings.ts';
import { runSetup } from './setup-process.ts';

const random = (bytes: number): Uint8Array => randomBytes(bytes);
const REQUEST_MAX_BYTES = 4096;
/** When stopping hangs, the process goes anyway: nothing on disk depends on a clean stop. */
const STOP_PATIENCE_MS = 10_000;

/** Runs the process to its end; returns its exit code. @param redactor the built file of the redaction thread; the command line's is beside it */
export async function main(argv: readonly string[], redactor: URL): Promise<number> {
  process.umask(0o077);
  const [mode = 'run'] = argv;
  if (mode === 'setup') return runSetup(cliBeside(redactor));
  if (mode === 'uninstall') return runUninstall();
  if (mode === 'logout') return runLogout();
  if (mode === 'relay') return runRelay();
  if (mode === 'doctor') return runDoctor();
  if (mode === 'run' || mode === 'serve') return runDaemon(mode === 'run', redactor);
  process.stderr.write('usage: teammate-syncd run | serve | setup | logout | uninstall | relay | doctor\n');
  return 2;
}

const cliBeside = (redactor: URL): string => fileURLToPath(new URL('teammate-sync.cjs', redactor));

async function openLogger(foreground: boolean): Promise<Logger & { close(): void }> {
  const level = parseLogLevel(process.env['TEAMMATE_SYNC_LOG'] ?? '') ?? 'info';
  const { home, state, log } = pathsOf(process.env);
  ensurePrivateDir(home);
  ensurePrivateDir(state);
  if (!foreground) return createLogger({ file: log, level, clock: systemClock });
  const { prettyLog } = await import('../platform/pretty-log.ts');
  return createLogger({ file: log, stream: prettyLog(process.stdout), level, clock: systemClock });
}

async function runDaemon(foreground: boolean, redactor: URL): Promise<number> {
  let logger: (Logger & { close(): void }) | null = null;
  try {
    const settings = loadSettings(pathsOf(process.env), foreground ? process.env : null);
    logger = await openLogger(foreground);
    const surroundings = {
      env: process.env,
      clock: systemClock,
      random,
      processes: systemProcesses,
      logger,
      tap: null,
      redactor,
      showOnDesktop: (text: string): void => showOnDesktop(text, process.env, process.platform),
    };
    const daemon = new Daemon({ settings, surroundings });
    await daemon.start();
    // A terminal and the CLI may both pass on a Ctrl-C: any signal after the first changes nothing.
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(0), STOP_PATIENCE_MS).unref();
      void daemon.stop();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('SIGHUP', stop);
    await daemon.stopped;
    logger.info('stopped');
    logger.close();
    return 0;
  } catch (error) {
    logger?.close();
    return reportFailure(error);
  }
}

async function runLogout(): Promise<number> {
  const { logOut } = await import('./logout.ts');
  const say = (event: LogoutEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  try {
    const { keepDevice } = parseJson(await firstLine(), REQUEST_MAX_BYTES, logoutRequest, 'request');
    say({ type: 'done', result: await logOut({ keepDevice, env: process.env, clock: systemClock }) });
    return 0;
  } catch (error) {
    say({ type: 'error', error: asTeammateSyncError(error).toBody() });
    return 1;
  }
}

async function runUninstall(): Promise<number> {
  const { uninstall } = await import('./uninstall.ts');
  const say = (event: UninstallEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  try {
    const { dryRun } = parseJson(await firstLine(), REQUEST_MAX_BYTES, uninstallRequest, 'request');
    say({ type: 'done', result: uninstall({ dryRun, env: process.env }) });
    return 0;
  } catch (error) {
    say({ type: 'error', error: asTeammateSyncError(error).toBody() });
    return 1;
  }
}

async function runDoctor(): Promise<number> {
  const { examine } = await import('./doctor/index.ts');
  const say = (event: DoctorEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  try {
    await examine(parseJson(await firstLine(), REQUEST_MAX_BYTES, doctorRequest, 'request'), process.env, say);
    say({ type: 'done' });
    return 0;
  } catch (error) {
    const { message, hint } = asTeammateSyncError(error);
    say({ type: 'check', check: { id: 'doctor', state: 'problem', what: message, fix: hint } });
    say({ type: 'done' });
    return 1;
  }
}

async function firstLine(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    const end = chunk.indexOf(10);
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    bytes += chunk.length;
    if (end >= 0) break;
    if (bytes > REQUEST_MAX_BYTES) throw new TeammateSyncError('BAD_REQUEST', 'the request is too long');
  }
  return Buffer.concat(chunks);
}
