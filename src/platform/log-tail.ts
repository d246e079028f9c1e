/** Reading the log from outside, while a daemon writes it: its last lines, and what comes after them. */
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from './ownership.ts';
import { openPrivateFile } from './private-open.ts';

const PIECE_BYTES = 64 * 1024;
const POLL_MS = 200;

/** Where in which file reading went on to. */
export interface LogPlace {
  inode: bigint;
  offset: number;
}

/** The newest lines of a log that was set aside as `<file>.1` when it grew, and where they end. */
export interface LogTail {
  /** Oldest first, at most as many as were asked for. */
  lines: string[];
  /** Null when there is no log yet. */
  place: LogPlace | null;
}

/** @throws TeammateSyncError UNSAFE_FILE */
export function readLogTail(file: string, lines: number): LogTail {
  const newest = lastLines(file, lines);
  if (newest === null) return { lines: lastLines(`${file}.1`, lines)?.lines ?? [], place: null };
  const missing = lines - newest.lines.length;
  const earlier = missing > 0 ? (lastLines(`${file}.1`, missing)?.lines ?? []) : [];
  return { lines: [...earlier, ...newest.lines], place: newest.place };
}

function lastLines(file: string, count: number): { lines: string[]; place: LogPlace } | null {
  const fd = openLog(file);
  if (fd === null) return null;
  try {
    const { size, ino } = fs.fstatSync(fd, { bigint: true });
    const end = Number(size);
    const pieces: Buffer[] = [];
    let start = end;
    // One line end more than lines: that of the line before the first.
    for (let ends = 0; start > 0 && ends <= count;) {
      const from = Math.max(0, start - PIECE_BYTES);
      const piece = readBetween(fd, from, start);
      for (const byte of piece) if (byte === 10) ends++;
      pieces.unshift(piece);
      start = from;
    }
    const text = Buffer.concat(pieces).toString('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = count === 0 ? [] : whole.split('\n').slice(0, -1).slice(-count);
    // What has no end yet is being written, and comes with it.
    return { lines, place: { inode: ino, offset: end - Buffer.byteLength(text.slice(whole.length)) } };
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Lines that come after a place, until aborted; also over the start of a daemon that sets a long log aside.
 * @throws TeammateSyncError UNSAFE_FILE
 */
export async function* followLog(file: string, from: LogPlace | null, signal: AbortSignal): AsyncGenerator<string> {
  let place = from;
  while (!signal.aborted) {
    const moved = place !== null && inodeOf(file) !== place.inode;
    // The rest of the one that was set aside, then the new one from its beginning.
    if (place !== null && moved) {
      if (inodeOf(`${file}.1`) === place.inode) yield* linesFrom(`${file}.1`, place);
      place = null;
    }
    const inode = inodeOf(file);
    if (place === null && inode !== null) place = { inode, offset: 0 };
    if (place !== null && inode === place.inode) yield* linesFrom(file, place);
    await delay(POLL_MS, null, { signal }).catch(() => {});
  }
}

/** Complete lines after the place, which moves with them. */
function* linesFrom(file: string, place: LogPlace): Generator<string> {
  const fd = openLog(file);
  if (fd === null) return;
  try {
    const { size, ino } = fs.fstatSync(fd, { bigint: true });
    if (ino !== place.inode) return;
    if (Number(size) < place.offset) place.offset = 0;
    for (;;) {
      const bytes = readBetween(fd, place.offset, Math.min(Number(size), place.offset + 16 * PIECE_BYTES));
      const end = bytes.lastIndexOf(10);
      if (end < 0) return;
      place.offset += end + 1;
      yield* bytes.toString('utf8', 0, end).split('\n');
    }
  } finally {
    fs.closeSync(fd);
  }
}

function openLog(file: string): number | null {
  try {
    return openPrivateFile(file, 'read');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function inodeOf(file: string): bigint | null {
  return fs.lstatSync(file, { throwIfNoEntry: false, bigint: true })?.ino ?? null;
}

function readBetween(fd: number, from: number, to: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  let filled = 0;
  while (filled < buffer.length) {
    const read = fs.readSync(fd, buffer, filled, buffer.length - filled, from + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
