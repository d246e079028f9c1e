/**
 * Sends in order and no faster than the other side takes: it cuts off who sends more than 100 control messages a second,
 * and a person with many shares has much to say at once.
 */
import { TokenBucket } from '../platform/token-bucket.ts';
import { CONTROL_MESSAGES_PER_SECOND } from '../protocol/limits.ts';

/** A little less than is taken, because the two count on different clocks. */
const PER_SECOND = CONTROL_MESSAGES_PER_SECOND * 0.8;
/** Until one more may be sent. */
const TICK_MS = Math.ceil(1000 / PER_SECOND);

export class Paced {
  #waiting: (() => void)[] = [];
  readonly #sent = new TokenBucket(PER_SECOND, () => performance.now());
  #timer: NodeJS.Timeout | null = null;

  /** Runs `send` now or, in order, when it is its turn. */
  push(send: () => void): void {
    this.#waiting.push(send);
    this.#drain();
  }

  /** Runs what is left, at once; the line is about to be closed. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const send of this.#waiting.splice(0)) send();
  }

  /** Forgets what is left. */
  drop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #drain(): void {
    while (this.#waiting.length > 0 && this.#sent.take()) this.#waiting.shift()?.();
    if (this.#timer || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#drain();
    }, TICK_MS);
    this.#timer.unref();
  }
}
