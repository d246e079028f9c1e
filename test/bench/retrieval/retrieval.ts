/**
 * `npm run bench:retrieval`: how well questions are answered, and how fast, on transcripts with planted facts that are made
 * anew each time. What ranking is set to is frozen: its digest is printed with the seed, and the seed is drawn after it.
 */
import { createHash, randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as settings from '../../../src/search/settings.ts';
import { now as clock } from '../now.ts';
import { machineFacts } from '../process-facts.ts';
import { progressTo } from '../progress.ts';
import { randomNumbers } from '../random.ts';
import { renderMarkdown, renderTable } from '../table.ts';
import { makeCorpus, type Session } from './corpus.ts';
import type { Engine } from './engine.ts';
import { makeFacts } from './facts.ts';
import { literalScan, miniSearch } from './floors.ts';
import { product } from './product.ts';
import { tables } from './report.ts';
import { score, type Score } from './score.ts';

const SMALL = { each: 25, largestBytes: 4e6, otherBytes: 1e6 };
const LARGE = { each: 25, largestBytes: 108e6, otherBytes: 1.5e6 };
const USAGE = 'usage: npm run bench:retrieval -- [--large] [--seed <number>] [--json | --markdown] [--missed] [--own]';

interface Wanted {
  large: boolean;
  seed: number;
  json: boolean;
  markdown: boolean;
  /** Say which answers were not found. */
  missed: boolean;
  /** Without the floors. */
  own: boolean;
}

function parse(argv: string[]): Wanted {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: argv,
    options: { large: flag, json: flag, markdown: flag, missed: flag, own: flag, seed: { type: 'string' } },
  });
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('a seed is a whole number');
  return { ...values, seed };
}

async function measure(wanted: Wanted, folder: string, say: (text: string) => void): Promise<string> {
  const { each, largestBytes, otherBytes } = wanted.large ? LARGE : SMALL;
  say('writing transcripts');
  const facts = makeFacts(randomNumbers(wanted.seed), each);
  const noon = new Date().setHours(12, 0, 0, 0);
  const sessions = await makeCorpus(facts, { folder, seed: wanted.seed, now: noon, largestBytes, otherBytes });
  const scores: Score[] = [];
  for (const engine of wanted.own ? [product()] : [product(), miniSearch(), literalScan()]) {
    say(`${engine.name}: takes in everything`);
    const indexMs = await timeOf(engine, sessions);
    say(`${engine.name}: ${facts.length} questions`);
    // One that is not counted: what is read once is read.
    await engine.ask(facts[0]?.question ?? '', noon);
    scores.push(await score(engine, indexMs, facts, noon));
  }
  const digest = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
  const bytes = sessions.reduce((sum, one) => sum + one.bytes, 0);
  const lines = sessions.reduce((sum, one) => sum + one.lines, 0);
  const about = {
    seed: wanted.seed,
    settings: digest,
    bytes,
    lines,
    sessions: sessions.length,
    machine: machineFacts(),
  };
  if (wanted.json) return `${JSON.stringify({ v: 1, ...about, load: os.loadavg()[0], scores })}\n`;
  const render = wanted.markdown ? renderMarkdown : renderTable;
  const missed = wanted.missed ? scores.flatMap((one) => ['', one.engine, ...one.missed]) : [];
  return [
    `Settings ${digest}, seed ${wanted.seed}: ${(bytes / 1e6).toFixed(1)} MB, ${lines} lines, ${sessions.length} sessions of 3 people.`,
    `1-minute load: ${os.loadavg()[0]?.toFixed(2)}. Again: npm run bench:retrieval -- --seed ${wanted.seed}${wanted.large ? ' --large' : ''}`,
    '',
    ...tables(scores).map(render),
    ...missed,
    '',
  ].join('\n');
}

async function timeOf(engine: Engine, sessions: readonly Session[]): Promise<number> {
  const began = clock();
  await engine.index(sessions);
  return clock() - began;
}

const progress = progressTo(process.stderr);
let folder = '';
const remove = (): void => {
  if (folder !== '') fs.rmSync(folder, { recursive: true, force: true });
};
process.once('exit', remove);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
}
try {
  const wanted = parse(process.argv.slice(2));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'teammate-sync-retrieval-'));
  const text = await measure(wanted, folder, progress.say);
  progress.clear();
  process.stdout.write(text);
} catch (error) {
  progress.clear();
  console.error(error instanceof Error ? error.stack : error, `\n${USAGE}`);
  process.exitCode = 1;
}
