/**
 * One live line to many recipients at once: until the last of them can read it, and what that costs its owner. Recipients
 * are whole daemons, some to a process; the owner is a process of its own. The floor is a raw hypercore with as many
 * readers in as many processes.
 */
import { randomBytes } from 'node:crypto';
import type { ClaudeProcess, Machine } from '../support/process-world/index.ts';
import { ORG } from '../support/process-world/index.ts';
import type { CommandProcess } from './command-process.ts';
import type { CrowdCommands } from './crowd/crowd.ts';
import type { Ground } from './ground.ts';
import type { Arrival } from './peer/arrivals.ts';
import { cpuMsOf, memoryOf } from './process-facts.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution } from './statistics.ts';
import { figure, megabytes, type Table, times } from './table.ts';
import { linear, type Target } from './target.ts';

const FULL = { counts: [1, 10, 50], lines: 30, spacingMs: 400 };
const QUICK = { counts: [1, 5, 15], lines: 8, spacingMs: 300 };
/** Recipients in one process. */
const CROWD = 25;
const ARRIVE_MS = 30_000;
const TARGET_MS = 250;
const LINE = 'what was found, and what comes next. '.repeat(13);

interface Step {
  recipients: number;
  /** From write() until the last recipient, and until any of them. */
  all: Distribution;
  each: Distribution;
  raw: Distribution;
  ownerCpuMsPerLine: number | null;
  ownerRss: number | null;
}

export const many: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, context: SectionContext): Promise<SectionResult> {
  const { counts, lines, spacingMs } = context.quick ? QUICK : FULL;
  context.progress('many: everybody is set up');
  // Before the others, so that she is among the members whom each daemon asks GitHub about at its start.
  const owner = await ground.world.person('marie');
  const crowds = await setUp(ground, Math.max(...counts));
  await owner.ok(['init', '--org', ORG, '--yes']);
  await owner.ok(['up']);
  const claude = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  const raw = await rawOwner(ground);
  const marks = new Marks();
  const steps: Step[] = [];
  for (const recipients of counts) {
    context.progress(`many: ${recipients} recipients come`);
    for (const crowd of crowds) await join(crowd, ground, recipients, owner, claude, raw);
    context.progress(`many: lines to ${recipients}`);
    const before = cpuMsOf(owner.daemonPid ?? 0);
    const ms = await product(ground, claude, marks, crowds, lines, spacingMs);
    const after = cpuMsOf(owner.daemonPid ?? 0);
    steps.push({
      recipients,
      ...ms,
      raw: await floor(raw, crowds, lines, spacingMs),
      ownerCpuMsPerLine: before === null || after === null ? null : (after - before) / lines,
      ownerRss: memoryOf(owner.daemonPid ?? 0)?.rss ?? null,
    });
  }
  return { data: { steps, spacingMs, lines }, tables: [table(steps, lines)], targets: targetsOf(steps) };
}

interface Crowd {
  process: CommandProcess<CrowdCommands>;
  /** Those who have not come yet, and those who are here. */
  left: string[];
  here: string[];
  /** The first of them all, as a number. */
  from: number;
}

async function setUp(ground: Ground, count: number): Promise<Crowd[]> {
  const crowds: Crowd[] = [];
  for (let from = 0; from < count; from += CROWD) {
    const people: { login: string; env: Readonly<Record<string, string>> }[] = [];
    for (let i = from; i < Math.min(count, from + CROWD); i++) {
      const { login, env } = await ground.world.person(`mate-${i}`);
      people.push({ login, env });
    }
    const process = await ground.crowd();
    await process.call('setUp', { org: ORG, people });
    crowds.push({ process, left: people.map(({ login }) => login), here: [], from });
  }
  return crowds;
}

/** What tells lines apart. */
class Marks {
  count = 0;

  next(): string {
    return `bench-line-${++this.count}`;
  }
}

interface RawOwner {
  peer: Awaited<ReturnType<Ground['peer']>>;
  topic: string;
  blockKey: string;
  key: string;
  marks: Marks;
}

async function rawOwner(ground: Ground): Promise<RawOwner> {
  const peer = await ground.peer();
  const [topic, blockKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  await peer.call('join', { bootstrap: ground.bootstrap, topic, role: 'owner' });
  const key = await peer.call('createCore', { name: 'many', folder: ground.file('many-owner'), blockKey });
  return { peer, topic, blockKey, key, marks: new Marks() };
}

/** Those of the crowd who belong to the first `recipients` come, accept and follow. */
async function join(
  crowd: Crowd,
  ground: Ground,
  recipients: number,
  owner: Machine,
  claude: ClaudeProcess,
  raw: RawOwner,
): Promise<void> {
  const coming = crowd.left.splice(0, Math.max(0, recipients - crowd.from - crowd.here.length));
  if (coming.length === 0) return;
  await crowd.process.call('come', { logins: coming, only: owner.login });
  const { session, cwd } = claude;
  const about = { session, cwd, note: null, fromNow: false, withThinking: false };
  await owner.client.call('share', { body: { ...about, to: coming } });
  await crowd.process.call('take', { logins: coming, handle: owner.login, session });
  crowd.here.push(...coming);
  const { topic, blockKey, key } = raw;
  await crowd.process.call('rawReaders', {
    join: { bootstrap: ground.bootstrap, topic, role: 'reader' },
    core: { key, blockKey, folder: ground.file(`many-reader-${crowd.from}`) },
    count: coming.length,
    lines: raw.marks.count,
  });
}

async function product(
  ground: Ground,
  claude: ClaudeProcess,
  marks: Marks,
  crowds: Crowd[],
  count: number,
  spacingMs: number,
): Promise<{ all: Distribution; each: Distribution }> {
  const writer = await ground.peer();
  const lines = Array.from({ length: count }, () => {
    claude.writer.reply(`${marks.next()} ${LINE}`);
    return claude.writer.lines.at(-1) ?? '';
  });
  const sent = await writer.call('writeLines', { file: claude.transcriptPath, lines, spacingMs });
  writer.kill();
  const arrived = await Promise.all(
    crowds.map(({ process, here }) => process.call('arrived', { logins: here, count, timeoutMs: ARRIVE_MS })),
  );
  return summary(lines, sent, arrived.flat());
}

async function floor(raw: RawOwner, crowds: Crowd[], count: number, spacingMs: number): Promise<Distribution> {
  const lines = Array.from({ length: count }, () => `${raw.marks.next()} ${LINE.repeat(2)}`);
  const sent = await raw.peer.call('appendLines', { name: 'many', lines, spacingMs });
  const arrived = await Promise.all(
    crowds.map(({ process }) => process.call('rawArrived', { count, timeoutMs: ARRIVE_MS })),
  );
  return summary(lines, sent, arrived.flat()).all;
}

function summary(lines: string[], sent: number[], arrived: Arrival[][]): { all: Distribution; each: Distribution } {
  for (const one of arrived) {
    const strange = one.find(({ mark }, i) => !lines[i]?.includes(`${mark} `));
    if (strange || one.length !== lines.length)
      throw new Error(`${strange?.mark ?? 'a line too many'} came out of turn`);
  }
  const late = sent.map((at, i) => arrived.map((one) => (one[i]?.at ?? Number.NaN) - at));
  return { all: distribution(late.map((ms) => Math.max(...ms))), each: distribution(late.flat()) };
}

function table(steps: Step[], lines: number): Table {
  return {
    title: '6. One live line to many recipients, ms',
    columns: [
      ...['recipients', 'readable at one, p50', 'at all, p50', 'at all, max', 'raw core at all, p50', '÷ raw'],
      ...['owner: CPU ms a line', 'and recipient', 'RSS MB'],
    ],
    rows: steps.map(({ recipients, all, each, raw, ownerCpuMsPerLine: cpu, ownerRss }) => [
      String(recipients),
      ...[each.p50, all.p50, all.max, raw.p50].map(figure),
      times(all.p50, raw.p50),
      figure(cpu),
      figure(cpu === null ? null : cpu / recipients),
      megabytes(ownerRss),
    ]),
    notes: [
      `${lines} lines of about 1 KB. Recipients are whole daemons, ${CROWD} to a process, each read over its local API;`,
      'all of them share this machine with the owner.',
    ],
  };
}

function targetsOf(steps: Step[]): Target[] {
  const [first, last] = [steps.at(-2), steps.at(-1)];
  if (!first || !last) return [];
  const live = { what: `live line readable at all of ${last.recipients}, p50`, value: last.all.p50, atMost: TARGET_MS };
  const at = (step: Step, cost: number | null): { amount: number; cost: number } => ({
    amount: step.recipients,
    cost: cost ?? Number.NaN,
  });
  return [
    { ...live, unit: 'ms' },
    linear('recipients, line readable at all', 'ms', at(first, first.all.p50), at(last, last.all.p50)),
    linear(
      'recipients, CPU of the owner for a line',
      'ms',
      at(first, first.ownerCpuMsPerLine),
      at(last, last.ownerCpuMsPerLine),
    ),
  ];
}
