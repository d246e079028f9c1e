/** The log as people read it: one readable line per record. For the daemon in the foreground and for `logs`. */
import { isObject } from '../protocol/is-object.ts';
import type { LogStream } from './logger.ts';
import { printable } from './printable.ts';

/** Turns the logger's JSON lines into `time level room message key=value …` lines on `out`. */
export function prettyLog(out: LogStream): LogStream {
  return {
    write(line) {
      const { time, level, room, text } = prettyRecord(line);
      const columns = [time.slice(11, 19), level.padEnd(5), room.padEnd(12), text];
      return out.write(`${printable(columns.join(' ').trimEnd())}\n`);
    },
  };
}

export interface PrettyRecord {
  /** ISO 8601; '' for a line that is no record. */
  time: string;
  level: string;
  room: string;
  /** Message and fields; not cleaned yet. */
  text: string;
}

/** A line of the log; one that is no record (the last words of a crash) is taken as it is. */
export function prettyRecord(line: string): PrettyRecord {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    record = null;
  }
  if (!isObject(record)) return { time: '', level: '', room: '', text: line };
  const { time, level, room, msg, fields } = record;
  const parts = [word(msg)];
  for (const [name, value] of Object.entries(isObject(fields) ? fields : {})) {
    parts.push(`${name}=${shown(value)}`);
  }
  return { time: word(time), level: word(level), room: word(room), text: parts.join(' ').trimEnd() };
}

const word = (value: unknown): string => (typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : '');

/** Words as they are, everything else as JSON; of an error its code and message (the stack is in the file). */
function shown(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:@/+-]+$/.test(value) ? value : JSON.stringify(value);
  if (isObject(value) && 'stack' in value && 'message' in value) {
    const { code, name, message } = value;
    return JSON.stringify(`${word(code) || word(name)}: ${word(message)}`);
  }
  return JSON.stringify(value) ?? '';
}
