/** Memory and processor time of processes, by Linux' own account; null on other systems. */
import fs from 'node:fs';
import os from 'node:os';

export interface Memory {
  /** Bytes in memory now, and the most there ever were. */
  rss: number;
  peak: number;
  /** Of them: memory of its own, without pages of files. */
  anonymous: number;
}

export function memoryOf(pid: number): Memory | null {
  const text = read(`/proc/${pid}/status`);
  const field = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
  const memory = { rss: field('VmRSS'), peak: field('VmHWM'), anonymous: field('RssAnon') };
  return Object.values(memory).every(Number.isFinite) ? memory : null;
}

/** Milliseconds that all threads of a process have computed. Threads that have ended are not in it. */
export function cpuMsOf(pid: number): number | null {
  let threads: string[];
  try {
    threads = fs.readdirSync(`/proc/${pid}/task`);
  } catch {
    return null;
  }
  const times = threads.map((id) => Number.parseInt(read(`/proc/${pid}/task/${id}/schedstat`), 10));
  return times.every(Number.isFinite) ? times.reduce((sum, ns) => sum + ns / 1e6, 0) : null;
}

export interface MachineFacts {
  platform: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
}

export function machineFacts(): MachineFacts {
  return {
    platform: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    node: process.version,
  };
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
