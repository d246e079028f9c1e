/** The `run` and `serve` modes: the daemon itself, in the foreground or in the background, until a signal or `down`. */
import { randomBytes } from 'node:crypto';
import { asTeammateSyncError } from '../../errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { showOnDesktop } from '../../platform/desktop-message.ts';
import { createLogger, type Logger, parseLogLevel } from '../../platform/logger.ts';
import { ensurePrivateDir } from '../../platform/private-files.ts';
import { systemProcesses } from '../../platform/process-table.ts';
import { ALREADY_RUNNING_EXIT } from '../../protocol/daemon-exit.ts';
import { Daemon } from '../daemon.ts';
import { reportFailure } from '../failure.ts';
import { loadSettings, pathsOf } from '../settings.ts';

/** When stopping hangs, the process goes anyway: nothing on disk depends on a clean stop. */
const STOP_PATIENCE_MS = 10_000;

/** Runs to its end; returns the exit code. @param redactor the built file of the redaction thread */
export async function runDaemon(foreground: boolean, redactor: URL): Promise<number> {
  let logger: (Logger & { close(): void }) | null = null;
  try {
    const settings = loadSettings(pathsOf(process.env), foreground ? process.env : null);
    logger = await openLogger(foreground);
    const surroundings = {
      env: process.env,
      clock: systemClock,
      random: (bytes: number): Uint8Array => randomBytes(bytes),
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
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    await daemon.stopped;
    logger.info('stopped');
    logger.close();
    return 0;
  } catch (error) {
    logger?.close();
    const code = reportFailure(error);
    // Whoever started it in the background waits for the other one then.
    const isOther = asTeammateSyncError(error).code === 'DAEMON_ALREADY_RUNNING';
    return isOther && !foreground ? ALREADY_RUNNING_EXIT : code;
  }
}

async function openLogger(foreground: boolean): Promise<Logger & { close(): void }> {
  const level = parseLogLevel(process.env['TEAMMATE_SYNC_LOG'] ?? '') ?? 'info';
  const { home, state, log } = pathsOf(process.env);
  ensurePrivateDir(home);
  ensurePrivateDir(state);
  if (!foreground) return createLogger({ file: log, level, clock: systemClock });
  const { prettyLog } = await import('../../platform/pretty-log.ts');
  return createLogger({ file: log, stream: prettyLog(process.stdout), level, clock: systemClock });
}
