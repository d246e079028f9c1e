/**
 * Looks for the contacts for which nothing is announced, one after the other: whoever wants something of this machine
 * announces it, so that being looked for now and then is enough to be met.
 */
import { type Clock, every, type Timer } from '../platform/clock.ts';
import { CONTACT_LOOKUP_MS, CONTACT_LOOKUPS_MAX } from '../protocol/limits.ts';

export class Seeker {
  readonly #clock: Clock;
  readonly #waiting: () => string[];
  readonly #changed: () => void;
  /** Sign keys that were looked for, the one that was longest ago first. */
  readonly #sought = new Set<string>();
  #now: string[] = [];
  #timer: Timer | null = null;

  /**
   * @param waiting sign keys of all who are to be looked for
   * @param changed {@link Seeker.now} is another one now
   */
  constructor(clock: Clock, waiting: () => string[], changed: () => void) {
    this.#clock = clock;
    this.#waiting = waiting;
    this.#changed = changed;
  }

  /** Sign keys of those who are looked for now; each stays for as long as it takes to dial whom the look-up found. */
  get now(): ReadonlySet<string> {
    return new Set(this.#now);
  }

  start(): void {
    this.#timer = every(
      this.#clock,
      CONTACT_LOOKUP_MS,
      () => this.#turn(),
      () => {},
    );
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The next one: who was never looked for, then whoever was longest ago. */
  #turn(): void {
    const waiting = new Set(this.#waiting());
    for (const sign of this.#sought) if (!waiting.has(sign)) this.#sought.delete(sign);
    const idle = (sign: string): boolean => waiting.has(sign) && !this.#now.includes(sign);
    const next = [...waiting].find((sign) => idle(sign) && !this.#sought.has(sign)) ?? [...this.#sought].find(idle);
    if (next === undefined && this.#now.length === 0) return;
    const kept = this.#now.slice(next === undefined || this.#now.length >= CONTACT_LOOKUPS_MAX ? 1 : 0);
    this.#now = next === undefined ? kept : [...kept, next];
    if (next !== undefined) {
      this.#sought.delete(next);
      this.#sought.add(next);
    }
    this.#changed();
  }
}
