/** `logs`: the newest lines, and what comes after them, over rotation. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { homePaths } from '../../src/platform/paths.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { HOSTILE } from './support/canned.ts';
import { brokenStdout, runCli, startCli } from './support/run-cli.ts';

interface Home {
  home: string;
  log: string;
  add(...messages: string[]): void;
}

const record = (msg: string): string => JSON.stringify({ level: 'info', time: '2026-11-22T09:14:05.123Z', msg });

function homeWithLog(...messages: string[]): Home {
  const home = tempDir();
  const { log, state } = homePaths(home, {});
  fs.mkdirSync(state, { mode: 0o700 });
  const add = (...more: string[]): void =>
    fs.appendFileSync(log, more.map((msg) => `${record(msg)}\n`).join(''), { mode: 0o600 });
  if (messages.length > 0) add(...messages);
  return { home, log, add };
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `record ${from + i}`);

/** Numbers of the records in the output, in order. */
const numbersIn = (text: string): number[] => [...text.matchAll(/record (\d+)/g)].map(([, n]) => Number(n));

describe('logs', () => {
  it('prints the newest 50 lines readably, or as many as asked for, newest last', async () => {
    const home = homeWithLog(...numbered(1, 60));
    const { code, stdout, stderr } = await runCli(['logs'], home);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(numbersIn(stdout)).toEqual(numbersIn(numbered(11, 60).join('\n')));
    expect(stdout).toMatch(/^2026-11-22 \d\d:14:05 info {2}record 11$/m);
    expect(numbersIn((await runCli(['logs', '-n', '3'], home)).stdout)).toEqual([58, 59, 60]);
    expect(numbersIn((await runCli(['logs', '-n', '0'], home)).stdout)).toEqual([]);
    for (const wrong of ['x', '-1', '1.5', '9999999']) expect((await runCli(['logs', '-n', wrong], home)).code).toBe(2);
  });

  it('goes on in the file that was set aside, and reads lines longer than a piece', async () => {
    const home = homeWithLog(...numbered(1, 3));
    fs.renameSync(home.log, `${home.log}.1`);
    home.add('record 4', `record 5 ${'x'.repeat(200_000)}`, 'record 6');
    expect(numbersIn((await runCli(['logs', '-n', '5'], home)).stdout)).toEqual([2, 3, 4, 5, 6]);
    expect(numbersIn((await runCli(['logs', '-n', '2'], home)).stdout)).toEqual([5, 6]);
  });

  it('gives the records as they are with --json, and what is no record as text', async () => {
    const home = homeWithLog('record 1');
    fs.appendFileSync(home.log, `Error: boom ${HOSTILE.split('\n')[0]}\n    at x\n`);
    const lines = (await runCli(['logs', '--json'], home)).stdout.trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      JSON.parse(record('record 1')),
      { msg: `Error: boom ${HOSTILE.split('\n')[0]}` },
      { msg: '    at x' },
    ]);
    const { stdout } = await runCli(['logs'], home);
    expect(stdout).toContain('Error: boom evil');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('says where it will be when there is none, and refuses one that others can read', async () => {
    const home = tempDir();
    const { log } = homePaths(home, {});
    expect(await runCli(['logs'], { home })).toEqual({
      code: 0,
      stdout: '',
      stderr: `nothing was logged yet; it will be in ${log}\n`,
    });
    const open = homeWithLog('record 1');
    fs.chmodSync(open.log, 0o644);
    const refused = await runCli(['logs'], open);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`chmod 600 ${open.log}`);
  });

  it('follows as it grows, half lines only when they are whole, over rotation, until Ctrl-C', async () => {
    const home = homeWithLog('record 1');
    const cli = startCli(['logs', '-f'], home);
    const shown = async (...numbers: number[]): Promise<void> => {
      await until(() => numbersIn(cli.stdout()).length >= numbers.length);
      expect(numbersIn(cli.stdout())).toEqual(numbers);
    };
    await shown(1);
    home.add('record 2');
    await shown(1, 2);
    fs.appendFileSync(home.log, record('record 3').slice(0, 40));
    home.add('');
    // Half a line and the next record are one line now, which is no record; it is shown as it is.
    home.add('record 4');
    await until(() => cli.stdout().includes('record 4'));
    // A daemon starts and sets the log aside; what came last into the old one is not lost.
    home.add('record 5');
    fs.renameSync(home.log, `${home.log}.1`);
    home.add('record 6');
    await until(() => cli.stdout().includes('record 6'));
    expect(numbersIn(cli.stdout()).slice(-3)).toEqual([4, 5, 6]);
    expect(cli.signal('SIGINT')).toBe(true);
    expect((await cli.result).code).toBe(0);
  });

  it('follows a log that is not there yet, and ends when its reader goes away', async () => {
    const home = homeWithLog();
    const cli = startCli(['logs', '-f'], { home: home.home, stdout: brokenStdout(0) });
    await until(() => cli.stderr().includes('nothing was logged yet'));
    home.add('record 1');
    expect((await cli.result).code).toBe(0);
    expect(path.basename(home.log)).toBe('daemon.log');
  });
});
