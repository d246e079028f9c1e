/**
 * What strangers may cost before they have said hello. Their connections count against no limit of contacts:
 * without this, silent strangers on a topic shut all contacts out (measured).
 */
import type { Clock } from '../platform/clock.ts';
import { TokenBucket } from '../platform/token-bucket.ts';
import {
  HELLO_HINT_SEARCHES_PER_SECOND,
  HELLO_PENDING_INBOUND_MAX,
  HELLO_PENDING_PER_ADDRESS_MAX,
} from '../protocol/limits.ts';

export class Gate {
  readonly #pending = new Map<string, number>();
  #total = 0;
  readonly #searches: TokenBucket;

  constructor(clock: Clock) {
    this.#searches = new TokenBucket(HELLO_HINT_SEARCHES_PER_SECOND, () => clock.elapsed());
  }

  /** Admits an inbound connection to the hello, or not. Call the returned function once when its hello is over. */
  admit(address: string): (() => void) | null {
    const here = this.#pending.get(address) ?? 0;
    if (this.#total >= HELLO_PENDING_INBOUND_MAX || here >= HELLO_PENDING_PER_ADDRESS_MAX) return null;
    this.#pending.set(address, here + 1);
    this.#total++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#total--;
      const left = (this.#pending.get(address) ?? 1) - 1;
      if (left > 0) this.#pending.set(address, left);
      else this.#pending.delete(address);
    };
  }

  /** One search through all contacts' hello keys. */
  maySearch(): boolean {
    return this.#searches.take();
  }
}
