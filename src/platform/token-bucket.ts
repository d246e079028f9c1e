/** A rate as people mean it: so many a second, and a second's worth at once. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #elapsedMs: () => number;
  #tokens: number;
  #refilledAt: number;

  /** @param elapsedMs a clock that only grows, milliseconds */
  constructor(perSecond: number, elapsedMs: () => number) {
    this.#perSecond = perSecond;
    this.#elapsedMs = elapsedMs;
    this.#tokens = perSecond;
    this.#refilledAt = elapsedMs();
  }

  /** Takes one token; false when there is none now. */
  take(): boolean {
    const now = this.#elapsedMs();
    const refill = ((now - this.#refilledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + refill);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
