/** Events that several listen to, each from the first one on. */

export class EventFeed<Event> {
  readonly #events: Event[] = [];
  readonly #abandoned: () => void;
  #listeners = 0;
  readonly #waiting = new Set<() => void>();
  #over: { failure: Error | null } | null = null;

  /** @param abandoned called when the last listener goes before the end */
  constructor(abandoned: () => void) {
    this.#abandoned = abandoned;
  }

  push(event: Event): void {
    this.#events.push(event);
    this.#next();
  }

  fail(failure: Error): void {
    this.#over ??= { failure };
    this.#next();
  }

  /** @param isLast whether an event says that all was said @param cut told when the last one does not */
  finish(isLast: (event: Event) => boolean, cut: Error): void {
    const last = this.#events.at(-1);
    this.#over ??= { failure: last !== undefined && isLast(last) ? null : cut };
    this.#next();
  }

  /** All there were, and all that come. Ends when `signal` aborts. @throws what it failed with */
  async *listen(signal: AbortSignal): AsyncGenerator<Event> {
    const wake = (): void => this.#next();
    signal.addEventListener('abort', wake, { once: true });
    this.#listeners++;
    try {
      for (let at = 0; !signal.aborted;) {
        const event = this.#events[at];
        if (event !== undefined) {
          at++;
          yield event;
        } else if (this.#over !== null) {
          if (this.#over.failure !== null) throw this.#over.failure;
          return;
        } else await new Promise<void>((resolve) => void this.#waiting.add(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
      if (--this.#listeners === 0 && this.#over === null) this.#abandoned();
    }
  }

  #next(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
