/** The log of the daemon in the foreground: one readable line per record. Loaded only there. */
import { isObject } from '../protocol/is-object.ts';
import type { LogStream } from './logger.ts';
import { printable } from './printable.ts';

/** Turns the logger's JSON lines into `time level room message key=value …` lines on `out`. */
export function prettyLog(out: LogStream): LogStream {
  return { write: (line) => out.write(`${printable(prettyLine(line))}\n`) };
}

function prettyLine(line: string): string {
  const record: unknown = JSON.parse(line);
  const { time, level, room, msg, fields } = isObject(record) ? record : {};
  const parts = [word(time).slice(11, 19), word(level).padEnd(5), word(room).padEnd(12), word(msg)];
  for (const [name, value] of Object.entries(isObject(fields) ? fields : {})) {
    parts.push(`${name}=${shown(value)}`);
  }
  return parts.join(' ').trimEnd();
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
