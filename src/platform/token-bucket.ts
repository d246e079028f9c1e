/** A rate as people mean it: so many a second, and a bounded number at once. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #elapsedMs: () => number;
  #tokens: number;
  #refilledAt: number;

  /**
   * @param elapsedMs a clock that only grows, milliseconds
   * @param burst how many at once; a second's worth by default
   */
  constructor(perSecond: number, elapsedMs: () => number, burst: number = perSecond) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#elapsedMs = elapsedMs;
    this.#tokens = burst;
    this.#refilledAt = elapsedMs();
  }

  /** Takes one token; false when there is none now. */
  take(): boolean {
    const now = this.#elapsedMs();
    const refill = ((now - this.#refilledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + refill);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
