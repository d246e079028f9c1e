/** What the page has to say: failures stay until they are dismissed, and of what was done the newest is shown. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';

/** Something that did not work. */
export interface Failure {
  id: number;
  /** What was tried: `Accept @marie`. */
  doing: string;
  code: string;
  message: string;
  /** What to do or to type next; '' when nothing is known. */
  hint: string;
  /** The same happened this many times in a row. */
  times: number;
}

/** As many as fit; older ones are in the log of the daemon, and newer ones matter more. */
const FAILURES_MAX = 8;

const failing = signal<readonly Failure[]>([]);
const said = signal<string | null>(null);
let last = 0;

/** Newest first. */
export const failures: ReadonlySignal<readonly Failure[]> = failing;
/** What was done last, in words; null: nothing, or it was dismissed. */
export const done: ReadonlySignal<string | null> = said;

/** Code, words and hint of whatever was thrown. */
export function reasonOf(thrown: unknown): Pick<Failure, 'code' | 'message' | 'hint'> {
  if (!(thrown instanceof Error)) return { code: 'INTERNAL', message: String(thrown), hint: '' };
  const { code, hint }: Error & { code?: unknown; hint?: unknown } = thrown;
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: thrown.message,
    hint: typeof hint === 'string' ? hint : '',
  };
}

/** @param doing what was tried, as its button says it @param thrown what came of it */
export function failed(doing: string, thrown: unknown): void {
  const reason = reasonOf(thrown);
  const { value } = failing;
  const same = value.find((f) => f.doing === doing && f.code === reason.code && f.message === reason.message);
  const notice: Failure = { ...reason, doing, id: same?.id ?? ++last, times: (same?.times ?? 0) + 1 };
  failing.value = [notice, ...value.filter(({ id }) => id !== notice.id)].slice(0, FAILURES_MAX);
}

/** Says what was done, in place of what was said before. */
export function say(words: string): void {
  said.value = words;
}

/** @param id of a failure */
export function dismiss(id: number): void {
  failing.value = failing.value.filter((f) => f.id !== id);
}

export function dismissDone(): void {
  said.value = null;
}

/** Takes everything away. */
export function dismissAll(): void {
  batch(() => {
    failing.value = [];
    said.value = null;
  });
}
