/**
 * A long transcript, shared: how long the owner's daemon takes to have it ready, and how long the recipient's takes to have
 * it from the moment of the accept. Each run has fresh homes, daemons and floors, so that peaks of memory are its own.
 */
import { openTranscript } from '../../src/capture/index.ts';
import { createClient } from '../../src/client/index.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import { isShared } from '../../src/redact/index.ts';
import type { Machine } from '../support/process-world/index.ts';
import { typing } from '../support/typing.ts';
import { growthTargets, memoryTable, type Run, timeTable, type Use } from './back-fill-tables.ts';
import { bulkFloors } from './bulk-floors.ts';
import { NEWEST_MARK, writeConversation } from './conversation.ts';
import { type Ground, share } from './ground.ts';
import { now } from './now.ts';
import { cpuMsOf, memoryOf } from './process-facts.ts';
import type { Section, SectionContext } from './section.ts';
import { poll } from './wait.ts';

interface Size {
  megabytes: number;
  runs: number;
}

const FULL: Size[] = [
  { megabytes: 1, runs: 3 },
  { megabytes: 10, runs: 3 },
  { megabytes: 120, runs: 1 },
];
const QUICK: Size[] = [
  { megabytes: 1, runs: 1 },
  { megabytes: 10, runs: 1 },
];

const PATIENCE_MS = 180_000;
/** Asking takes the daemon's time, too: often only as long as it is about milliseconds. */
const ASK_SOON_MS = 5;
const ASK_LATER_MS = 25;

export const backFill: Section = async (context) => {
  const sizes: { megabytes: number; runs: Run[] }[] = [];
  for (const { megabytes, runs } of context.quick ? QUICK : FULL) {
    const done: Run[] = [];
    for (let i = 0; i < runs; i++) {
      const about = `back-fill, ${megabytes} MB, run ${i + 1} of ${runs}`;
      done.push(await context.grounds.use((ground) => measure(ground, megabytes, context, about)));
    }
    sizes.push({ megabytes, runs: done });
  }
  return { data: { sizes }, tables: [timeTable(sizes), memoryTable(sizes)], targets: growthTargets(sizes) };
};

async function measure(ground: Ground, megabytes: number, { progress }: SectionContext, about: string): Promise<Run> {
  progress(`${about}: set up`);
  const { owner, recipient } = await ground.pair();
  const claude = owner.openClaude('webshop');
  const { bytes: sourceBytes, lines } = writeConversation(claude.writer, claude.transcriptPath, megabytes * 1e6);
  const turns = await countTurns(claude.transcriptPath);
  await claude.begin();
  const uses = { owner: watch(owner), recipient: watch(recipient) };

  progress(`${about}: the owner's side`);
  const began = now();
  const slowest = { ms: 0 };
  const sharing = share(owner, recipient, claude);
  sharing.catch(() => {});
  await poll(async () => ((await sharedTurns(owner, slowest)) >= turns ? true : null), {
    what: 'the owner to have caught up',
    everyMs: ASK_SOON_MS,
    timeoutMs: PATIENCE_MS,
  });
  const ingestMs = now() - began;
  await sharing;

  progress(`${about}: the recipient's side`);
  const { newestMs, fetchedMs } = await fetchAll(owner, recipient, turns);
  const used = { owner: uses.owner(), recipient: uses.recipient() };
  const read = await readAll(owner, recipient, turns);
  progress(`${about}: the floors`);
  const floors = await bulkFloors(ground, claude.transcriptPath, sourceBytes, read.bytes);
  const { ms: readMs, bytes: keptBytes } = read;
  return {
    ...{ lines, sourceBytes, turns, keptBytes, ingestMs, slowestAnswerMs: slowest.ms, newestMs, fetchedMs, readMs },
    ...used,
    floors,
  };
}

/** How many turns are to arrive. */
export async function countTurns(path: string): Promise<number> {
  const transcript = openTranscript({ path });
  try {
    let count = 0;
    for (let done = false; !done;) {
      const read = await transcript.read();
      count += read.turns.filter((turn) => isShared(turn, false)).length;
      done = read.caughtUp;
    }
    return count;
  } finally {
    transcript.close();
  }
}

async function sharedTurns({ client }: Machine, slowest: { ms: number }): Promise<number> {
  const asked = now();
  const { sessions } = await client.call('shared');
  slowest.ms = Math.max(slowest.ms, now() - asked);
  return sessions[0]?.turns ?? 0;
}

async function fetchAll(
  owner: Machine,
  { client }: Machine,
  turns: number,
): Promise<{ newestMs: number; fetchedMs: number }> {
  const session = async () =>
    (await client.call('inbox', { params: { handle: owner.login } })).sessions.find((s) => s.turns > 0) ?? null;
  const began = now();
  const accepting = client.call('accept', { body: { handle: owner.login } });
  accepting.catch(() => {});
  await poll(async () => (JSON.stringify((await session())?.newest ?? []).includes(NEWEST_MARK) ? true : null), {
    what: 'the newest turn to be readable',
    everyMs: ASK_SOON_MS,
    timeoutMs: PATIENCE_MS,
  });
  const newestMs = now() - began;
  await poll(async () => (((await session())?.fetched ?? 0) >= turns ? true : null), {
    what: "all turns to be on the recipient's machine",
    everyMs: ASK_LATER_MS,
    timeoutMs: PATIENCE_MS,
  });
  const fetchedMs = now() - began;
  await accepting;
  return { newestMs, fetchedMs };
}

/** Also the proof that all of it came. */
async function readAll(owner: Machine, recipient: Machine, turns: number): Promise<{ ms: number; bytes: number }> {
  const client = createClient({ socketPath: recipient.paths.socket, version: PRODUCT_VERSION, caller: typing });
  const began = now();
  let count = 0;
  let bytes = 0;
  for await (const event of client.read(owner.login, { session: null, from: null, to: null, follow: false })) {
    if (event.type !== 'turn') continue;
    count++;
    bytes += Buffer.byteLength(JSON.stringify(event.turn));
  }
  const ms = now() - began;
  if (count !== turns) throw new Error(`${turns} turns were shared, and ${count} can be read`);
  return { ms, bytes };
}

/** Begins to watch a machine's daemon; the result tells what it used since. */
function watch(machine: Machine): () => Use {
  const pid = machine.daemonPid ?? 0;
  const peakBefore = memoryOf(pid)?.peak ?? null;
  const cpuBefore = cpuMsOf(pid);
  return () => {
    const cpu = cpuMsOf(pid);
    const cpuMs = cpu === null || cpuBefore === null ? null : cpu - cpuBefore;
    return { peakBefore, peak: memoryOf(pid)?.peak ?? null, cpuMs };
  };
}
