import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { lineage } from '../../src/platform/lineage.ts';
import { parseProcStat, parsePs, processTableFor, systemProcesses } from '../../src/platform/process-table.ts';

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** A node that runs a script and says `ready`. */
async function node(script: string): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('it ended')));
  });
  return Object.assign(child, { pid: child.pid ?? 0 });
}

/** Waits until the file holds the text. */
async function shows(path: string, text: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!fs.readFileSync(path, 'latin1').includes(text)) {
    if (performance.now() > deadline) throw new Error(`${path} never held ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const exited = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('exit', () => resolve()));
const STAY = 'console.log("ready"); process.stdin.resume()';

describe('the processes of this machine', () => {
  it('have a start time that stays the same while they live, and none afterwards', async () => {
    const child = await node(STAY);
    const start = systemProcesses.startTime(child.pid);
    expect(start).toMatch(/\S/);
    expect(systemProcesses.startTime(child.pid)).toBe(start);
    expect(systemProcesses.parent(child.pid)).toBe(process.platform === 'win32' ? null : process.pid);
    const gone = exited(child);
    child.kill('SIGKILL');
    await gone;
    expect(systemProcesses.startTime(child.pid)).toBeNull();
    expect(systemProcesses.parent(child.pid)).toBeNull();
  });

  it.runIf(process.platform !== 'win32')('descend from one another, up to the first', async () => {
    const child = await node(STAY);
    const line = lineage(systemProcesses, child.pid);
    expect(line.slice(0, 3)).toEqual([child.pid, process.pid, process.ppid]);
    expect(new Set(line).size).toBe(line.length);
    expect(lineage({ ...systemProcesses, parent: (pid) => (pid === 5 ? 4 : 5) }, 5)).toEqual([5, 4]);
  });

  it.runIf(process.platform === 'linux')('tell what they were started with, whatever they changed since', async () => {
    const child = await node(`delete process.env.PATH; process.env.LATER = '1'; ${STAY}`);
    expect(systemProcesses.variable?.(child.pid, 'PATH')).toBe(process.env['PATH']);
    for (const name of ['LATER', 'PAT', '']) expect(systemProcesses.variable?.(child.pid, name)).toBeNull();
    expect(systemProcesses.variable?.(2 ** 31 - 1, 'PATH')).toBeNull();
  });

  it.runIf(process.platform === 'linux')('are told apart when they start one after the other', async () => {
    const first = await node(STAY);
    const second = await node(STAY);
    expect(systemProcesses.startTime(first.pid)).not.toBe(systemProcesses.startTime(second.pid));
    expect(systemProcesses.startTime(first.pid)).toContain(
      fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    );
  });

  it('started a moment ago by the wall clock', async () => {
    const before = Date.now();
    const child = await node(STAY);
    const at = systemProcesses.startedAt?.(child.pid) ?? null;
    if (process.platform === 'win32') expect(at).toBeNull();
    else expect(Math.abs((at ?? 0) - before)).toBeLessThan(60_000);
  });

  it.runIf(process.platform === 'linux')('are dead as zombies', async () => {
    // The shell starts a child that waits for a line, and becomes a program that never takes notice of its end.
    const script = '(read line) <&3 & echo $!; exec sleep 1000';
    const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    children.add(shell);
    const output = await new Promise<string>((resolve) =>
      shell.stdout?.once('data', (data: Buffer) => resolve(data.toString())),
    );
    const pid = Number(output);
    await shows(`/proc/${shell.pid}/comm`, 'sleep');
    const line = shell.stdio[3];
    if (line instanceof Writable) line.end('\n');
    await shows(`/proc/${pid}/stat`, ') Z ');
    expect(fs.readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
    expect(systemProcesses.startTime(pid)).toBeNull();
    expect(systemProcesses.parent(pid)).toBe(shell.pid);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 40, Number.MAX_SAFE_INTEGER])('do not include %s', (pid) => {
    expect(systemProcesses.startTime(pid)).toBeNull();
    expect(systemProcesses.parent(pid)).toBeNull();
  });

  it.runIf(process.platform === 'linux')(
    'agree with what the table for other systems says of life and death',
    async () => {
      const windows = processTableFor('win32');
      const child = await node(STAY);
      expect(windows.startTime(child.pid)).toBe('running');
      expect(windows.parent(child.pid)).toBeNull();
      expect(windows.startTime(0)).toBeNull();
      const gone = exited(child);
      child.kill('SIGKILL');
      await gone;
      expect(windows.startTime(child.pid)).toBeNull();
    },
  );
});

describe.runIf(process.platform !== 'win32' && fs.existsSync('/bin/ps'))('asked through ps', () => {
  it('a process has a parent and a start', async () => {
    const table = processTableFor('darwin');
    const child = await node(STAY);
    expect(table.parent(child.pid)).toBe(process.pid);
    expect(table.startTime(child.pid)).toMatch(/\d\d:\d\d:\d\d \d{4}$/);
    expect(Math.abs((table.startedAt?.(child.pid) ?? 0) - Date.now())).toBeLessThan(60_000);
    const gone = exited(child);
    child.kill('SIGKILL');
    await gone;
    expect(table.startTime(child.pid)).toBeNull();
  });
});

describe('what the system writes', () => {
  it('of a process with blanks and parentheses in its name', () => {
    const rest = Array.from({ length: 30 }, (_, i) => i + 100).join(' ');
    expect(parseProcStat(`4242 (a ) b) (c) S 17 ${rest}\n`)).toEqual({ state: 'S', parent: 17, start: '117' });
  });

  it.each(['', 'nonsense', '1 (x) S', '1 (x) S y 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'])(
    'is refused when it is %j',
    (text) => {
      expect(parseProcStat(text)).toBeNull();
    },
  );

  it('of ps', () => {
    expect(parsePs('Ss+     1 Sat Nov 22 07:26:31 2026    \n')).toEqual({
      state: 'S',
      parent: 1,
      start: 'Sat Nov 22 07:26:31 2026',
    });
    expect(parsePs('')).toBeNull();
    expect(parsePs('Z')).toBeNull();
  });
});
