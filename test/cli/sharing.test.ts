import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { clockTime } from '../../src/cli/output/time.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { HOSTILE, SESSION_A, SESSION_B, sharedSession, shareResponse, status, turn } from './support/canned.ts';
import { fakeDaemon, setUpHome } from './support/fake-daemon.ts';
import { runCli } from './support/run-cli.ts';

const RAW = /[\p{Cf}\u2028]|(?!\n)\p{Cc}/u;

describe('share', () => {
  it('sends what was typed, each person once and in lower case', async () => {
    const daemon = await fakeDaemon({ status, share: shareResponse });
    const argv = [
      'share',
      '@Marie',
      'bob',
      'marie',
      '--session',
      '1f0c',
      '--note',
      'the login',
      '--from-now',
      '--with-thinking',
    ];
    expect((await runCli(argv, { ...daemon, cwd: '/work/webshop' })).code).toBe(0);
    expect(daemon.asked.find(({ route }) => route === 'share')?.body).toEqual({
      session: '1f0c',
      cwd: '/work/webshop',
      to: ['marie', 'bob'],
      note: 'the login',
      fromNow: true,
      withThinking: true,
    });
  });

  it('says what went, what became of each person, and how to undo it', async () => {
    const daemon = await fakeDaemon({ status, share: shareResponse });
    const { stdout, stderr } = await runCli(['share', 'marie', 'bob', 'carol', 'dave', 'erin'], daemon);
    const since = clockTime('2026-11-22T09:14:00Z');
    expect(stdout).toContain(
      `Sharing webshop (1f0c0000): 312 turns since ${since}, 3 masked (2 github-token, 1 url).\n`,
    );
    expect(stdout).toMatch(/^ {2}marie {2}shared {4}\S/m);
    expect(stdout).toMatch(/^ {2}bob {4}invited {3}.*accept/m);
    expect(stdout).toMatch(/^ {2}carol {2}waiting/m);
    expect(stdout).toMatch(/^ {2}dave {3}declined {2}on 2026-11-01; nothing was sent/m);
    expect(stdout).toMatch(/^ {2}erin {3}already/m);
    expect(stdout).toContain('Undo: teammate-sync unshare 1f0c0000 --from marie,bob,carol,erin\n');
    expect(stderr).toBe('');
  });

  it('prints the response with --json', async () => {
    const daemon = await fakeDaemon({ status, share: shareResponse });
    const { stdout } = await runCli(['share', '--json'], daemon);
    expect(JSON.parse(stdout)).toEqual({ v: 1, ...shareResponse });
    expect(stdout.trimEnd()).not.toContain('\n');
  });

  it('takes the session from Claude Code when none is named, and none from a broken variable', async () => {
    const daemon = await fakeDaemon({ status, share: shareResponse });
    await runCli(['share'], { ...daemon, env: { CLAUDE_CODE_SESSION_ID: SESSION_B.toUpperCase() } });
    await runCli(['share'], { ...daemon, env: { CLAUDE_CODE_SESSION_ID: 'rubbish' } });
    await runCli(['share', '--session', '1f0c'], { ...daemon, env: { CLAUDE_CODE_SESSION_ID: SESSION_B } });
    const bodies = daemon.asked.flatMap(({ route, body }) => (route === 'share' ? [body] : []));
    expect(bodies).toMatchObject([{ session: SESSION_B }, { session: null }, { session: '1f0c' }]);
  });

  it('says who asks: the daemon decides whether a person typed it', async () => {
    const daemon = await fakeDaemon({ status, share: new TeammateSyncError('PERSON_ONLY', 'a person has to type it') });
    const cases: [env: NodeJS.ProcessEnv, agent: boolean][] = [
      [{}, false],
      [{ CLAUDECODE: '1' }, true],
      [{ CLAUDECODE: '', AI_AGENT: 'some-agent' }, true],
    ];
    for (const [env, agent] of cases) {
      const { code, stderr } = await runCli(['share', 'marie'], { ...daemon, env });
      expect([code, stderr]).toEqual([1, expect.stringContaining('a person has to type it')]);
      expect(daemon.callers.at(-1)).toEqual({ via: 'terminal', pid: 4343, agent });
    }
  });

  it('says when nobody was reached', async () => {
    const daemon = await fakeDaemon({ status, share: { ...shareResponse, people: [] } });
    expect((await runCli(['share'], daemon)).stdout).toContain('nothing was shared');
    daemon.answers.share = { ...shareResponse, people: shareResponse.people.filter(({ handle }) => handle === 'dave') };
    const { stdout } = await runCli(['share', 'dave'], daemon);
    expect(stdout).toContain('was shared with nobody');
    expect(stdout).not.toContain('Undo');
  });

  it('is `connect`, with people; alone that is the list', async () => {
    const connections = {
      ...{ org: 'acme', accepted: [], pendingIn: [], pendingOut: [], declined: [], blocked: [] },
      freshness: { fresh: 0, of: 0, oldest: null, failure: null },
    };
    const daemon = await fakeDaemon({ status, share: shareResponse, connections });
    await runCli(['connect', 'marie'], daemon);
    expect(daemon.asked.at(-1)).toMatchObject({ route: 'share', body: { to: ['marie'] } });
    expect((await runCli(['connect'], daemon)).stdout).toContain('Connections in acme');
    expect(JSON.parse((await runCli(['connect', '--json'], daemon)).stdout)).toEqual({ v: 1, ...connections });
  });

  it('starts no daemon without a set-up, and says when it does not start', async () => {
    expect((await runCli(['share', 'marie'], { home: tempDir() })).code).toBe(4);
    const { code, stderr } = await runCli(['share', 'marie'], { home: setUpHome(), daemonEntry: '/nonexistent.mjs' });
    expect(code).toBe(1);
    expect(stderr).toContain('the daemon did not start');
  });
});

describe('share --preview', () => {
  const preview = {
    session: SESSION_A,
    project: 'webshop',
    turns: [turn(7)],
    masked: [{ rule: 'url', count: 1 }],
    total: 40,
  };

  it('shows what they would see, shares nothing, and is free for an agent to run', async () => {
    const daemon = await fakeDaemon({ status, preview });
    const { code, stdout } = await runCli(['share', 'marie', '--preview'], { ...daemon, env: { CLAUDECODE: '1' } });
    expect(code).toBe(0);
    expect(stdout).toContain('They would see webshop (1f0c0000): 40 turns (the newest 1 follow), 1 masked (1 url).');
    expect(stdout).toContain('  words of line 7\n');
    expect(stdout).toContain('Nothing was shared. To share it: teammate-sync share marie --session 1f0c0000');
    expect(daemon.asked.map(({ route }) => route)).not.toContain('share');
  });

  it('prints the response with --json', async () => {
    const daemon = await fakeDaemon({ status, preview });
    expect(JSON.parse((await runCli(['share', '--preview', '--json'], daemon)).stdout)).toEqual({ v: 1, ...preview });
  });
});

describe('unshare', () => {
  it.each([
    [['unshare'], { session: SESSION_B, from: [], all: false }],
    [['unshare', '1f0c'], { session: '1f0c', from: [], all: false }],
    [['unshare', '--session', '1f0c'], { session: '1f0c', from: [], all: false }],
    [['unshare', '--all'], { session: null, from: [], all: true }],
    [
      ['unshare', '1f0c', '--from', 'marie,@Bob', '--from', 'erin'],
      { session: '1f0c', from: ['marie', 'bob', 'erin'], all: false },
    ],
    [['unshare', '1f0c', '--from', 'marie', 'ada'], { session: '1f0c', from: ['marie', 'ada'], all: false }],
    [['unshare', '--all', '--from=bob'], { session: null, from: ['bob'], all: true }],
  ])('%j', async (argv, body) => {
    const daemon = await fakeDaemon({ unshare: { ended: [], remaining: 0 } });
    expect((await runCli(argv, { ...daemon, env: { CLAUDE_CODE_SESSION_ID: SESSION_B } })).code).toBe(0);
    expect(daemon.asked[0]?.body).toEqual({ cwd: '/work/proj', ...body });
  });

  it('says who was not reached and reads on until when, and not who hears it in a moment', async () => {
    const ended = [{ session: SESSION_A, project: 'webshop', people: ['marie', 'bob'] }];
    const until = '2026-11-22T12:10:00Z';
    const unheardEnds = [
      { session: SESSION_A, handle: 'marie', until },
      { session: SESSION_A, handle: 'bob', until },
      { session: SESSION_B, handle: 'dave', until },
    ];
    const daemon = await fakeDaemon({ unshare: { ended, remaining: 0 }, status: { ...status, unheardEnds } });
    const { stdout } = await runCli(['unshare'], daemon);
    expect(stdout).toMatch(
      /any more\.\nbob is not online: reads what is there of 1f0c0000 until it hears of this, or \d\d:\d\d \(in 10 min\)\.\n$/,
    );
  });

  it('says what ended, for whom, and what is left', async () => {
    const ended = [{ session: SESSION_A, project: 'webshop', people: ['marie', 'bob'] }];
    const daemon = await fakeDaemon({ unshare: { ended, remaining: 2 } });
    const { stdout } = await runCli(['unshare'], daemon);
    expect(stdout).toBe('Ended: webshop (1f0c0000) for marie, bob.\n2 sessions still shared: teammate-sync shared\n');
    expect(JSON.parse((await runCli(['unshare', '--json'], daemon)).stdout)).toEqual({ v: 1, ended, remaining: 2 });
    daemon.answers.unshare = { ended: [], remaining: 0 };
    expect((await runCli(['unshare'], daemon)).stdout).toContain('Nothing was shared');
    daemon.answers.unshare = new TeammateSyncError('NOT_SHARED', 'this session is not shared');
    expect((await runCli(['unshare'], daemon)).code).toBe(1);
  });
});

describe('activity', () => {
  const entry = {
    ...{ handle: 'marie', device: '0011223344556677', session: SESSION_A, project: 'webshop', shared: true },
    ...{
      with: 'query_teammate_context',
      source: 'main',
      ranges: [1, 9, 20, 31, 44].map((from) => ({ from, to: from + 2 })),
    },
    ...{ first: '2026-11-22T09:20:00Z', last: '2026-11-22T10:20:00Z' },
  };

  it('says who read which lines of what, with what and when', async () => {
    const ended = { ...entry, source: 'agent-7', with: 'show', shared: false, ranges: [{ from: 3, to: 3 }] };
    const event = { session: entry.session, project: 'webshop', at: entry.last };
    const history = [
      { ...event, handle: 'marie', mine: true, what: 'ended', reason: 'unshared' },
      { ...event, handle: 'bob', mine: false, what: 'began', reason: null },
    ];
    const daemon = await fakeDaemon({ activity: { entries: [entry, ended], history } });
    const { code, stdout } = await runCli(['activity'], daemon);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^marie .*webshop \(1f0c0000\) +lines …, 9-11, 20-22, 31-33, 44-46 +with query_teammate_context/,
    );
    expect(stdout).toMatch(/webshop \(1f0c0000, ended\) +subagent agent-7, lines 3 +with show, on 0011223344556677\n/);
    expect(stdout).toContain('What they asked is never told.');
    expect(JSON.parse((await runCli(['activity', '--json'], daemon)).stdout)).toEqual({
      v: 1,
      entries: [entry, ended],
      history,
    });
    expect(stdout).toMatch(
      /webshop \(1f0c0000\) +with marie +ended: unshared\n.*webshop \(1f0c0000\) +from bob +began\n$/,
    );
  });

  it('says so when nobody has', async () => {
    expect((await runCli(['activity'], await fakeDaemon({ activity: { entries: [], history: [] } }))).stdout).toContain(
      'Nobody has read',
    );
  });
});

describe('shared', () => {
  it('lists sessions and recipients, and marks this one', async () => {
    const other = {
      ...sharedSession,
      session: SESSION_B,
      project: 'api',
      title: null,
      live: false,
      withThinking: true,
    };
    const daemon = await fakeDaemon({ shared: { sessions: [sharedSession, other] } });
    const { stdout } = await runCli(['shared'], { ...daemon, env: { CLAUDE_CODE_SESSION_ID: SESSION_A } });
    expect(stdout).toContain('webshop  mend the login  ← this session\n');
    expect(stdout).toContain(SESSION_A);
    expect(stdout).toContain('api\n');
    expect(stdout).toContain('with thinking, not live');
    expect(stdout).toMatch(/marie {2}synced {3}all 312 turns .*lease until \d\d:\d\d \(in 52 min\)/);
    expect(stdout).toMatch(/bob {4}invited {2}has nothing yet/);
    expect(stdout).toContain('teammate-sync unshare --all');
    expect(JSON.parse((await runCli(['shared', '--json'], daemon)).stdout)).toEqual({
      v: 1,
      sessions: [sharedSession, other],
      unheardEnds: [],
    });
  });

  it('says how to share when nothing is', async () => {
    const daemon = await fakeDaemon({ shared: { sessions: [] } });
    expect((await runCli(['shared'], daemon)).stdout).toContain('teammate-sync share <handle>');
  });

  it('shows nothing of a title, a project or a folder raw, as text and as JSON', async () => {
    const hostile = { ...sharedSession, title: HOSTILE, project: HOSTILE, cwd: HOSTILE };
    const daemon = await fakeDaemon({ shared: { sessions: [hostile] } });
    expect((await runCli(['shared'], daemon)).stdout).not.toMatch(RAW);
    const json = (await runCli(['shared', '--json'], daemon)).stdout;
    expect(json).not.toMatch(RAW);
    expect(JSON.parse(json)).toEqual({ v: 1, sessions: [hostile], unheardEnds: [] });
  });
});
