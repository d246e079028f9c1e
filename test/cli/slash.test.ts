/** Commands typed in Claude Code, as its hook hands them over and as the person reads the answer. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collector } from '../../src/cli/slash/collector.ts';
import { splitWords } from '../../src/cli/slash/split-words.ts';
import { slashed } from '../../src/cli/slash/slashed.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { slashCommand, SLASH_VERBS } from '../../src/protocol/claude-hook.ts';
import { SLASH_ANSWER_MAX_BYTES } from '../../src/protocol/limits.ts';
import {
  connectionPerson,
  HOSTILE,
  inboxSession,
  personResponse,
  SESSION_A,
  SESSION_B,
  sessionEvent,
  shareResponse,
  status,
  turn,
  turnEvent,
} from './support/canned.ts';
import { cannedAnswer } from './support/canned-answer.ts';
import { deferred } from './support/deferred.ts';
import { type FakeDaemon, fakeDaemon, setUpHome } from './support/fake-daemon.ts';
import { openStdin, runCli, startCli } from './support/run-cli.ts';

const attended = { CLAUDE_PID: '77', CLAUDE_CODE_ENTRYPOINT: 'cli', CLAUDE_CODE_SESSION_ATTENDED: '1' };
/** As Claude Code marks what its hooks run. */
const marked = { CLAUDECODE: '1', AI_AGENT: 'claude-code_2-1-330_harness' };

function input(prompt: string, more: object = {}): string {
  return JSON.stringify({
    ...{ session_id: SESSION_A, transcript_path: '/home/alice/.claude/projects/x/1.jsonl', cwd: '/home/alice/webshop' },
    ...{ prompt_id: '5ee3cc82', permission_mode: 'default', hook_event_name: 'UserPromptSubmit', prompt },
    ...more,
  });
}

/** What Claude Code is given; null: nothing, so the prompt goes to the model. */
async function typed(prompt: string, options: { home: string }, env: NodeJS.ProcessEnv = attended): Promise<unknown> {
  const ran = await runCli(['hook'], { ...options, stdin: openStdin(input(prompt)), env: { ...marked, ...env } });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  return ran.stdout === '' ? null : JSON.parse(ran.stdout);
}

/** The text that the person reads, after everything around it was as it must be. */
async function answered(prompt: string, options: { home: string }, env?: NodeJS.ProcessEnv): Promise<string> {
  const answer = await typed(prompt, options, env);
  expect(answer).toEqual({
    decision: 'block',
    reason: expect.stringMatching(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]+$/),
    hookSpecificOutput: { hookEventName: 'UserPromptSubmit', suppressOriginalPrompt: true },
  });
  return (answer as { reason: string }).reason;
}

const routes = (daemon: FakeDaemon): string[] => daemon.asked.map(({ route }) => route);
const HOOK = { hook: { message: null }, status };

describe('the words of a command', () => {
  it.each([
    ['', []],
    ['  \n\t ', []],
    ['marie  bob', ['marie', 'bob']],
    ['marie --note "the login bug"', ['marie', '--note', 'the login bug']],
    ['--note \'say "hi"\'', ['--note', 'say "hi"']],
    [String.raw`--note "a \"b\" \\ c\d"`, ['--note', String.raw`a "b" \ c\d`]],
    ['""', ['']],
    [`--note="x y"z`, ['--note=x yz']],
    ["it's bob's", ["it's", "bob's"]],
    ['$(id) `id` ;rm * > x', ['$(id)', '`id`', ';rm', '*', '>', 'x']],
    [String.raw`C:\x \ y`, [String.raw`C:\x`, '\\', 'y']],
  ])('of %j are %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each(['"a', "'a", 'a "b', `"a\\"`])('%j has a quote that is not closed', (text) => {
    expect(() => splitWords(text)).toThrow('not closed');
  });

  it('come back whole when each is quoted', () => {
    const quoted = (word: string): string => `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map((word) => quoted(word)).join(' '))).toEqual(words);
      }),
    );
  });
});

describe('what a command shows', () => {
  const lines = (n: number): string => Array.from({ length: n }, (_, i) => `line ${i}\n`).join('');

  it.each([
    ['first', /^line 0\n/, /line 99$/],
    ['newest', /line 99$/, /^line 0\n/],
  ] as const)(
    'is the %s of it that there is room for, in whole lines, and what was left out is counted',
    (keep, has, lacks) => {
      const small = new Collector(1000, keep);
      for (const byte of Buffer.from(lines(50))) small.write(Buffer.of(byte));
      expect([small.text(), small.left]).toEqual([lines(50).trimEnd(), 0]);
      const full = new Collector(400, keep);
      full.write(lines(100));
      const text = full.text();
      expect(text).toMatch(has);
      expect(text).not.toMatch(lacks);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400);
      expect(text.split('\n').length + full.left).toBe(100);
    },
  );

  it('is cut also where it is one line, between characters', () => {
    const one = new Collector(9000, 'newest');
    one.write('🙂'.repeat(100_000));
    expect(one.text()).toMatch(/^🙂{1999}…$/u);
  });
});

describe('a command', () => {
  it('shares the session it was typed in, as its person, and says how to undo it there', async () => {
    const daemon = await fakeDaemon({ ...HOOK, share: shareResponse });
    const text = await answered('/share @Marie bob --note "the login; $(id)" --from-now', daemon);
    expect(text).toMatch(/^Sharing webshop \(1f0c0000\): 312 turns since .*\n {2}marie {2}shared/);
    expect(text).toMatch(/\nUndo: \/unshare --from marie,bob,carol,erin$/);
    const { body } = daemon.asked.find(({ route }) => route === 'share') ?? {};
    expect(body).toEqual({
      ...{ session: SESSION_A, cwd: '/home/alice/webshop', to: ['marie', 'bob'], note: 'the login; $(id)' },
      ...{ fromNow: true, withThinking: false },
    });
    const caller = { via: 'hook', pid: 4343, session: SESSION_A, claude: 77, entrypoint: 'cli', attended: true };
    expect(daemon.callers.at(-1)).toEqual(caller);
    expect(daemon.asked[0]).toMatchObject({ route: 'hook', body: { prompt: 'own', attended: true, pid: 77 } });
  });

  it('ends this session’s share, or the one that is named', async () => {
    const ended = [{ session: SESSION_A, project: 'webshop', people: ['marie'] }];
    const daemon = await fakeDaemon({ ...HOOK, unshare: { ended, remaining: 1 } });
    const bodyOf = (): unknown => daemon.asked.find(({ route }) => route === 'unshare')?.body;
    const text = await answered('/unshare --from marie', daemon);
    expect(text).toBe('Ended: webshop (1f0c0000) for marie.\n1 session still shared: /shared');
    expect(bodyOf()).toMatchObject({ session: SESSION_A, from: ['marie'] });
    daemon.asked.length = 0;
    await answered('/unshare 1f0d', daemon);
    expect(bodyOf()).toMatchObject({ session: '1f0d' });
  });

  it('of the plugin is the same, and names the one command that Claude Code has, too, by its whole name', async () => {
    const daemon = await fakeDaemon({ ...HOOK, shared: { sessions: [], unheardEnds: [] } });
    const plain = await answered('/shared', daemon);
    expect(plain).toBe('You share nothing.\nShare this session: /share <handle>');
    expect(await answered('/teammate-sync:shared', daemon)).toBe(plain.replace('/share <', '/teammate-sync:share <'));
  });

  it('says what was refused, and what to type where', async () => {
    const hint =
      'type it yourself: `/accept sam` in Claude Code, or `teammate-sync accept sam` in a terminal outside of it';
    const daemon = await fakeDaemon({ ...HOOK, accept: new TeammateSyncError('PERSON_ONLY', 'no', { hint }) });
    expect(await answered('/accept sam', daemon)).toBe(`teammate-sync: no\n  ${hint}`);
    daemon.answers.decline = new TeammateSyncError('NO_INVITE', `none of ${HOSTILE}`);
    expect(await answered('/decline sam', daemon)).toMatch(
      /\n {2}see `teammate-sync connections`$|see `\/connections`$/,
    );
  });

  it.each([
    ['/share --nope', 'unknown option --nope', '/share ['],
    ['/share "marie', 'a quote is not closed', 'put text'],
    ['/accept', 'the handle is missing', 'usage: /accept <handle>'],
    ['/accept a b', 'one too many', 'usage: /accept'],
    ['/show marie -f', '--follow is not for here', 'type it in a terminal: teammate-sync show marie -f'],
    ['/shared --json', '--json is not for here', 'teammate-sync shared --json'],
  ])('%s is told what is wrong with it, and asks nothing', async (prompt, what, hint) => {
    const daemon = await fakeDaemon({ ...HOOK });
    const text = await answered(prompt, daemon);
    expect(text).toContain(what);
    expect(text).toContain(hint);
    expect(routes(daemon).filter((route) => route !== 'hook' && route !== 'status')).toEqual([]);
  });

  it('is not for claude -p: nothing is asked, and it says where to type it', async () => {
    const daemon = await fakeDaemon({ ...HOOK, share: shareResponse, inbox: { handle: 'marie', sessions: [] } });
    for (const env of [
      { ...attended, CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' },
      { ...attended, CLAUDE_CODE_SESSION_ATTENDED: '0' },
    ]) {
      for (const { name } of SLASH_VERBS) {
        const text = await answered(`/${name} marie`, daemon, env);
        expect(text).toContain(`/${name} is for somebody who sits before Claude Code, so nothing was done`);
        expect(text).toContain(`in a terminal: teammate-sync ${name} marie`);
      }
    }
    expect(new Set(routes(daemon))).toEqual(new Set(['hook']));
  });

  it('says what to type when the daemon is down or this machine is not set up', async () => {
    expect(await answered('/shared', { home: setUpHome() })).toMatch(
      /not running.*\n {2}start it with `teammate-sync up`/,
    );
    const failed = await answered('/share marie', { home: setUpHome() });
    expect(failed).toMatch(/^teammate-sync: the daemon/);
    expect(await answered('/share marie', { home: `${setUpHome()}/none` })).toMatch(
      /not set up.*\n.*`teammate-sync init/,
    );
  });

  it('that the daemon does not answer in time says what may have happened, and goes', async () => {
    const never = deferred<object>();
    const daemon = await fakeDaemon({ ...HOOK, share: () => never.promise, connections: () => never.promise });
    const cases: [prompt: string, says: string][] = [
      ['/share marie', 'It may still be carried out: /shared shows it, /unshare takes it back, or see'],
      ['/connections', 'Nothing was changed; try again, or see'],
    ];
    for (const [prompt, says] of cases) {
      const { io, left } = startCli(['version'], { ...daemon, env: attended });
      const command = slashCommand(prompt) ?? { verb: '', rest: '', ofPlugin: false };
      const request = {
        event: 'UserPromptSubmit',
        session: SESSION_A,
        transcriptPath: '',
        cwd: '/w',
        source: null,
        reason: null,
        pid: 77,
      };
      const written: unknown[] = [];
      await slashed(io, command, { ...request, attended: true }, async (answer) => void written.push(answer), 300);
      expect(written).toEqual([expect.objectContaining({ reason: expect.stringContaining(says) })]);
      expect(left).toEqual([0]);
    }
    never.resolve({});
  });

  it('shows the newest of one session and names the command for all of it', async () => {
    const session = inboxSession(SESSION_A, { newest: [turn(900), turn(901)] });
    const daemon = await fakeDaemon({
      ...HOOK,
      inbox: { handle: 'marie', sessions: [session] },
      read: [
        sessionEvent(),
        ...Array.from({ length: 201 }, (_, i) =>
          turnEvent(701 + i, { content: [{ type: 'text', text: `${'x'.repeat(100)} ${HOSTILE}` }] }),
        ),
        { type: 'caughtUp' },
      ],
    });
    const text = await answered('/show marie', daemon);
    expect(daemon.asked.at(-1)).toMatchObject({ route: 'read', query: { session: SESSION_A, from: '701' } });
    const footer = [
      'All of it, in a terminal: teammate-sync show marie 1f0c0000',
      "This stays in this conversation's transcript on your machine; it is never shared on.",
    ];
    expect(text.split('\n').slice(-2)).toEqual(footer);
    expect(text).toMatch(/^…\n/);
    expect(text).toContain('#901');
    expect(text).not.toContain('#701');
    expect(Buffer.byteLength(text)).toBeLessThan(SLASH_ANSWER_MAX_BYTES + 300);
    expect(await answered('/show marie 1f0c --lines 5-6', daemon)).not.toContain('All of it');
    expect(daemon.asked.at(-1)).toMatchObject({ query: { session: '1f0c', from: '5', to: '6' } });
  });

  it('answers a question with citations, and says that it stays here', async () => {
    const daemon = await fakeDaemon({ ...HOOK, ask: cannedAnswer });
    const text = await answered('/ask marie "why postgres?"', daemon);
    expect(daemon.asked.at(-1)).toMatchObject({
      route: 'ask',
      body: { handles: ['marie'], question: 'why postgres?' },
    });
    expect(text).toContain(cannedAnswer.excerpts[0]?.citation);
    expect(text.split('\n').at(-1)).toContain('it is never shared on');
    expect(await answered('/ask marie why postgres?', daemon)).toContain('"');
    expect(daemon.asked.filter(({ route }) => route === 'ask')).toHaveLength(1);
  });

  it('shows the list of several sessions, which the same command reads', async () => {
    const sessions = [inboxSession(SESSION_A), inboxSession(SESSION_B)];
    const daemon = await fakeDaemon({ ...HOOK, inbox: { handle: 'marie', sessions } });
    const text = await answered('/show marie', daemon);
    expect(text).toContain('marie shares 2 sessions with you.');
    expect(text).toContain('Read one: /show marie <id>\nThis stays in');
    const freshness = { fresh: 0, of: 0, oldest: null, failure: null };
    const pendingIn = Array.from({ length: 400 }, (_, i) => connectionPerson(`person-${i}`));
    daemon.answers.connections = {
      org: 'acme',
      accepted: [],
      pendingOut: [],
      pendingIn,
      declined: [],
      blocked: [],
      freshness,
    };
    const long = await answered('/connections', daemon);
    expect(long).toContain('nobody yet; invite with /share <handle>');
    expect(long).toMatch(/\n… \d+ more lines\nAll of it, in a terminal: teammate-sync connections$/);
  });

  it('answers with a person’s identity as in a terminal', async () => {
    const daemon = await fakeDaemon({ ...HOOK, accept: personResponse('sam') });
    const text = await answered('/accept sam', daemon);
    expect(text).toContain('safety number');
    expect(text).toContain('Undo: /disconnect sam');
    expect(text).toContain('teammate-sync verify sam');
  });
});

describe('a prompt that is none of ours', () => {
  it('goes to the model, and the daemon is told only that there was one', async () => {
    const daemon = await fakeDaemon({ ...HOOK });
    for (const prompt of ['/block marie', ' /share marie', 'please /share marie', '/sharex', 'x'.repeat(500_000)]) {
      expect(await typed(prompt, daemon)).toBeNull();
    }
    expect(new Set(routes(daemon))).toEqual(new Set(['hook']));
    expect(daemon.asked.map(({ body }) => (body as { prompt: unknown }).prompt)).toEqual(Array(5).fill('other'));
    expect(JSON.stringify(daemon.asked)).not.toContain('marie');
    const other = input('/share marie', { hook_event_name: 'UserPromptExpansion' });
    expect(await runCli(['hook'], { ...daemon, stdin: openStdin(other), env: attended })).toMatchObject({ stdout: '' });
  });
});

describe('whatever is typed', () => {
  it('is answered by an object that Claude Code understands, or by nothing', async () => {
    const daemon = await fakeDaemon({ ...HOOK, share: shareResponse, shared: { sessions: [], unheardEnds: [] } });
    const verb = fc.constantFrom(...SLASH_VERBS.map(({ name }) => name));
    const words = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--', '-f', '"', '--session', '--help'),
    );
    await fc.assert(
      fc.asyncProperty(verb, fc.array(words), async (name, rest) => {
        await answered(`/${name} ${rest.join(' ')}`, daemon);
      }),
      { numRuns: 100 },
    );
  });
});
