/** `logs`: what the daemon wrote down, newest last. Works whether a daemon runs or not. */
import { followLog, readLogTail } from '../../platform/log-tail.ts';
import { homeDir, homePaths } from '../../platform/paths.ts';
import { prettyRecord } from '../../platform/pretty-log.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { dim, type Line, type Piece, red, yellow } from '../output/piece.ts';
import { clockTime, day } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

const LINES_SHOWN = 50;
const LINES_MAX = 100_000;

export async function run({ io, args, json, out, err }: VerbContext): Promise<number> {
  const { log } = homePaths(homeDir(io.env), io.env);
  const follow = args.flag('follow');
  const { lines, place } = readLogTail(log, wanted(args.value('lines')));
  const print = async (line: string): Promise<void> => {
    if (json) out.json(asRecord(line));
    else out.line(...logLine(line));
    await out.drained();
  };
  for (const line of lines) await print(line);
  if (lines.length === 0) err.line(dim(`nothing was logged yet; it will be in ${log}`));
  if (!follow) return EXIT.done;

  const stop = new AbortController();
  const release = io.onSignal(['SIGINT', 'SIGTERM'], () => stop.abort());
  // A quiet log is followed for hours: leave when the reader does, not at the next record.
  const signal = AbortSignal.any([stop.signal, out.gone]);
  try {
    for await (const line of followLog(log, place, signal)) await print(line);
    return EXIT.done;
  } finally {
    release();
  }
}

function wanted(typed: string | null): number {
  if (typed === null) return LINES_SHOWN;
  const lines = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  if (lines <= LINES_MAX) return lines;
  throw new UsageError(`logs: -n takes a number of lines up to ${LINES_MAX}, not "${typed}"`);
}

/** The record as it was written; what a crash left on the log's way is a record with its text alone. */
function asRecord(line: string): unknown {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? record : { msg: line };
  } catch {
    return { msg: line };
  }
}

function logLine(line: string): Line {
  const { time, level, room, text } = prettyRecord(line);
  if (time === '') return [text];
  return [
    dim(`${day(time)} ${clockTime(time)}:${time.slice(17, 19)} `),
    levelPiece(level),
    ' ',
    room === '' ? '' : `${room}: `,
    text,
  ];
}

function levelPiece(level: string): Piece {
  const text = level.padEnd(5);
  return level === 'error' ? red(text) : level === 'warn' ? yellow(text) : dim(text);
}
