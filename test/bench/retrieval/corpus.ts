/** Transcripts with planted facts, in files of the real format, and as the turns that a teammate would be sent of them. */
import fs from 'node:fs';
import path from 'node:path';
import { openTranscript } from '../../../src/capture/index.ts';
import type { Turn } from '../../../src/protocol/turn.ts';
import { isShared } from '../../../src/redact/index.ts';
import { TranscriptWriter } from '../../support/transcript.ts';
import { type TextSource, writeConversation } from '../conversation.ts';
import { DAYS, type Fact, PEOPLE, type Planted, type Speaker } from './facts.ts';

/** Turns in a block: about as many as are sent together. */
const BLOCK_TURNS = 40;
const DAY_MS = 86_400_000;

export interface Session {
  handle: string;
  session: string;
  daysAgo: number;
  file: string;
  bytes: number;
  lines: number;
  blocks: Turn[][];
}

export interface CorpusOptions {
  folder: string;
  seed: number;
  /** When it is asked, unix milliseconds: noon of a day, so that no session runs over midnight. */
  now: number;
  /** Of the largest session, and of each other. */
  largestBytes: number;
  otherBytes: number;
}

/** One session a day of each person; the first one's of today is the largest. */
export async function makeCorpus(facts: readonly Fact[], options: CorpusOptions): Promise<Session[]> {
  const sessions: Session[] = [];
  for (const [person, handle] of PEOPLE.entries()) {
    for (let daysAgo = 0; daysAgo < DAYS; daysAgo++) {
      const planted = facts
        .flatMap((fact) => fact.planted)
        .filter((one) => one.person === person && one.daysAgo === daysAgo)
        .toSorted((a, b) => a.part - b.part);
      const number = person * DAYS + daysAgo;
      const session = `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
      const file = path.join(options.folder, `${session}.jsonl`);
      const writer = new TranscriptWriter({
        session,
        start: options.now - daysAgo * DAY_MS - 10_000_000,
        seed: session,
      });
      const bytes = number === 0 ? options.largestBytes : options.otherBytes;
      const written = write(writer, file, bytes, options.seed + number, planted);
      sessions.push({ handle, session, daysAgo, file, ...written, blocks: blocksOf(await turnsOf(file)) });
    }
  }
  return sessions;
}

function write(
  writer: TranscriptWriter,
  file: string,
  bytes: number,
  seed: number,
  planted: readonly Planted[],
): { bytes: number; lines: number } {
  const left = [...planted];
  const plant = (part: number, text: TextSource): void => {
    while ((left[0]?.part ?? 2) <= part) {
      for (const [speaker, said] of left.shift()?.turns ?? []) say(writer, speaker, said, text);
    }
  };
  const written = writeConversation(writer, file, bytes, { seed, plant });
  const before = writer.lines.length;
  // What comes at the very end.
  for (const one of left)
    for (const [speaker, said] of one.turns) writer[speaker === 'prompt' ? 'prompt' : 'reply'](said);
  fs.appendFileSync(
    file,
    writer.lines
      .slice(before)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return { bytes: fs.statSync(file).size, lines: written.lines + left.flatMap((one) => one.turns).length };
}

/** In an output the fact is one line of many. */
function say(writer: TranscriptWriter, speaker: Speaker, said: string, text: TextSource): void {
  if (speaker === 'prompt') writer.prompt(said);
  else if (speaker === 'reply') writer.reply(said);
  else {
    const output = [text.log(1500), said, text.log(1500)].join('\n');
    writer.tool(`toolu_${text.hex(24)}`, 'Bash', { command: `cat ${text.path()}` }, output);
  }
}

async function turnsOf(file: string): Promise<Turn[]> {
  const transcript = openTranscript({ path: file });
  try {
    const turns: Turn[] = [];
    for (let done = false; !done;) {
      const read = await transcript.read();
      turns.push(...read.turns.filter((turn) => isShared(turn, false)));
      done = read.caughtUp;
    }
    return turns;
  } finally {
    transcript.close();
  }
}

function blocksOf(turns: readonly Turn[]): Turn[][] {
  return Array.from({ length: Math.ceil(turns.length / BLOCK_TURNS) }, (_, i) =>
    turns.slice(i * BLOCK_TURNS, (i + 1) * BLOCK_TURNS),
  );
}
