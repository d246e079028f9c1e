/**
 * Many shared sessions between two daemons: until all of them are live again after either daemon was killed, and what they
 * cost both while nothing is said in them.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Machine } from '../support/process-world/index.ts';
import type { Ground } from './ground.ts';
import { now } from './now.ts';
import { cpuMsOf, memoryOf } from './process-facts.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { figure, megabytes, type Table } from './table.ts';
import { linear, type Target } from './target.ts';
import { poll, sleep } from './wait.ts';

const FULL = { counts: [1, 20, 200], idleMs: 20_000 };
const QUICK = { counts: [1, 5, 20], idleMs: 3000 };
const ASK = { everyMs: 10, timeoutMs: 120_000 };

interface Use {
  rss: number | null;
  fds: number | null;
  /** Percent of one core, idle. */
  cpu: number | null;
}

interface Step {
  sessions: number;
  /** From spawn of the daemon that was killed until every session is live and whole at the recipient. */
  recipientBackMs: number;
  ownerBackMs: number;
  owner: Use;
  recipient: Use;
}

export const sessions: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const { counts, idleMs } = quick ? QUICK : FULL;
  progress('sessions: two daemons');
  const { owner, recipient } = await ground.pair();
  const steps: Step[] = [];
  let shared = 0;
  for (const count of counts) {
    for (; shared < count; shared++) {
      progress(`sessions: ${shared + 1} of ${count}`);
      await shareOne(owner, recipient, shared);
    }
    await allLive(owner, recipient, count);
    progress(`sessions: ${count}, the recipient is killed`);
    const recipientBackMs = await back(ground, recipient, () => allLive(owner, recipient, count));
    progress(`sessions: ${count}, the owner is killed`);
    // The recipient is told of nothing when its link's other end is killed, so here the owner is asked.
    const ownerBackMs = await back(ground, owner, () => allSynced(owner, count));
    progress(`sessions: ${count}, idle`);
    const [ownerUse, recipientUse] = await Promise.all([useOf(owner, idleMs), useOf(recipient, idleMs)]);
    steps.push({ sessions: count, recipientBackMs, ownerBackMs, owner: ownerUse, recipient: recipientUse });
  }
  return { data: { steps, idleMs }, tables: [table(steps, idleMs)], targets: targetsOf(steps) };
}

async function shareOne(owner: Machine, recipient: Machine, i: number): Promise<void> {
  const claude = owner.openClaude(`project-${i}`);
  claude.say('why is the login slow?', 'the index is missing');
  const { session, transcriptPath, cwd, pid } = claude;
  const hook = { event: 'SessionStart', session, transcriptPath, cwd, source: 'startup', reason: null, pid };
  await owner.client.call('hook', { body: hook });
  const to = [recipient.login];
  await owner.client.call('share', { body: { session, cwd, to, note: null, fromNow: false, withThinking: false } });
  if (i > 0) return;
  const invited = async (): Promise<true | null> =>
    (await recipient.client.call('connections')).pendingIn.length > 0 ? true : null;
  await poll(invited, { what: 'the invite to arrive', ...ASK });
  await recipient.client.call('accept', { body: { handle: owner.login } });
}

function allLive(owner: Machine, recipient: Machine, count: number): Promise<true> {
  return poll(
    async () => {
      const held = await recipient.client.call('inbox', { params: { handle: owner.login } });
      const whole = held.sessions.filter((s) => s.state === 'live' && s.turns > 0 && s.fetched >= s.turns);
      return whole.length >= count ? true : null;
    },
    { what: `${count} sessions to be live and whole`, ...ASK },
  );
}

function allSynced(owner: Machine, count: number): Promise<true> {
  return poll(
    async () => {
      const { sessions: shared } = await owner.client.call('shared');
      const synced = shared.filter(({ recipients }) => recipients.every(({ state }) => state === 'synced'));
      return synced.length >= count ? true : null;
    },
    { what: `${count} sessions to be with the recipient`, ...ASK },
  );
}

/** kill -9, a new start, and how long from there until `restored`. */
async function back(ground: Ground, machine: Machine, restored: () => Promise<true>): Promise<number> {
  await machine.killDaemon();
  ground.check();
  const began = now();
  const options = { env: machine.env, cwd: machine.folder, detached: true, stdio: 'ignore' as const };
  ground.adopt(spawn(process.execPath, [ground.programs.daemon, 'serve'], options));
  await restored();
  return now() - began;
}

async function useOf(machine: Machine, idleMs: number): Promise<Use> {
  const pid = machine.daemonPid ?? 0;
  const [before, began] = [cpuMsOf(pid), now()];
  await sleep(idleMs);
  const after = cpuMsOf(pid);
  return {
    rss: memoryOf(pid)?.rss ?? null,
    fds: openFiles(pid),
    cpu: before === null || after === null ? null : ((after - before) / (now() - began)) * 100,
  };
}

function openFiles(pid: number): number | null {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

function table(steps: Step[], idleMs: number): Table {
  return {
    title: '7. Many shared sessions',
    columns: [
      ...['sessions', 'recipient back, ms', 'owner back, ms', "owner's RSS MB", 'files', 'CPU %'],
      ...["recipient's RSS MB", 'files', 'CPU %'],
    ],
    rows: steps.map(({ sessions: count, recipientBackMs, ownerBackMs, owner, recipient }) => [
      String(count),
      ...[recipientBackMs, ownerBackMs].map(figure),
      ...[owner, recipient].flatMap(({ rss, fds, cpu }) => [megabytes(rss), String(fds ?? '-'), figure(cpu)]),
    ]),
    notes: [
      'Back: from the start of a daemon that was ended with kill -9 until every session is live and whole at the recipient.',
      `CPU: of one core, in ${idleMs / 1000} s in which nothing is said.`,
    ],
  };
}

function targetsOf(steps: Step[]): Target[] {
  const [small, large] = [steps.at(-2), steps.at(-1)];
  if (!small || !large) return [];
  const grows = (what: string, unit: string, cost: (step: Step) => number | null): Target => {
    const at = (step: Step): { amount: number; cost: number } => ({
      amount: step.sessions,
      cost: cost(step) ?? Number.NaN,
    });
    return linear(`sessions, ${what}`, unit, at(small), at(large));
  };
  return [
    grows('recipient back', 'ms', (s) => s.recipientBackMs),
    grows('owner back', 'ms', (s) => s.ownerBackMs),
    grows("owner's RSS", 'MB', (s) => (s.owner.rss === null ? null : s.owner.rss / 1e6)),
    grows("owner's open files", 'files', (s) => s.owner.fds),
  ];
}
