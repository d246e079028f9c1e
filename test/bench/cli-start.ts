/** What a command costs beside starting Node at all, over a running daemon. The arms run shuffled, one process at a time. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { hookCommand } from '../../src/claude-code/hook-command.ts';
import type { ClaudeProcess, Machine } from '../support/process-world/index.ts';
import type { Ground } from './ground.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution, shuffled } from './statistics.ts';
import { figure, type Table, times } from './table.ts';
import type { Target } from './target.ts';

const ROUNDS = { full: 31, quick: 7 };
const WARM_UP_ROUNDS = 2;
const COMMAND_MS = 10_000;
const BARE = 'node -e 0';

/** Of a verb, over bare Node; of the hook, in all, by its quick way. */
const VERB_TARGET_MS = 30;
const HOOK_TARGET_MS = 15;
/** Of the MCP server over bare Node, from its start until it has said which tools it has, and ended. */
const MCP_TARGET_MS = 70;
const CURL = 'hook with curl, in sh';
const TYPED = 'hook that answers /shared';
const MCP = 'MCP server, to its tools';
/** What Claude Code sends first. */
const MCP_INPUT = [
  { id: 'probe', method: 'server/discover' },
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
]
  .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('');
const BARE_CURL = 'curl --unix-socket';

interface Arm {
  name: string;
  command: string;
  args: string[];
  input?: string;
  /** In what it prints. */
  expected?: string;
}

export const cliStart: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  progress('CLI start: two daemons');
  const { owner, recipient } = await ground.pair();
  const claude = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  await ground.shareOnce(owner, recipient, claude, 2);
  const arms = armsOf(ground, owner, claude);
  const env = { ...owner.env, CLAUDE_PID: String(claude.pid) };
  const measured = new Map(arms.map(({ name }) => [name, [] as number[]]));
  const rounds = quick ? ROUNDS.quick : ROUNDS.full;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    if (round >= 0) progress(`CLI start: round ${round + 1} of ${rounds}`);
    for (const arm of shuffled(arms)) {
      const ms = run(arm, env, owner.folder);
      if (round >= 0) measured.get(arm.name)?.push(ms);
    }
    // The DHT lives in this process, which stands still while it waits for a command.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  const results = arms.map(({ name }) => ({ name, ms: distribution(measured.get(name) ?? []) }));
  return { data: { rounds, arms: results }, tables: [table(results, rounds)], targets: targetsOf(results) };
}

function armsOf({ programs }: Ground, { paths }: Machine, claude: ClaudeProcess): Arm[] {
  const { session, transcriptPath, cwd } = claude;
  const node = process.execPath;
  const cli = (...args: string[]): Pick<Arm, 'command' | 'args'> => ({ command: node, args: [programs.cli, ...args] });
  const mcp = path.join(path.dirname(programs.cli), 'teammate-sync-mcp.mjs');
  const event = 'UserPromptSubmit';
  const about = { session_id: session, transcript_path: transcriptPath, cwd, hook_event_name: event };
  const told = { ...about, prompt: 'and how long does it take?' };
  const typed = JSON.stringify({ ...about, prompt: '/shared' });
  const arms: Arm[] = [
    { name: BARE, command: node, args: ['-e', '0'] },
    { name: 'teammate-sync --version', ...cli('--version') },
    { name: 'teammate-sync status', ...cli('status') },
    { name: 'teammate-sync shared --json', ...cli('shared', '--json'), expected: session },
    { name: 'teammate-sync hook', ...cli('hook'), input: JSON.stringify(told) },
    { name: TYPED, ...cli('hook'), input: typed, expected: session },
    { name: MCP, command: node, args: [mcp], input: MCP_INPUT, expected: 'query_teammate_context' },
  ];
  if (spawnSync('curl', ['--version'], { stdio: 'ignore' }).status !== 0) return arms;
  // As `init` writes it, in the shell that Claude Code runs hooks with.
  const quick = hookCommand({ node, cli: programs.cli }, paths);
  return [
    ...arms,
    { name: CURL, command: 'sh', args: ['-c', quick], input: JSON.stringify(told) },
    { name: BARE_CURL, command: 'curl', args: ['-sS', '--unix-socket', paths.socket, 'http://localhost/v1/whoami'] },
  ];
}

/** How long it took. @throws Error when it did not do its work */
function run(arm: Arm, env: Record<string, string>, cwd: string): number {
  const { command, args, input, expected = '' } = arm;
  const began = performance.now();
  const ran = spawnSync(command, args, { env, cwd, input: input ?? '', encoding: 'utf8', timeout: COMMAND_MS });
  const ms = performance.now() - began;
  if (ran.status !== 0 || !ran.stdout.includes(expected)) {
    throw new Error(`${arm.name} ended with ${ran.status ?? ran.signal}: ${ran.stdout}${ran.stderr}`, {
      cause: ran.error,
    });
  }
  return ms;
}

interface Result {
  name: string;
  ms: Distribution;
}

function targetsOf(results: Result[]): Target[] {
  const bare = results.find(({ name }) => name === BARE)?.ms.p50 ?? Number.NaN;
  const over = (name: string, atMost: number): Target => {
    const p50 = results.find((result) => result.name === name)?.ms.p50 ?? Number.NaN;
    return { what: `${name}, p50 over bare Node`, value: p50 - bare, atMost, unit: 'ms' };
  };
  const quick = results.find(({ name }) => name === CURL)?.ms.p50 ?? null;
  return [
    ...results.filter(({ name }) => name.startsWith('teammate-sync')).map(({ name }) => over(name, VERB_TARGET_MS)),
    over(MCP, MCP_TARGET_MS),
    { what: `${CURL}, p50`, value: quick, atMost: HOOK_TARGET_MS, unit: 'ms' },
  ];
}

function table(results: Result[], rounds: number): Table {
  const bare = results.find(({ name }) => name === BARE)?.ms.p50 ?? Number.NaN;
  return {
    title: '3. CLI start, ms',
    columns: ['command', 'p50', 'p95', 'max', 'p50 - bare node', 'p50 ÷ bare node'],
    rows: results.map(({ name, ms }) => {
      const beside = name === BARE ? ['', ''] : [figure(ms.p50 - bare), times(ms.p50, bare)];
      return [name, figure(ms.p50), figure(ms.p95), figure(ms.max), ...beside];
    }),
    notes: [
      `From spawn to exit, ${rounds} shuffled rounds, warm cache. ${BARE} is the floor of what runs on Node, ${BARE_CURL}`,
      'that of the hook with curl.',
    ],
  };
}
