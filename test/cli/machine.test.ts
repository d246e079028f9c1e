/** The verbs that start, stop and set up processes: with real ones. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { until } from '../support/until.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { HOSTILE, inboxSession, me, SESSION_A, SESSION_B, sharedSession, status } from './support/canned.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { openStdin, runCli, startCli } from './support/run-cli.ts';
import { daemonEntry, done, given, homeWithDaemons, lines, plan, typist } from './support/stub-processes.ts';

const orgs = [
  { login: 'acme', id: 1 },
  { login: 'zeta', id: 2 },
];
const choose = { type: 'choose', orgs, preset: 'zeta', hidden: 1 };
describe('up and down', () => {
  it('starts the daemon, says so, and stops it again', async () => {
    const home = homeWithDaemons();
    const up = await runCli(['up'], { home, daemonEntry });
    const [daemon] = given(home, 'daemon');
    expect(up).toEqual({ code: 0, stdout: `Started: process ${daemon?.pid}, as alice in acme\n`, stderr: '' });
    expect(daemon?.argv).toEqual(['serve']);

    const again = await runCli(['up', '--json'], { home, daemonEntry });
    expect(JSON.parse(again.stdout)).toMatchObject({ v: 1, started: false, pid: daemon?.pid });
    expect(given(home, 'daemon')).toHaveLength(1);

    const down = await runCli(['down'], { home });
    expect(down).toMatchObject({ code: 0, stderr: '' });
    expect((await runCli(['status'], { home })).code).toBe(3);
  });

  it('up without a set-up ends with 4, and with 1 when the daemon does not start', async () => {
    expect((await runCli(['up'], { home: tempDir(), daemonEntry })).code).toBe(4);
    const failed = await runCli(['up'], { home: homeWithDaemons(), daemonEntry, env: { STUB_RUN_EXIT: '5' } });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('teammate-sync daemon');
  });

  it('share starts the daemon when it is down', async () => {
    const home = homeWithDaemons();
    await runCli(['share', 'marie'], { home, daemonEntry });
    expect(given(home, 'daemon')).toHaveLength(1);
  });

  it('down says who keeps what until when, before anything stops', async () => {
    const daemon = await fakeDaemon({
      status,
      shared: {
        sessions: [sharedSession],
        unheardEnds: [{ session: SESSION_B, handle: 'erin', until: '2026-11-22T12:10:00Z' }],
      },
    });
    daemon.answers.down = () => {
      setImmediate(() => void daemon.stop());
      return { ok: true };
    };
    const { code, stdout } = await runCli(['down'], daemon);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}marie {2}keeps webshop \(1f0c0000\) {2}until \d\d:\d\d \(in 52 min\)$/m);
    expect(stdout).not.toContain('bob');
    expect(stdout).toMatch(/erin {2}may read 1f0d0000, which ended {2}until \d\d:\d\d \(in 10 min\)/);
    expect(stdout).toContain('teammate-sync unshare --all');
    expect(daemon.asked.map(({ route }) => route).slice(0, 3)).toEqual(['status', 'shared', 'down']);
  });

  it('down returns when the daemon is gone, not when it has said yes', async () => {
    let left = 3;
    const daemon = await fakeDaemon({ shared: { sessions: [], unheardEnds: [] }, down: { ok: true } });
    daemon.answers.status = () => {
      const stopping = daemon.asked.some(({ route }) => route === 'down');
      if (stopping && --left === 0) setImmediate(() => void daemon.stop());
      return status;
    };
    expect((await runCli(['down'], daemon)).code).toBe(0);
    expect(left).toBeLessThanOrEqual(0);
    expect((await runCli(['status'], daemon)).code).toBe(3);
  });

  it('down answers with JSON, stops a daemon that cannot say what it shares, and is done when none runs', async () => {
    const daemon = await fakeDaemon({ status, shared: new TeammateSyncError('VERSION_SKEW', 'other version') });
    daemon.answers.down = () => {
      setImmediate(() => void daemon.stop());
      return { ok: true };
    };
    const first = await runCli(['down', '--json'], daemon);
    expect(JSON.parse(first.stdout)).toEqual({ v: 1, stopped: true, sessions: [], unheardEnds: [] });
    expect(await runCli(['down'], daemon)).toEqual({ code: 0, stdout: 'The daemon is not running.\n', stderr: '' });
  });
});

describe('status', () => {
  const synced = sharedSession.recipients[0];
  const recipient = (handle: string, more: object) => ({ ...synced, handle, state: 'offline' as const, ...more });
  const busy = {
    ...status,
    shares: [
      {
        session: SESSION_A,
        project: 'webshop',
        title: 'mend the login',
        turns: 48_711,
        read: 0.349,
        recipients: [
          recipient('marie', { state: 'syncing', fetched: 12_345, of: 48_711 }),
          recipient('bob', { fetched: 300, of: 48_711, leaseUntil: '2026-11-22T12:20:00Z' }),
          recipient('dave', { fetched: 0, leaseUntil: null }),
        ],
      },
    ],
    unheardEnds: [{ session: SESSION_B, handle: 'erin', until: '2026-11-22T12:10:00Z' }],
    readable: [{ ...inboxSession(SESSION_B), handle: 'marie', fetched: 2 }],
  };

  it('is one screenful: machine, network, people, shares with the end of each lease, invites', async () => {
    const daemon = await fakeDaemon({ status: busy });
    const { stdout } = await runCli(['status'], daemon);
    expect(stdout).toMatch(/^daemon {3}running {2}version 0\.1\.0, process 4194305, since \d\d:\d\d\n/);
    expect(stdout).toMatch(/^you {6}alice {4}in acme, device 0123456789abcdef$/m);
    expect(stdout).toMatch(/^network {2}online {3}2 devices of teammates in reach; NAT consistent: /m);
    expect(stdout).toMatch(/^github {3}answers {2}github\.com, 2 min ago$/m);
    expect(stdout).toMatch(/^people {3}online {3}marie \(since \d\d:\d\d\)$/m);
    expect(stdout).toMatch(
      /^ {9}offline {2}bob \(gone since \d\d:\d\d\), dave \(not seen since the daemon started\)$/m,
    );
    expect(stdout).toContain('  webshop (1f0c0000)  mend the login  reading the transcript: 34 %\n');
    expect(stdout).toMatch(
      /marie {2}fetching {2}12,345 of 48,711 turns \(25 %\) {2}lease until \d\d:\d\d \(in 52 min\)/,
    );
    expect(stdout).toMatch(/bob {4}offline {3}300 of 48,711 turns +keeps it until \d\d:\d\d \(in 20 min\)/);
    expect(stdout).toMatch(/dave {3}offline {3}holds nothing/);
    expect(stdout).toMatch(/ended: erin has not confirmed it and may read 1f0d0000 until \d\d:\d\d \(in 10 min\)/);
    expect(stdout).toMatch(/marie {2}webshop \(1f0d0000\) {2}live {2}2 of 3 turns here/);
    expect(stdout).toMatch(/1 invite for you\n {2}carol {2}about webshop .*teammate-sync accept carol/);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
    expect(JSON.parse((await runCli(['status', '--json'], daemon)).stdout)).toEqual({ v: 1, ...busy });
  });

  it('stays a screenful however much there is', async () => {
    const [share] = busy.shares;
    const many = {
      ...busy,
      people: Array.from({ length: 60 }, (_, i) => ({ handle: `p${i}`, online: i % 2 === 0, since: null })),
      shares: Array.from({ length: 30 }, () => ({
        ...share,
        recipients: Array.from({ length: 30 }, (_, i) => recipient(`p${i}`, {})),
      })),
      readable: Array.from({ length: 30 }, () => ({ ...inboxSession(SESSION_B), handle: 'marie' })),
      invites: Array.from({ length: 30 }, (_, i) => ({ handle: `p${i}`, project: null, until: null })),
    };
    const { stdout } = await runCli(['status'], await fakeDaemon({ status: many }));
    expect(stdout.split('\n').length).toBeLessThanOrEqual(60);
    expect(stdout).toContain('and 22 more');
    expect(stdout).toContain('26 more: teammate-sync connections');
  });

  it('says what an offline network, a random NAT and a silent GitHub mean, and what to do', async () => {
    const { network } = status;
    if (network === null) throw new Error('no network');
    const offline = {
      ...status,
      network: { ...network, state: 'offline' as const, answeredAt: '2026-11-22T11:30:00Z' },
      github: {
        host: 'github.com',
        answeredAt: null,
        failedAt: '2026-11-22T11:59:00Z',
        failure: 'GitHub cannot be reached (ENOTFOUND)',
      },
    };
    const daemon = await fakeDaemon({ status: offline });
    const first = (await runCli(['status'], daemon)).stdout;
    expect(first).toContain('no DHT node answers (the last one 30 min ago; asked: 127.0.0.1:4000)');
    expect(first).toContain('does its network let UDP out?');
    expect(first).toContain('GitHub cannot be reached (ENOTFOUND) (tried 1 min ago, last answer: never');
    daemon.answers.status = { ...status, network: { ...network, nat: 'random' } };
    expect((await runCli(['status'], daemon)).stdout).toContain('the team runs a relay');
    daemon.answers.status = { ...offline, network: { ...offline.network, answeredAt: null } };
    expect((await runCli(['status'], daemon)).stdout).toContain('none has since the daemon started');
  });

  it('tells a missing set-up, another version, and the newest error with what to do', async () => {
    const errors = Array.from({ length: 9 }, (_, i) => ({
      code: 'CLOCK_SKEW',
      message: `${HOSTILE} ${i}`,
      hint: 'set the clock',
      at: `2026-11-22T11:0${i}:00Z`,
    }));
    const daemon = await fakeDaemon({
      status: { ...status, version: '0.0.9', setUp: false, me: null, network: null, errors },
    });
    const { stdout } = await runCli(['status'], daemon);
    expect(stdout).toContain('restart it with down and up');
    expect(stdout).toContain('teammate-sync init');
    expect(stdout).toContain('not started');
    expect(stdout).toMatch(/Last error 52 min ago: CLOCK_SKEW, evil.* 8$/m);
    expect(stdout).toContain('  → set the clock');
    expect(stdout).toContain('8 earlier: teammate-sync logs');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
  });

  it('of a daemon of an earlier version is told as far as it goes', async () => {
    const { github: _g, people: _p, shares: _s, unheardEnds: _u, readable: _r, invites: _i, ...earlier } = status;
    const { code, stdout } = await runCli(['status'], await fakeDaemon({ status: earlier }));
    expect(code).toBe(0);
    expect(stdout).toContain('alice');
  });

  it('is one line with --line, also when there is no daemon', async () => {
    const daemon = await fakeDaemon({ status: busy });
    const env = { CLAUDE_CODE_SESSION_ID: SESSION_A };
    expect((await runCli(['status', '--line'], { ...daemon, env })).stdout).toBe(
      'shared with marie, bob, dave · 1 invite: teammate-sync connections · 1/3 online\n',
    );
    const stdin = openStdin(JSON.stringify({ session_id: SESSION_B }));
    expect((await runCli(['status', '--line'], { ...daemon, stdin })).stdout).toMatch(
      /^not shared · elsewhere 1 session/,
    );
    expect((await runCli(['status', '--line'], { ...daemon, stdin: openStdin('') })).stdout).toMatch(
      /^1 session shared/,
    );
    expect((await runCli(['status', '--line', '--json'], daemon)).code).toBe(2);
    await daemon.stop();
    expect(await runCli(['status', '--line'], daemon)).toEqual({ code: 0, stdout: 'teammate-sync: off\n', stderr: '' });
  });
});

describe('daemon', () => {
  it('runs it in the foreground, hands signals down and the exit code up', async () => {
    const home = homeWithDaemons();
    const cli = startCli(['daemon'], { home, daemonEntry });
    const daemon = await until(() => given(home, 'daemon')[0]);
    expect(daemon?.argv).toEqual(['run']);
    expect(cli.signal('SIGTERM')).toBe(true);
    expect((await cli.result).code).toBe(7);
  });

  it('tells a death by signal as shells do, and a missing entry', async () => {
    const home = homeWithDaemons();
    const cli = startCli(['daemon'], { home, daemonEntry });
    const daemon = await until(() => given(home, 'daemon')[0]);
    process.kill(daemon?.pid ?? 0, 'SIGKILL');
    expect((await cli.result).code).toBe(137);
    expect((await runCli(['daemon'], { home, daemonEntry, env: { STUB_RUN_EXIT: '4' } })).code).toBe(4);
  });
});

describe('init', () => {
  it('hands the org over on stdin, shows the steps, and says what comes next', async () => {
    const home = homeWithDaemons(tempDir());
    const STUB_SETUP = lines({ type: 'step', text: 'signing in' }, { type: 'step', text: HOSTILE }, done);
    const { code, stdout, stderr } = await runCli(['init', '--org', 'acme'], {
      home,
      daemonEntry,
      env: { STUB_SETUP, GH_TOKEN: 'secret' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^· signing in\n· evil/);
    expect(stdout).toContain('Ready: alice in acme, device 0123456789abcdef');
    expect(stdout).toContain('teammate-sync up');
    expect(stdout).toContain('teammate-sync share <handle>');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    const [setup] = given(home, 'setup');
    expect(setup).toMatchObject({
      argv: ['setup'],
      stdin: '{"org":"acme","deviceFlow":true,"dryRun":false,"claudeCode":true}\n',
      token: 'secret',
    });
    expect(given(home, 'daemon')).toEqual([]);
  });

  it('is one object with --json', async () => {
    const env = { STUB_SETUP: lines({ type: 'step', text: 'signing in' }, done) };
    const { stdout } = await runCli(['init', '--org', 'acme', '--json'], { home: tempDir(), daemonEntry, env });
    expect(JSON.parse(stdout)).toEqual({ v: 1, restarted: false, me, claude: null });
  });

  it('stops a running daemon for it and starts it again', async () => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const { code, stdout } = await runCli(['init', '--org', 'acme'], {
      home,
      daemonEntry,
      env: { STUB_SETUP: lines(plan, done) },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('the daemon is back');
    const [first, second] = given(home, 'daemon');
    expect(second?.pid).toBeGreaterThan(0);
    expect(second?.pid).not.toBe(first?.pid);
    expect((await runCli(['status', '--json'], { home })).code).toBe(0);
  });

  it('starts it again also when the set-up fails', async () => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const error = new TeammateSyncError('NO_TOKEN', 'nobody is signed in').toBody();
    const failed = await runCli(['init', '--org', 'acme'], {
      home,
      daemonEntry,
      env: { STUB_SETUP: lines(plan, { type: 'error', error }), STUB_SETUP_EXIT: '1' },
    });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toBe('teammate-sync: nobody is signed in\n  set GH_TOKEN, or sign in with `gh auth login`\n');
    expect((await runCli(['status', '--json'], { home })).code).toBe(0);
  });

  it.each([
    ['nothing', '', 'the set-up ended early (exit code 3): last words'],
    ['no JSON', 'Segmentation fault\n[]\nnull\n{"type":"later"}\n', 'the set-up ended early'],
    ['an unknown error', lines({ type: 'error', error: { code: 'OF_NEXT_YEAR', message: 'no idea' } }), 'no idea'],
    ['an empty error', lines({ type: 'error' }), 'it failed'],
  ])('tells a set-up that says %s', async (_what, STUB_SETUP, message) => {
    const env = { STUB_SETUP, STUB_SETUP_EXIT: '3', STUB_STDERR: 'first words\nlast words\n' };
    const { code, stdout, stderr } = await runCli(['init', '--org', 'acme'], { home: tempDir(), daemonEntry, env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('lets a person choose the org, and asks before it changes anything or restarts a daemon', async () => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const typing = typist(home, ['init'], lines(choose, plan, done));
    await typing.type('Which one is your team? [zeta]', 'what?\n');
    await typing.type('Type a number', '1\n');
    await typing.type('Go on? [Y/n]', 'n\n');
    const { code, stderr } = await typing.result;
    expect(code).toBe(1);
    expect(stderr).toContain('  2  zeta  Enter takes this one');
    expect(stderr).toContain('1 org not shown: single sign-on');
    expect(stderr).toContain('publish the public keys of this device');
    expect(stderr).toContain('restart the daemon');
    expect(stderr).toContain('nothing was changed');
    expect(stderr.split('\n').length).toBeLessThan(24);
    expect(given(home, 'daemon')).toHaveLength(1);
    expect(given(home, 'setup')[0]?.stdin).toBe(
      '{"org":null,"deviceFlow":true,"dryRun":false,"claudeCode":true}\n{"org":"acme"}\n',
    );
  });

  it('takes the preset org and goes on for Enter', async () => {
    const home = homeWithDaemons();
    const typing = typist(home, ['init'], lines(choose, plan, done));
    await typing.type('Which one is your team? [zeta]', '\n');
    await typing.type('Go on? [Y/n]', '\n');
    expect((await typing.result).code).toBe(0);
    expect(given(home, 'setup')[0]?.stdin).toContain('{"org":"zeta"}\n{"go":true,"deny":true}\n');
  });

  it.each([
    ['the choice', 'Which one is your team?'],
    ['the last question', 'Go on?'],
  ])('ends at %s with Ctrl-D, the set-up with it, and leaves a running daemon alone', async (_at, question) => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const typing = typist(
      home,
      ['init', ...(question === 'Go on?' ? ['--org', 'acme'] : [])],
      lines(...(question === 'Go on?' ? [plan] : [choose])),
    );
    await typing.type(question, '');
    typing.end();
    const { code, stderr } = await typing.result;
    expect(code).toBe(1);
    expect(stderr).toContain('nothing was changed');
    expect(given(home, 'daemon')).toHaveLength(1);
    expect((await runCli(['status', '--json'], { home })).code).toBe(0);
  });

  it('shows code and address of a sign-in, and opens the browser for somebody at a terminal only', async () => {
    const code = { type: 'code', userCode: 'BCDF-GHJK', url: 'https://github.com/login/device' };
    const STUB_SETUP = lines(code, { type: 'waiting', leftMs: 899_000 }, done);
    const typing = typist(tempDir(), ['init', '--org', 'acme'], STUB_SETUP);
    const { stderr } = await typing.result;
    expect(stderr).toContain('BCDF-GHJK');
    expect(stderr).toContain('waiting for you to type it … 15 min left');
    expect(typing.opened).toEqual(['https://github.com/login/device']);
    const piped = startCli(['init', '--org', 'acme'], { home: tempDir(), daemonEntry, env: { STUB_SETUP } });
    expect((await piped.result).stderr).toBe(
      'To sign in, type this code on GitHub: BCDF-GHJK\nOpen https://github.com/login/device\n',
    );
    expect(piped.opened).toEqual([]);
  });

  it('with --dry-run says what would change, and changes nothing', async () => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const STUB_SETUP = lines(plan, { type: 'done', me: null });
    const { code, stdout } = await runCli(['init', '--dry-run'], { home, daemonEntry, env: { STUB_SETUP } });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^It would, for alice in acme:\n {2}change .*config\.json\n {6}- org: "old"\n {6}\+ org: "evil/,
    );
    expect(stdout).toContain('publish the public keys');
    expect(stdout).toMatch(/Nothing was changed\.\n$/);
    expect(given(home, 'daemon')).toHaveLength(1);
    expect(given(home, 'setup')[0]?.stdin).toContain('"dryRun":true');
    const asJson = await runCli(['init', '--dry-run', '--json'], { home, daemonEntry, env: { STUB_SETUP } });
    expect(JSON.parse(asJson.stdout)).toEqual({ v: 1, dryRun: true, restarts: true, plan: plan.plan });
  });

  it('does not ask with --yes', async () => {
    const home = homeWithDaemons();
    await runCli(['up'], { home, daemonEntry });
    const options = {
      home,
      daemonEntry,
      stdin: new PassThrough(),
      typing: true,
      terminal: 80,
      env: { STUB_SETUP: lines(plan, done) },
    };
    expect((await runCli(['init', '--org', 'acme', '--yes'], options)).code).toBe(0);
    expect(given(home, 'daemon')).toHaveLength(2);
  });
});
