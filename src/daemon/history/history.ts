/**
 * What was shared and is over: a list of what began and what ended, and why, in both directions. On disk, bounded in number
 * and age. It decides nothing: what is shared now is in `share` and `inbox` alone.
 */
import type { Clock } from '../../platform/clock.ts';
import type { StateFile } from '../../platform/state-file.ts';
import { bool, type Decoded, int, list, nullable, object, oneOf, text } from '../../protocol/decode.ts';
import { HISTORY_KEPT_MS, HISTORY_MAX } from '../../protocol/limits.ts';

export const historyFile = object({
  v: oneOf(1),
  /** The newest last. */
  events: list(
    object({
      /** Unix milliseconds. */
      at: int(0),
      uid: int(1),
      /** As they were called then. */
      handle: text(64),
      /** Of a teammate's the beginning. */
      session: text(36),
      project: text(1024),
      /** I share it with them; else they with me. */
      mine: bool,
      what: oneOf('began', 'ended'),
      reason: nullable(text(256)),
    }),
    HISTORY_MAX,
  ),
});

export type HistoryFile = Decoded<typeof historyFile>;
type Event = HistoryFile['events'][number];
/** Whose, and which session. */
export type Share = Pick<Event, 'uid' | 'handle' | 'session' | 'project' | 'mine'>;

export const NO_HISTORY: HistoryFile = { v: 1, events: [] };

export class History {
  readonly #file: StateFile<HistoryFile>;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  /** Shares that began and have not ended. */
  readonly #open = new Map<string, Event>();

  constructor(file: StateFile<HistoryFile>, clock: Clock, onError: (error: unknown) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#onError = onError;
    for (const event of file.value.events) this.#follow(event);
  }

  /** The newest first. */
  get events(): Event[] {
    const since = this.#clock.now() - HISTORY_KEPT_MS;
    return this.#file.value.events.filter(({ at }) => at >= since).toReversed();
  }

  /** Said as often as one likes: also of what began before a restart it is noted once. */
  began(share: Share): void {
    if (!this.#open.has(keyOf(share))) this.#add({ ...share, what: 'began', reason: null });
  }

  /** Of what has not begun, or has ended already, nothing is noted. @param is which of the open ones */
  ended(is: (share: Share) => boolean, reason: string): void {
    for (const open of [...this.#open.values()].filter((share) => is(share))) {
      this.#add({ ...open, what: 'ended', reason: reason.slice(0, 256) });
    }
  }

  #add(event: Omit<Event, 'at'>): void {
    const { value } = this.#file;
    const added: Event = { ...event, at: Math.round(this.#clock.now()) };
    this.#follow(added);
    value.events = this.#within([...value.events, added]);
    try {
      this.#file.save();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Not too old and not too many; what is still shared stays, or it would begin again. */
  #within(events: readonly Event[]): Event[] {
    const since = this.#clock.now() - HISTORY_KEPT_MS;
    const open = new Set(this.#open.values());
    const kept = events.filter((event) => event.at >= since || open.has(event));
    const over = kept.filter((event) => !open.has(event)).slice(0, Math.max(0, kept.length - HISTORY_MAX));
    const dropped = new Set(over);
    return kept.filter((event) => !dropped.has(event)).slice(-HISTORY_MAX);
  }

  #follow(event: Event): void {
    if (event.what === 'began') this.#open.set(keyOf(event), event);
    else this.#open.delete(keyOf(event));
  }
}

function keyOf({ mine, uid, session }: Share): string {
  return `${mine ? 'mine' : 'theirs'} ${uid} ${session}`;
}
