/**
 * Which processes live, and since when: a process id alone says little, because the system gives it out again.
 * Reads one process at a time; never signals any.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { errnoOf } from './ownership.ts';

/** Every method throws when the system cannot be asked just now (no free descriptor, …): that says nothing about the process. */
export interface ProcessTable {
  /**
   * When the process started, as text to compare for equality only; unique among all processes that ever had this id,
   * also over a restart of the machine. Null when there is no such process, or when it is dead and not yet reaped.
   */
  startTime(pid: number): string | null;
  /** Its parent's id, or null when it has none, is gone, or the system does not tell. */
  parent(pid: number): number | null;
  /** When it started by the wall clock, milliseconds since 1970, good to about a second; null where unknown. */
  startedAt?(pid: number): number | null;
  /** A variable of the environment that it was started with; null when it has none, and where unknown. */
  variable?(pid: number, name: string): string | null;
  /** The system does not tell parents quickly: no parent is then known of anything. */
  withoutParents?: true;
}

/** What the table reads of one process. */
export interface ProcessFacts {
  /** One letter, as ps shows it; Z is a zombie, X is dead. */
  state: string;
  parent: number;
  /** Clock ticks since boot (Linux), or the start's date (others). */
  start: string;
}

const SAFE_PID_MAX = 2 ** 31 - 1;
/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const PS_TIMEOUT_MS = 2000;

/** Parses /proc/<pid>/stat (proc(5)): the name in parentheses may itself hold blanks and parentheses. */
export function parseProcStat(text: string): ProcessFacts | null {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const [state, parent, start] = [fields[0], Number(fields[1]), fields[19]];
  if (!state || !Number.isSafeInteger(parent) || !start || !/^\d+$/.test(start)) return null;
  return { state, parent, start };
}

/** Parses the one line of `ps -o stat=,ppid=,lstart=`. */
export function parsePs(text: string): ProcessFacts | null {
  const [, state = '', parent = '', start = ''] = /^\s*(\S+)\s+(\d+)\s+(\S.*\S)\s*$/.exec(text) ?? [];
  return start === '' ? null : { state: state.charAt(0), parent: Number(parent), start };
}

function isAlive(facts: ProcessFacts | null): facts is ProcessFacts {
  return facts !== null && facts.state !== 'Z' && facts.state !== 'X';
}

function isPid(pid: number): boolean {
  return Number.isSafeInteger(pid) && pid > 0 && pid <= SAFE_PID_MAX;
}

/** Taken once: these files are read every second for each process that is watched, and readFileSync takes new memory. */
const piece = Buffer.alloc(4096);

/** Null only when there is no such file; a process that goes while it is read gives ESRCH. */
function readText(path: string): string | null {
  let fd: number | null = null;
  try {
    fd = fs.openSync(path, 'r');
    let text = '';
    for (let n = 1; n > 0;) {
      n = fs.readSync(fd, piece, 0, piece.length, null);
      text += piece.toString('latin1', 0, n);
    }
    return text;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  } finally {
    if (fd !== null) fs.closeSync(fd);
  }
}

/** Null also for what is somebody else's to read. */
function readableText(path: string): string | null {
  try {
    return readText(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

/** The same for as long as the machine runs, so it is read once. */
let bootId: string | null = null;

const linux: ProcessTable = {
  startTime(pid) {
    const facts = linuxFacts(pid);
    if (!isAlive(facts)) return null;
    bootId ??= readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
    return `${bootId}:${facts.start}`;
  },
  parent: (pid) => linuxFacts(pid)?.parent || null,
  startedAt(pid) {
    const facts = linuxFacts(pid);
    const boot = /^btime (\d+)$/m.exec(readText('/proc/stat') ?? '')?.[1];
    if (!isAlive(facts) || boot === undefined) return null;
    return (Number(boot) + Number(facts.start) / TICKS_PER_SECOND) * 1000;
  },
  variable(pid, name) {
    const all = isPid(pid) ? readableText(`/proc/${pid}/environ`) : null;
    const found = all?.split('\0').find((pair) => pair.startsWith(`${name}=`));
    return found?.slice(name.length + 1) ?? null;
  },
};

function linuxFacts(pid: number): ProcessFacts | null {
  return isPid(pid) ? parseProcStat(readText(`/proc/${pid}/stat`) ?? '') : null;
}

/** macOS and other unixes: no /proc, so ps is asked. Dates in UTC, so that a changed time zone changes no start. */
const unix: ProcessTable = {
  startTime(pid) {
    const facts = psFacts(pid);
    return isAlive(facts) ? facts.start : null;
  },
  parent: (pid) => psFacts(pid)?.parent || null,
  startedAt(pid) {
    const facts = psFacts(pid);
    const at = isAlive(facts) ? Date.parse(`${facts.start} UTC`) : Number.NaN;
    return Number.isNaN(at) ? null : at;
  },
};

function psFacts(pid: number): ProcessFacts | null {
  // Cheap, and enough to learn that a process is gone.
  if (!signalable(pid)) return null;
  try {
    const args = ['-o', 'stat=,ppid=,lstart=', '-p', String(pid)];
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    return parsePs(
      execFileSync('ps', args, { env, encoding: 'utf8', timeout: PS_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch (error) {
    // ps ends with 1 when there is no such process; anything else is a failure to ask.
    if (error instanceof Error && 'status' in error && error.status === 1) return null;
    throw error;
  }
}

/** True when there is a process of that id, whoever owns it. Signal 0 is sent to nobody. */
function signalable(pid: number): boolean {
  if (!isPid(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** Windows tells neither quickly. An id that is given out again while nobody looks is then taken for the old process. */
const windows: ProcessTable = {
  startTime: (pid) => (signalable(pid) ? 'running' : null),
  parent: () => null,
  withoutParents: true,
};

/** The table for a platform as in process.platform. */
export function processTableFor(platform: NodeJS.Platform): ProcessTable {
  if (platform === 'linux') return linux;
  return platform === 'win32' ? windows : unix;
}

/** The machine's own processes. */
export const systemProcesses: ProcessTable = processTableFor(process.platform);
