/**
 * From a line's write() to its being readable in another process. Every arm has its writer in one process and its reader
 * in another; the arms take turns within the run. The product's path: transcript → owner's daemon → recipient's daemon →
 * local API, followed as `show -f` does.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type { ClaudeProcess } from '../support/process-world/index.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import type { Floors, Ground } from './ground.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution, rotated } from './statistics.ts';
import { figure, type Table, times } from './table.ts';

interface Pace {
  spacingMs: number;
  lines: number;
  /** The lines are sent in so many portions, between which the arms take turns. */
  rounds: number;
}

const FULL: Pace[] = [
  { spacingMs: 20, lines: 300, rounds: 5 },
  { spacingMs: 200, lines: 100, rounds: 5 },
];
const QUICK: Pace[] = [
  { spacingMs: 20, lines: 60, rounds: 3 },
  { spacingMs: 200, lines: 15, rounds: 3 },
];
const WARM_UP: Pace = { spacingMs: 50, lines: 10, rounds: 1 };

const ARMS = {
  tcp: 'plain TCP',
  core: 'raw hypercore: append → get',
  followed: 'file → fs.watch → raw hypercore → get',
  product: 'teammate-sync: transcript → local API',
} as const;
type Arm = keyof typeof ARMS;
const ARM_NAMES: Arm[] = ['tcp', 'core', 'followed', 'product'];

/** A transcript line of about 1 KB, as usual in what people share. */
const TEXT_CHARACTERS = 480;
const ARRIVE_MS = 30_000;

export const liveLine: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  progress('live line: two daemons and three processes for the floors');
  const { owner, recipient } = await ground.pair();
  const claude = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  await ground.shareOnce(owner, recipient, claude, 2);
  const floors = await ground.floors();
  const { socket } = recipient.paths;
  await floors.reader.call('readProduct', { socket, handle: owner.login, session: claude.session });
  const arms = await makeArms(ground, floors, claude);

  await run(arms, WARM_UP, () => {});
  const results: { pace: Pace; ms: Record<Arm, Distribution> }[] = [];
  for (const pace of quick ? QUICK : FULL) {
    results.push({
      pace,
      ms: await run(arms, pace, (text) => progress(`live line, ${pace.spacingMs} ms apart: ${text}`)),
    });
  }
  return {
    data: { lineBytes: arms.lineBytes, paces: results.map(({ pace, ms }) => ({ ...pace, ms })) },
    tables: [table(results, arms.lineBytes)],
  };
}

interface Arms {
  lineBytes: number;
  send: Record<Arm, (lines: string[], spacingMs: number) => Promise<number[]>>;
  arrived: Record<Arm, (count: number) => Promise<{ mark: string; at: number }[]>>;
  /** The next line, with a mark that no other has. */
  line: (arm: Arm) => string;
}

async function makeArms(ground: Ground, { writer, owner, reader }: Floors, claude: ClaudeProcess): Promise<Arms> {
  const port = await reader.call('listenForLines');
  const blockKey = randomBytes(32).toString('hex');
  const followed = ground.file('followed.jsonl');
  fs.writeFileSync(followed, '');
  const key = await owner.call('createCore', { name: 'live', folder: ground.file('raw-owner'), blockKey });
  await owner.call('follow', { name: 'live', file: followed });
  await reader.call('readLive', { folder: ground.file('raw-reader'), blockKey, key });

  const other = new TranscriptWriter({ session: claude.session, cwd: claude.cwd, start: Date.now() });
  let lines = 0;
  const line = (arm: Arm): string => {
    const transcript = arm === 'product' ? claude.writer : other;
    const text = `bench-line-${++lines} `;
    transcript.reply(text + 'what was found, and what comes next. '.repeat(20).slice(0, TEXT_CHARACTERS - text.length));
    return transcript.lines.at(-1) ?? '';
  };
  const arrivedAt = (where: 'tcp' | 'core' | 'product') => (count: number) =>
    reader.call('arrived', { where, count, timeoutMs: ARRIVE_MS });
  return {
    lineBytes: Buffer.byteLength(line('tcp')),
    line,
    send: {
      tcp: (some, spacingMs) => writer.call('sendLines', { port, lines: some, spacingMs }),
      core: (some, spacingMs) => owner.call('appendLines', { name: 'live', lines: some, spacingMs }),
      followed: (some, spacingMs) => writer.call('writeLines', { file: followed, lines: some, spacingMs }),
      product: (some, spacingMs) => writer.call('writeLines', { file: claude.transcriptPath, lines: some, spacingMs }),
    },
    arrived: {
      tcp: arrivedAt('tcp'),
      core: arrivedAt('core'),
      followed: arrivedAt('core'),
      product: arrivedAt('product'),
    },
  };
}

async function run(arms: Arms, pace: Pace, progress: (text: string) => void): Promise<Record<Arm, Distribution>> {
  const ms: Record<Arm, number[]> = { tcp: [], core: [], followed: [], product: [] };
  for (let round = 0; round < pace.rounds; round++) {
    for (const arm of rotated(ARM_NAMES, round)) {
      progress(`round ${round + 1} of ${pace.rounds}, ${arm}`);
      const lines = Array.from({ length: Math.ceil(pace.lines / pace.rounds) }, () => arms.line(arm));
      const sent = await arms.send[arm](lines, pace.spacingMs);
      const arrived = await arms.arrived[arm](lines.length);
      for (const [i, { mark, at }] of arrived.entries()) {
        if (!lines[i]?.includes(`${mark} `)) throw new Error(`${arm}: ${mark} came out of turn`);
        ms[arm].push(at - (sent[i] ?? Number.NaN));
      }
    }
  }
  return {
    tcp: distribution(ms.tcp),
    core: distribution(ms.core),
    followed: distribution(ms.followed),
    product: distribution(ms.product),
  };
}

function table(results: { pace: Pace; ms: Record<Arm, Distribution> }[], lineBytes: number): Table {
  const rows = results.flatMap(({ pace, ms }) =>
    ARM_NAMES.map((arm) => {
      const { n, p50, p90, p99, max } = ms[arm];
      const ratios = (['tcp', 'core', 'followed'] as const).map((floor) => times(p50, ms[floor].p50));
      const own = arm === 'product' ? ratios : ['', '', ''];
      return [ARMS[arm], `${pace.spacingMs} ms`, String(n), ...[p50, p90, p99, max].map(figure), ...own];
    }),
  );
  return {
    title: '1. Live line: write() → readable in another process, ms',
    columns: ['arm', 'every', 'n', 'p50', 'p90', 'p99', 'max', 'p50 ÷ TCP', '÷ core', '÷ file → core'],
    rows,
    notes: [
      `Lines of ${lineBytes} bytes, the arms interleaved. The last three columns: the product's p50 as a multiple of that`,
      "floor's p50 at the same pace. The product passes four processes (writer, two daemons, reader), TCP and raw core two.",
    ],
  };
}
