/**
 * Questions about a long shared session, in a real daemon: the first one after a start, until all is indexed, and then one
 * after the other, through the local API, each asking the owner's daemon for its newest lines. Beside them, as the floor, a
 * request of the same API that does nothing.
 */
import type { ChildProcess } from 'node:child_process';
import type { AskResponse } from '../../src/protocol/local-api.ts';
import type { ClaudeProcess, Machine } from '../support/process-world/index.ts';
import { countTurns } from './back-fill.ts';
import { answersTables, answersTargets } from './answers-tables.ts';
import { NAMES, NEWEST_MARK, WORDS, writeConversation } from './conversation.ts';
import type { Ground } from './ground.ts';
import type { LoopFigures } from './loop-probe.ts';
import { now } from './now.ts';
import { cpuMsOf, memoryOf } from './process-facts.ts';
import { probed, tell } from './probed.ts';
import { randomNumbers } from './random.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution } from './statistics.ts';
import { poll, sleep } from './wait.ts';

const FULL = { megabytes: 120, questions: 300, fresh: 40 };
const QUICK = { megabytes: 10, questions: 60, fresh: 10 };
const WORK_MS = 180_000;
/** Between two looks at how much is indexed: they are questions, too. */
const LOOK_MS = 250;
/**
 * Between two questions. Each costs two control messages of the owner's, who sends at most 80 a second
 * (src/swarm/paced.ts): questions that follow each other at once measure that, and nobody asks forty times a second.
 */
const BETWEEN_QUESTIONS_MS = 30;

export interface Measured {
  bytes: number;
  lines: number;
  turns: number;
  /** Of the first question after a start; how many turns it searched, and whether the newest of all was in its answer. */
  first: { ms: number; searched: number; newest: boolean };
  /** From the first question until everything can be found. */
  indexMs: number;
  indexLoop: LoopFigures;
  questions: Distribution;
  /** A request that does nothing. */
  floor: Distribution;
  questionLoop: LoopFigures;
  /** Computed by the daemon for each question and request of the floor together, milliseconds. */
  cpuMs: number | null;
  /** From before a line is written until the answer that has it. */
  fresh: Distribution;
  rss: { now: number | null; peak: number | null };
}

export const answers: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const size = quick ? QUICK : FULL;
  progress('answers: set up');
  const { owner, recipient } = await ground.pair();
  const claude = owner.openClaude('webshop');
  const written = writeConversation(claude.writer, claude.transcriptPath, size.megabytes * 1e6);
  const turns = await countTurns(claude.transcriptPath);
  await claude.begin();
  await ground.shareOnce(owner, recipient, claude, turns);
  progress('answers: a new start, and the first question');
  const daemon = await probed(ground, recipient);
  await held(owner, recipient, turns);

  await tell(daemon, 'begin');
  const began = now();
  const answer = await ask(recipient, 'what is the newest turn of the transcript?');
  const first = { ms: now() - began, searched: searchedOf(answer), newest: textOf(answer).includes(NEWEST_MARK) };
  while (searchedOf(await ask(recipient, 'session')) < turns) {
    if (now() - began > WORK_MS) throw new Error('not all of it was indexed');
    await sleep(LOOK_MS);
  }
  const indexMs = now() - began;
  const indexLoop = (await tell(daemon, 'end')) as LoopFigures;

  const warm = await warmQuestions(recipient, daemon, size.questions, progress);
  progress('answers: lines that were just written');
  const fresh = await freshLines(recipient, claude, size.fresh);
  const memory = memoryOf(daemon.pid ?? 0);
  const rss = { now: memory?.rss ?? null, peak: memory?.peak ?? null };
  const measured: Measured = { ...written, turns, first, indexMs, indexLoop, ...warm, fresh, rss };
  return { data: { ...measured }, tables: answersTables(measured), targets: answersTargets(measured) };
}

/** The questions, one after the other, and between them the floor. */
async function warmQuestions(
  recipient: Machine,
  daemon: ChildProcess,
  count: number,
  progress: (text: string) => void,
): Promise<Pick<Measured, 'questions' | 'floor' | 'questionLoop' | 'cpuMs'>> {
  const questions = questionsOf(count, randomNumbers(count));
  const [took, floor]: [number[], number[]] = [[], []];
  // What is read and compiled once is not what is measured.
  for (const question of questions.slice(0, 20)) await ask(recipient, question);
  await tell(daemon, 'begin');
  const before = cpuMsOf(daemon.pid ?? 0);
  for (const [i, question] of questions.entries()) {
    progress(`answers: question ${i + 1} of ${count}`);
    const began = now();
    await ask(recipient, question);
    const asked = now();
    await recipient.client.call('status');
    took.push(asked - began);
    floor.push(now() - asked);
    await sleep(BETWEEN_QUESTIONS_MS);
  }
  const after = cpuMsOf(daemon.pid ?? 0);
  const questionLoop = (await tell(daemon, 'end')) as LoopFigures;
  const cpuMs = before === null || after === null ? null : (after - before) / count;
  return { questions: distribution(took), floor: distribution(floor), questionLoop, cpuMs };
}

/** Of the words that the transcript is made of, so that most fit almost everywhere. */
function questionsOf(count: number, random: () => number): string[] {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const words = (n: number): string => Array.from({ length: n }, () => pick(WORDS)).join(' ');
  const kinds = [
    () => `why does the ${words(4)}?`,
    () => `what is the latest ${pick(NAMES)} ${words(2)}?`,
    () => words(2),
    () => `how does ${pick(NAMES)}${Math.floor(random() * 1000)} use the ${words(6)}?`,
    () => `src/${pick(NAMES)}/${pick(NAMES)}-${pick(NAMES)}.ts`,
    () => `what did claude say about the ${pick(NAMES)} ${words(2)} today?`,
  ];
  return Array.from({ length: count }, (_, i) => kinds[i % kinds.length]?.() ?? '');
}

async function freshLines(recipient: Machine, claude: ClaudeProcess, count: number): Promise<Distribution> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const mark = `just-written-${i}`;
    const began = now();
    claude.say(`A line that was ${mark}.`);
    if (!textOf(await ask(recipient, mark)).includes(mark)) throw new Error(`${mark} was not in the answer`);
    took.push(now() - began);
  }
  return distribution(took);
}

/** Everything is there again after a start. */
function held(owner: Machine, recipient: Machine, turns: number): Promise<true> {
  const whole = async (): Promise<true | null> => {
    const inbox = await recipient.client.call('inbox', { params: { handle: owner.login } });
    return inbox.sessions.some((s) => s.state === 'live' && s.fetched >= turns) ? true : null;
  };
  return poll(whole, { what: 'the session to be there again', everyMs: 20, timeoutMs: WORK_MS });
}

function ask({ client }: Machine, question: string): Promise<AskResponse> {
  const body = { handles: [], question, session: null, mode: 'question' as const, budget: null, cursor: null };
  return client.call('ask', { body });
}

const searchedOf = ({ sessions }: AskResponse): number => sessions.reduce((sum, { searched }) => sum + searched, 0);
const textOf = ({ excerpts }: AskResponse): string =>
  excerpts.flatMap(({ passages }) => passages.map(({ text }) => text)).join('\n');
