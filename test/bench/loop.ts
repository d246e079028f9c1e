/**
 * How long the daemons' event loops are held up by a long transcript: of the owner's while it takes it in, of the
 * recipient's while it fetches it, and of both while nothing happens, as the control. Measured inside the daemons.
 */
import { countTurns } from './back-fill.ts';
import { writeConversation } from './conversation.ts';
import { type Ground, share } from './ground.ts';
import type { LoopFigures } from './loop-probe.ts';
import { now } from './now.ts';
import { probed, tell } from './probed.ts';
import { memoryOf } from './process-facts.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { figure, megabytes, type Table } from './table.ts';
import { poll, sleep } from './wait.ts';

const FULL = { megabytes: 120, idleMs: 5000 };
const QUICK = { megabytes: 10, idleMs: 2000 };
const WORK_MS = 180_000;
/** Asking takes the daemon's time, too. */
const ASK_EVERY_MS = 25;

interface Row {
  name: string;
  ms: number;
  loop: LoopFigures;
  peak: number | null;
}

export const loop: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const size = quick ? QUICK : FULL;
  progress('event loop: set up');
  const { owner, recipient } = await ground.pair();
  const probes = { owner: await probed(ground, owner), recipient: await probed(ground, recipient) };
  const claude = owner.openClaude('webshop');
  const { bytes } = writeConversation(claude.writer, claude.transcriptPath, size.megabytes * 1e6);
  const turns = await countTurns(claude.transcriptPath);
  await claude.begin();

  const rows: Row[] = [];
  const during = async (name: string, machine: 'owner' | 'recipient', work: () => Promise<unknown>): Promise<void> => {
    progress(`event loop: ${name}`);
    const { pid } = probes[machine];
    await tell(probes[machine], 'begin');
    const began = now();
    await work();
    const ms = now() - began;
    const figures = (await tell(probes[machine], 'end')) as LoopFigures;
    rows.push({ name, ms, loop: figures, peak: memoryOf(pid ?? 0)?.peak ?? null });
  };
  await during('control: owner, idle', 'owner', () => sleep(size.idleMs));
  await during('control: recipient, idle', 'recipient', () => sleep(size.idleMs));
  await during('owner: share → caught up', 'owner', async () => {
    await share(owner, recipient, claude);
    await poll(async () => ((await owner.client.call('shared')).sessions[0]?.turns === turns ? true : null), {
      what: 'the owner to have caught up',
      everyMs: ASK_EVERY_MS,
      timeoutMs: WORK_MS,
    });
  });
  await during('recipient: accept → all fetched', 'recipient', async () => {
    await recipient.client.call('accept', { body: { handle: owner.login } });
    const inbox = () => recipient.client.call('inbox', { params: { handle: owner.login } });
    await poll(async () => ((await inbox()).sessions.some((s) => s.fetched >= turns) ? true : null), {
      what: 'all turns to be fetched',
      everyMs: ASK_EVERY_MS,
      timeoutMs: WORK_MS,
    });
  });
  return { data: { bytes, turns, rows }, tables: [table(rows, bytes)] };
}

function table(rows: Row[], bytes: number): Table {
  return {
    title: '5. Event loop of the daemons: delay, ms',
    columns: ['', 's', 'p50', 'p99', 'p99.9', 'max', 'busy %', 'peak RSS MB'],
    rows: rows.map(({ name, ms, loop: { p50, p99, p999, max, busy }, peak }) => {
      return [name, figure(ms / 1000), ...[p50, p99, p999, max, busy].map(figure), megabytes(peak)];
    }),
    notes: [
      `A transcript of ${megabytes(bytes)} MB. A timer of 1 ms in the daemon itself; its period is in the figures.`,
      '"busy": how much of the time the main thread computed.',
    ],
  };
}
