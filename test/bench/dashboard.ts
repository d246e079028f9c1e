/**
 * The dashboard's page in a real browser: until it shows something, and twenty shared sessions; a session of 50,000 lines
 * opened, scrolled and gone through; and a line, from before it is written until the page of the recipient shows it.
 */
import type { Browser, Page } from 'playwright-core';
import { Desk } from '../dashboard/support/desk.ts';
import { launchChromium } from '../dashboard/support/chromium.ts';
import { Window } from '../dashboard/support/window.ts';
import type { ClaudeProcess, Machine } from '../support/process-world/index.ts';
import { countTurns } from './back-fill.ts';
import { writeConversation } from './conversation.ts';
import {
  jumped,
  listedAt,
  NOTHING_TO_SCROLL,
  opened,
  PAINTED,
  type Scrolled,
  scrolled,
  shownAt,
} from './dashboard-page.ts';
import type { Ground } from './ground.ts';
import { serveOneWord } from './one-word.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution } from './statistics.ts';
import { figure, type Table } from './table.ts';
import type { Target } from './target.ts';
import { within } from './wait.ts';

const FULL = { sessions: 20, opens: 9, megabytes: 120, scrollMs: 4000, jumps: 9, lines: 15 };
const QUICK = { sessions: 20, opens: 3, megabytes: 10, scrollMs: 1500, jumps: 3, lines: 5 };
/** Pixels a frame: a wheel that is turned, and the bar that is pulled. */
const PACES = { wheel: -120, bar: -6000 } as const;
const FIRST_PAINT_TARGET_MS = 300;
const WORK_MS = 180_000;

interface Frames extends Distribution {
  rowsMost: number;
}

interface Measured {
  sessions: number;
  /** From navigation, in the page itself, as all three: the first paint of a page of one word, the page's own, and its list. */
  bare: Distribution;
  painted: Distribution;
  listed: Distribution;
  lines: number;
  turns: number;
  wordsMs: number;
  countedMs: number;
  floor: Frames;
  wheel: Frames;
  bar: Frames;
  jump: Distribution;
  line: Distribution;
  heapBytes: number;
}

export const dashboard: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, context: SectionContext): Promise<SectionResult> {
  const browser = await launchChromium();
  try {
    const measured = await measureIn(browser, ground, context);
    return { data: { ...measured }, tables: [table(measured)], targets: targetsOf(measured) };
  } finally {
    await browser.close();
  }
}

async function measureIn(browser: Browser, ground: Ground, { quick, progress }: SectionContext): Promise<Measured> {
  const size = quick ? QUICK : FULL;
  progress('dashboard: set up');
  const { owner, recipient } = await ground.pair();
  const long = owner.openClaude('webshop');
  const { lines } = writeConversation(long.writer, long.transcriptPath, size.megabytes * 1e6);
  const turns = await countTurns(long.transcriptPath);
  await long.begin();
  await ground.shareOnce(owner, recipient, long, turns);
  for (let i = 1; i < size.sessions; i++) await shareShort(owner, recipient, i);

  const firsts = await firstPaints(browser, owner, size, progress);
  progress(`dashboard: ${lines} lines`);
  const floor = await floorOf(browser, size.scrollMs);
  const desk = await Desk.open(browser, recipient);
  try {
    const at = `#/theirs/${owner.login}/${long.session}`;
    const { words, counted } = await inPage<{ words: number; counted: number }>(desk.page, opened(at, turns));
    const wheel = await frames(desk.page, '[role=feed]', PACES.wheel, size.scrollMs);
    const bar = await frames(desk.page, '[role=feed]', PACES.bar, size.scrollMs);
    const jump: number[] = [];
    for (const line of await somewhere(recipient, owner, long, size.jumps)) {
      jump.push(await inPage<number>(desk.page, jumped(`${at}?line=${line}`, line)));
    }
    await desk.page.evaluate(`location.hash = ${JSON.stringify(at)}`);
    await desk.page.getByRole('feed').press('End');
    const line: number[] = [];
    for (let i = 0; i < size.lines; i++)
      line.push(await untilShown(desk.page, long, `a line that was just written ${i}`));
    const heapBytes = await heapOf(desk.page);
    return {
      ...firsts,
      ...{ sessions: size.sessions, lines, turns, wordsMs: words, countedMs: counted, floor, wheel, bar },
      ...{ jump: distribution(jump), line: distribution(line), heapBytes },
    };
  } finally {
    await desk.close();
  }
}

async function shareShort(owner: Machine, recipient: Machine, i: number): Promise<void> {
  const claude = owner.openClaude(`project-${i}`);
  claude.say('why is the login slow?', 'the index is missing');
  await claude.begin();
  const { session, cwd } = claude;
  const to = [recipient.login];
  await owner.client.call('share', { body: { session, cwd, to, note: null, fromNow: false, withThinking: false } });
}

/** The page and its floor in turns. */
async function firstPaints(
  browser: Browser,
  owner: Machine,
  { opens, sessions }: typeof FULL,
  progress: SectionContext['progress'],
): Promise<Pick<Measured, 'bare' | 'painted' | 'listed'>> {
  const [bare, painted, listed]: [number[], number[], number[]] = [[], [], []];
  const word = await serveOneWord();
  try {
    for (let i = 0; i < opens; i++) {
      progress(`dashboard: opened ${i + 1} of ${opens}`);
      bare.push((await openOnce(browser, word.url, 0)).painted);
      const { url } = await owner.client.call('dashboard', { body: { port: null } });
      const own = await openOnce(browser, url, sessions);
      painted.push(own.painted);
      listed.push(own.listed);
    }
  } finally {
    word.close();
  }
  return { bare: distribution(bare), painted: distribution(painted), listed: distribution(listed) };
}

/** In a window of its own, so that nothing is kept from the time before. @param sessions that are to be listed */
async function openOnce(browser: Browser, url: string, sessions: number): Promise<{ painted: number; listed: number }> {
  const window = await Window.open(browser);
  try {
    await window.context.addInitScript(listedAt(sessions));
    await window.page.goto(url);
    return await inPage(window.page, PAINTED);
  } finally {
    await window.close();
  }
}

async function floorOf(browser: Browser, ms: number): Promise<Frames> {
  const window = await Window.open(browser);
  try {
    await window.page.setContent(NOTHING_TO_SCROLL);
    return await frames(window.page, '#floor', -PACES.wheel, ms);
  } finally {
    await window.close();
  }
}

async function frames(page: Page, list: string, pixels: number, ms: number): Promise<Frames> {
  const { frames: all, rowsMost } = await inPage<Scrolled>(page, scrolled(list, pixels, ms));
  return { ...distribution(all), rowsMost };
}

/** Lines of turns all over the session. */
async function somewhere(
  recipient: Machine,
  owner: Machine,
  { session }: ClaudeProcess,
  count: number,
): Promise<number[]> {
  const query = { session, from: null, to: null, follow: false };
  const all: number[] = [];
  for await (const event of recipient.client.read(owner.login, query))
    if (event.type === 'turn') all.push(event.turn.line);
  return Array.from({ length: count }, (_, i) => all[Math.floor(((i * 7 + 3) % count) * (all.length / count))] ?? 1);
}

async function untilShown(page: Page, claude: ClaudeProcess, text: string): Promise<number> {
  const shown = inPage<number>(page, shownAt(text));
  const began = Date.now();
  claude.say(text);
  return (await shown) - began;
}

async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

function inPage<T>(page: Page, source: string): Promise<T> {
  return within(page.evaluate<T>(source), WORK_MS, 'the page');
}

function table(measured: Measured): Table {
  const { sessions, bare, painted, listed, lines, wordsMs, countedMs, floor, wheel, bar, jump, line, heapBytes } =
    measured;
  const spread = (what: string, d: Distribution): string[] => [what, figure(d.p50), figure(d.p99), figure(d.max)];
  const once = (what: string, ms: number): string[] => [what, figure(ms), '', ''];
  return {
    title: 'The dashboard in Chromium (milliseconds)',
    columns: ['', 'p50', 'p99', 'max'],
    rows: [
      spread('first paint of a page of one word (floor)', bare),
      spread('first paint', painted),
      spread(`${sessions} shared sessions listed`, listed),
      once(`${lines} lines: the newest words`, wordsMs),
      once(`${lines} lines: all counted`, countedMs),
      spread('a frame, scrolling nothing (floor)', floor),
      spread(`a frame, turning the wheel (${wheel.rowsMost} rows drawn at most)`, wheel),
      spread(`a frame, pulling the bar (${bar.rowsMost} rows drawn at most)`, bar),
      spread('going to a line anywhere', jump),
      spread('a line, from writing it until the recipient sees it', line),
    ],
    notes: [`JavaScript of the page after all of it: ${figure(heapBytes / 1e6)} MB.`],
  };
}

function targetsOf({ sessions, painted, listed, floor, wheel }: Measured): Target[] {
  const unit = 'ms';
  return [
    { what: 'dashboard: first paint, p50', value: painted.p50, atMost: FIRST_PAINT_TARGET_MS, unit },
    { what: `dashboard: ${sessions} sessions listed, p50`, value: listed.p50, atMost: FIRST_PAINT_TARGET_MS, unit },
    { what: 'dashboard: a frame while scrolling, p50', value: wheel.p50, atMost: 2 * floor.p50, unit },
  ];
}
