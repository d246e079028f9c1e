/**
 * Texts of the turns that are in view or were just now: fetched in windows, bounded, and gone at once when they may not be
 * read any more. One fetch runs at a time, for what is in view now.
 */
import type { DumpedTurn, DumpGap, DumpSlice } from '../../protocol/local-api.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';
import { keyOf, type Spot, type TurnRow } from './outline.ts';

export interface Page {
  turns: DumpedTurn[];
  missing: DumpGap[];
  cursor: string | null;
}

export interface TextsOptions {
  /** One page of those turns behind the cursor: what nobody sees is not asked for, and not told as read. */
  fetch: (cursor: string, slice: DumpSlice, signal: AbortSignal) => Promise<Page>;
  /** Something is here, or is known not to be. */
  onChange: () => void;
  /** Milliseconds. */
  now: () => number;
}

/** Held at most; what was looked at least lately goes first. */
const TURNS_MAX = 1500;
const BYTES_MAX = 12 * 1024 * 1024;
/** What was not there is asked for again after a while. */
const ABSENT_MS = 3000;
/** Pages for one view; more than a few are only needed by turns that are larger than a page. */
const PAGES_MAX = 32;

/** Why a text is not here: it is missing on this machine, or could not be had; both null: the daemon did not say. */
interface Absence {
  gap: DumpGap | null;
  failure: unknown;
}

/** here: as much as came · absent: it is asked for again after a while */
export type TextState = { is: 'here'; turn: Turn } | ({ is: 'absent' } & Absence);

interface Held {
  turn: Turn;
  bytes: number;
}

export class Texts {
  readonly #options: TextsOptions;
  readonly #held = new Map<string, Held>();
  readonly #absent = new Map<string, Absence & { at: number }>();
  #bytes = 0;
  #fetching: { keys: Set<string>; stop: AbortController } | null = null;

  constructor(options: TextsOptions) {
    this.#options = options;
  }

  get(spot: Spot): TextState | null {
    const key = keyOf(spot);
    const held = this.#held.get(key);
    if (held !== undefined) {
      // Looked at last.
      this.#held.delete(key);
      this.#held.set(key, held);
      return { is: 'here', turn: held.turn };
    }
    const absent = this.#absent.get(key);
    return absent === undefined ? null : { is: 'absent', gap: absent.gap, failure: absent.failure };
  }

  /** @param rows in view now, in order: what else was being fetched is not wanted any more */
  want(rows: readonly TurnRow[]): void {
    const now = this.#options.now();
    const lacking = rows.filter((row) => {
      const key = keyOf(row);
      return !this.#held.has(key) && now - (this.#absent.get(key)?.at ?? -Infinity) >= ABSENT_MS;
    });
    if (lacking.length === 0) return;
    if (this.#fetching !== null && lacking.every((row) => this.#fetching?.keys.has(keyOf(row)))) return;
    this.#fetching?.stop.abort();
    const fetching = { keys: new Set(lacking.map(keyOf)), stop: new AbortController() };
    this.#fetching = fetching;
    const [from, to] = [lacking[0], lacking.at(-1)].map((row) => (row === undefined ? -1 : rows.indexOf(row)));
    this.#fetch(lacking, (to ?? 0) - (from ?? 0) + 1, fetching.stop.signal)
      .catch((thrown: unknown) => {
        if (!fetching.stop.signal.aborted) this.#lack(lacking, { gap: null, failure: thrown });
      })
      .finally(() => {
        if (this.#fetching === fetching) this.#fetching = null;
      });
  }

  /** Forgets everything, also what is on its way. */
  clear(): void {
    this.#fetching?.stop.abort();
    this.#fetching = null;
    this.#held.clear();
    this.#absent.clear();
    this.#bytes = 0;
  }

  /** @param count of turns from the first of them to the last */
  async #fetch(lacking: readonly TurnRow[], count: number, signal: AbortSignal): Promise<void> {
    const last = lacking.at(-1);
    const slice = { skip: lacking[0]?.offset ?? 0, turns: count };
    let cursor = lacking[0]?.cursor ?? null;
    let gap: DumpGap | null = null;
    for (let pages = 0; cursor !== null && pages < PAGES_MAX; pages++) {
      const page: Page = await this.#options.fetch(cursor, { ...slice }, signal);
      if (signal.aborted) return;
      for (const turn of page.turns) this.#hold(turn);
      gap = page.missing.at(-1) ?? gap;
      ({ cursor } = page);
      this.#options.onChange();
      const isCut = (page.turns.at(-1)?.omittedAfter ?? 0) > 0;
      slice.skip = 0;
      slice.turns -= page.turns.length - (isCut ? 1 : 0);
      if (slice.turns < 1) break;
      if (last !== undefined && this.#held.has(keyOf(last)) && !isCut) break;
    }
    this.#lack(lacking, { gap, failure: null });
  }

  /** Those of them that did not come. */
  #lack(rows: readonly Spot[], absence: Absence): void {
    const at = this.#options.now();
    for (const key of rows.map(keyOf)) if (!this.#held.has(key)) this.#absent.set(key, { ...absence, at });
    this.#options.onChange();
  }

  #hold(dumped: DumpedTurn): void {
    const { omittedBefore, omittedAfter: _after, ...part } = dumped;
    const key = keyOf(part);
    const before = this.#held.get(key);
    const turn = omittedBefore > 0 && before !== undefined ? joined(before.turn, part) : part;
    const bytes = sizeOf(turn);
    this.#bytes += bytes - (before?.bytes ?? 0);
    this.#held.delete(key);
    this.#held.set(key, { turn, bytes });
    this.#absent.delete(key);
    for (const [oldest, held] of this.#held) {
      if (this.#held.size <= TURNS_MAX && this.#bytes <= BYTES_MAX) break;
      if (oldest === key) break;
      this.#held.delete(oldest);
      this.#bytes -= held.bytes;
    }
  }
}

/** A turn that came in parts: the last part of the one and the first of the other may be halves of one. */
function joined(turn: Turn, rest: Turn): Turn {
  const [last, next] = [turn.content.at(-1), rest.content[0]];
  const one = last !== undefined && next !== undefined ? glued(last, next) : null;
  const content =
    one === null ? [...turn.content, ...rest.content] : [...turn.content.slice(0, -1), one, ...rest.content.slice(1)];
  return { ...turn, content };
}

function glued(a: ContentPart, b: ContentPart): ContentPart | null {
  if (a.type === 'text' && b.type === 'text') return { ...a, text: a.text + b.text };
  if (a.type === 'thinking' && b.type === 'thinking') return { ...a, text: a.text + b.text };
  if (a.type === 'tool_result' && b.type === 'tool_result' && a.id === b.id) return { ...a, text: a.text + b.text };
  if (a.type === 'tool_use' && b.type === 'tool_use' && a.id === b.id)
    return { ...a, input: inputText(a) + inputText(b) };
  return null;
}

/** Of a cut input, parts are text. */
function inputText({ input }: { input?: unknown }): string {
  return typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
}

/** About, in characters: a bound on memory, not an account. */
function sizeOf({ content }: Turn): number {
  return content.reduce((sum, part) => {
    if (part.type === 'tool_use') return sum + 100 + inputText(part).length;
    return sum + 100 + ('text' in part ? part.text.length : 0);
  }, 200);
}
