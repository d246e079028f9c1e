import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { verbs } from '../../src/cli/verb-table.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { HOSTILE, inboxSession, me, SESSION_A, SESSION_B } from './support/canned.ts';
import { fakeDaemon, setUpHome } from './support/fake-daemon.ts';
import { brokenStdout, runCli } from './support/run-cli.ts';

const shown = verbs.filter(({ hidden }) => !hidden);

describe('help', () => {
  it('says, when nothing is typed, how to begin and every verb', async () => {
    const alone = await runCli([], { home: tempDir() });
    expect(alone.code).toBe(0);
    for (const { name, summary } of shown)
      expect(alone.stdout).toMatch(new RegExp(`^ {2}${name} +${escaped(summary)}$`, 'm'));
    for (const command of ['init --org', 'share marie', 'accept alice', 'show alice']) {
      expect(alone.stdout).toContain(`teammate-sync ${command}`);
    }
    expect(alone.stdout).not.toContain('hook');
    for (const same of [['help'], ['--help'], ['-h']]) expect(await runCli(same, { home: tempDir() })).toEqual(alone);
  });

  it.each(shown.map(({ name }) => name))('teaches %s: usage, options, examples, exit codes', async (name) => {
    const spec = verbs.find((verb) => verb.name === name);
    const help = await runCli(['help', name], { home: tempDir() });
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`Usage: teammate-sync ${spec?.usage}`);
    for (const option of spec?.options ?? []) expect(help.stdout).toContain(`--${option.name}`);
    for (const [command] of spec?.examples ?? []) expect(help.stdout).toContain(`teammate-sync ${command}`);
    for (const code of ['0  done', '1  refused', '2  wrong usage', '3  the daemon', '4  not set up']) {
      expect(help.stdout).toContain(code);
    }
    expect(await runCli([name, '--help'], { home: tempDir() })).toEqual(help);
  });

  it('is data with --json', async () => {
    const all = JSON.parse((await runCli(['help', '--json'], { home: tempDir() })).stdout);
    expect(all.v).toBe(1);
    expect(all.verbs.map(({ name }: { name: string }) => name)).toEqual(shown.map(({ name }) => name));
    const one = JSON.parse((await runCli(['help', 'share', '--json'], { home: tempDir() })).stdout);
    expect(one).toMatchObject({ v: 1, name: 'share', aliases: ['connect'] });
  });

  it('tells the version', async () => {
    for (const typed of ['version', '--version', '-V']) {
      expect(await runCli([typed], { home: tempDir() })).toEqual({
        code: 0,
        stdout: 'teammate-sync 0.1.0\n',
        stderr: '',
      });
    }
    expect((await runCli(['version', '--json'], { home: tempDir() })).stdout).toBe('{"v":1,"version":"0.1.0"}\n');
  });
});

describe('wrong usage', () => {
  it.each([
    [['shar'], 'did you mean share?'],
    [['conections'], 'did you mean connections?'],
    [['unhsare'], 'did you mean unshare?'],
    [['help', 'acept'], 'did you mean accept?'],
    [['frobnicate'], 'there is no "frobnicate"'],
    [['--frob'], 'unknown option --frob'],
    [['share', '--sesion', 'x'], 'unknown option --sesion; did you mean --session?'],
    [['shared', '--quux'], 'unknown option --quux'],
    [['shared', 'extra'], 'one too many: "extra"'],
    [['accept'], 'the handle is missing'],
    [['accept', 'marie', 'bob'], 'one too many: "bob"'],
    [['accept', 'not a handle'], '"not a handle" is not a GitHub handle'],
    [['share', 'marie', '../../etc'], '"../../etc" is not a GitHub handle'],
    [['share', 'marie', '--note'], '--note'],
    [['share', 'marie', '--note', ''], '--note is empty'],
    [['share', 'marie', '--note', 'x'.repeat(281)], 'longer than 280 bytes'],
    [['share', '--preview=yes'], '--preview'],
    [['unshare', 'abc', '--session', 'def'], 'named twice'],
    [['unshare', 'abc', '--all'], 'not both'],
    [['unshare', '--from', ','], '--from is empty'],
    [['show'], 'the handle is missing'],
    [['show', 'marie', '--lines', '9-2'], '--lines 9-2 is not a range'],
    [['init'], '--org is missing'],
  ])('%j ends with 2 and says what is wrong', async (argv, message) => {
    const { code, stdout, stderr } = await runCli(argv, { home: setUpHome() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^teammate-sync: /);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')[1]).toMatch(/^ {2}\S/);
  });
});

describe('failures', () => {
  it('ends with 3 when the daemon is not running, with one line and what to do', async () => {
    expect(await runCli(['status'], { home: setUpHome() })).toEqual({
      code: 3,
      stdout: '',
      stderr: 'teammate-sync: the daemon is not running\n  start it with `teammate-sync up`\n',
    });
  });

  it('ends with 4 when this machine is not set up, which has to be mended first', async () => {
    const { code, stderr } = await runCli(['status'], { home: tempDir() });
    expect(code).toBe(4);
    expect(stderr).toContain('teammate-sync init --org');
    const daemon = await fakeDaemon({ whoami: new TeammateSyncError('NOT_SET_UP', 'no workspace') });
    expect((await runCli(['whoami'], daemon)).code).toBe(4);
  });

  it('ends with 1 when the daemon refuses, with its words and its hint', async () => {
    const daemon = await fakeDaemon({ accept: new TeammateSyncError('NO_INVITE', 'marie has not invited you') });
    expect(await runCli(['accept', 'marie'], daemon)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'teammate-sync: marie has not invited you\n  see `teammate-sync connections`\n',
    });
  });

  it('with --json leaves stdout empty and puts one JSON object on stderr', async () => {
    const daemon = await fakeDaemon({
      unshare: new TeammateSyncError('AMBIGUOUS_SESSION', 'two', { details: { candidates: [] } }),
    });
    const refused = await runCli(['unshare', '1f', '--json'], daemon);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(refused.stderr)).toEqual({
      v: 1,
      error: {
        code: 'AMBIGUOUS_SESSION',
        message: 'two',
        hint: 'give more characters of the id',
        details: { candidates: [] },
      },
    });
    const wrong = await runCli(['shared', '--json', '--nonsense'], daemon);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(wrong.stderr)).toMatchObject({ v: 1, error: { code: 'BAD_REQUEST' } });
  });

  it.each([
    [['show', 'marie', '--raw', '--json'], 'exclude each other'],
    [['show', 'marie', '-f', '--json'], '--raw -f'],
  ])('%j cannot be one JSON object', async (argv, message) => {
    const { code, stderr } = await runCli(argv, { home: setUpHome() });
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error.message).toContain(message);
  });

  it('lists which sessions a prefix could mean', async () => {
    const candidates = [
      { session: SESSION_A, project: 'webshop' },
      { session: SESSION_B, project: HOSTILE },
    ];
    const daemon = await fakeDaemon({
      unshare: new TeammateSyncError('AMBIGUOUS_SESSION', 'two', { details: { candidates } }),
    });
    const { stderr } = await runCli(['unshare', '1f'], daemon);
    expect(stderr).toContain(`  ${SESSION_A}  webshop\n`);
    expect(stderr).toContain(`  ${SESSION_B}  evil`);
    expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('shows nothing of an error raw', async () => {
    const daemon = await fakeDaemon({ status: new TeammateSyncError('INTERNAL', HOSTILE, { hint: HOSTILE }) });
    const { stderr } = await runCli(['status'], daemon);
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(stderr).not.toContain('\nteammate-sync: forged');
  });
});

describe('output', () => {
  it('ends quietly when the reader of stdout goes away', async () => {
    const daemon = await fakeDaemon({
      inbox: { handle: 'marie', sessions: [inboxSession(SESSION_A), inboxSession(SESSION_B)] },
    });
    for (const writes of [0, 1]) {
      const { code, stderr } = await runCli(['show', 'marie'], { ...daemon, stdout: brokenStdout(writes) });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });

  it('does not call it done when stdout cannot be written for another reason', async () => {
    const daemon = await fakeDaemon({ whoami: me });
    const full = brokenStdout(0);
    full._write = (_chunk, _encoding, done) => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    expect(await runCli(['whoami'], { ...daemon, stdout: full })).toMatchObject({ code: 1 });
  });

  it('has colour for a person at a terminal only, and not under NO_COLOR', async () => {
    const daemon = await fakeDaemon({ whoami: me });
    const coloured = await runCli(['whoami'], { ...daemon, terminal: 100 });
    expect(coloured.stdout).toContain('\u001b[1malice\u001b[22m');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect((await runCli(['whoami'], { ...daemon, terminal: 100, env })).stdout).not.toContain('\u001b');
    }
    expect((await runCli(['whoami'], { ...daemon, env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\u001b');
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
