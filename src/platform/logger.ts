/**
 * The daemon's log: one JSON object per line, which also keeps control characters of foreign text inert. Each record is
 * in the file when the call returns, so the last words before a crash are there. Logging never throws.
 */
import fs from 'node:fs';
import { pino } from 'pino';
import type { Clock } from './clock.ts';
import { safeFields, safeText } from './log-fields.ts';
import { openLogFile } from './log-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFields = Readonly<Record<string, unknown>>;

/** What rooms are given. `fields` may hold errors, nested objects, bytes: see log-fields.ts for what becomes of them. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that marks its records with the room's name (below this one's, if it has one: `swarm.hello`). */
  child(name: string): Logger;
}

export interface LoggerOptions {
  /** A private file, made when missing, appended to; its folder must exist. */
  file?: string;
  /** Gets each record as one line with its newline, also beside a file. */
  stream?: LogStream;
  level: LogLevel;
  clock: Clock;
}

export interface LogStream {
  write(line: string): unknown;
}

/** @returns null for what is no level, so that the caller can say where it came from (TEAMMATE_SYNC_LOG) */
export function parseLogLevel(typed: string): LogLevel | null {
  const level = typed.trim().toLowerCase();
  return (['debug', 'info', 'warn', 'error', 'silent'] as const).find((known) => known === level) ?? null;
}

/**
 * The root logger; whoever made it closes it. A file over LOG_FILE_MAX_BYTES is set aside first (log-file.ts).
 * @throws TeammateSyncError UNSAFE_FILE for the file
 */
export function createLogger(options: LoggerOptions): Logger & { close(): void } {
  const fd = options.file === undefined ? null : openLogFile(options.file);
  let open = true;
  const destination: LogStream = {
    write(line) {
      if (!open) return;
      if (fd !== null) writeLine(fd, line);
      options.stream?.write(line);
    },
  };
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    ...wrap(root, ''),
    close() {
      if (open && fd !== null) fs.closeSync(fd);
      open = false;
    },
  };
}

function wrap(root: pino.Logger, room: string): Logger {
  const at = room === '' ? root : root.child({ room });
  const write =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: LogFields = {}): void => {
      if (!at.isLevelEnabled(level)) return;
      // One level down, so that no field can pass for the record's own time, level, room or message.
      const safe = safeFields(fields);
      at[level](Object.keys(safe).length === 0 ? {} : { fields: safe }, safeText(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (name) => wrap(root, room === '' ? name : `${room}.${name}`),
  };
}

function writeLine(fd: number, line: string): void {
  try {
    fs.writeFileSync(fd, line);
  } catch {
    // A full disk costs records, not the daemon.
  }
}
