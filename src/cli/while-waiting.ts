/** What somebody at a terminal sees while something takes long: numbers that move. Piped, nothing. */
import type { Status } from '../protocol/local-api.ts';
import { openClient } from './daemon-access.ts';
import type { CliIo } from './io.ts';
import { percent } from './output/count.ts';
import type { Printer } from './output/printer.ts';
import { part } from '../platform/sharing-words.ts';

/** Sooner than this nobody wonders. */
const QUIET_MS = 400;
const EVERY_MS = 250;

/** Shows what `look` says, a few times a second, until it is stopped; `heard` puts it off, because something came. */
export function showProgress(printer: Printer, look: () => Promise<string>): { heard(): void; stop(): void } {
  if (!printer.live) return { heard() {}, stop() {} };
  let last = performance.now();
  let looking = false;
  let stopped = false;
  const timer = setInterval(() => {
    if (looking || performance.now() - last < QUIET_MS) return;
    looking = true;
    const asked = last;
    // A daemon that is too busy to answer says by that, too, that it is at work; the work itself tells what fails.
    void look()
      .then((text) => {
        if (!stopped && asked === last) printer.transient(text);
      })
      .catch(() => {})
      .finally(() => (looking = false));
  }, EVERY_MS);
  return {
    heard() {
      last = performance.now();
      printer.transient('');
    },
    stop() {
      stopped = true;
      clearInterval(timer);
      printer.transient('');
    },
  };
}

/** The same for one piece of work. */
export async function whileWaiting<T>(err: Printer, work: Promise<T>, look: () => Promise<string>): Promise<T> {
  const progress = showProgress(err, look);
  try {
    return await work;
  } finally {
    progress.stop();
  }
}

const LOOK_TIMEOUT_MS = 1000;

function status(io: CliIo): Promise<Status> {
  return openClient(io, LOOK_TIMEOUT_MS).call('status');
}

/** Which transcript is being read, and how far. */
export async function readingText(io: CliIo): Promise<string> {
  const reading = (await status(io)).shares.filter(({ read }) => read < 1);
  return reading.map(({ project, read }) => `reading ${project}: ${percent(read, 1)}`).join(', ') || 'one moment …';
}

export interface Incoming {
  turns: number;
  fetched: number;
}

/** How much of what a person shares is here, of all sessions or one whose id begins so. */
export async function incoming(io: CliIo, handle: string, session: string | null = null): Promise<Incoming> {
  const theirs = (await status(io)).readable.filter(
    (r) => r.handle.toLowerCase() === handle.toLowerCase() && r.session.startsWith(session?.toLowerCase() ?? ''),
  );
  return {
    turns: theirs.reduce((sum, r) => sum + r.turns, 0),
    fetched: theirs.reduce((sum, r) => sum + r.fetched, 0),
  };
}

export async function incomingText(io: CliIo, handle: string, session: string | null = null): Promise<string> {
  const { turns, fetched } = await incoming(io, handle, session);
  return fetched < turns ? `fetching: ${part(fetched, turns)} turns (${percent(fetched, turns)})` : 'waiting …';
}
