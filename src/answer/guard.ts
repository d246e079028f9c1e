/** Ends what is under way: the caller went, time is over, or what was sent may no longer be read. */
import type { Ended } from './failure.ts';

export class Guard {
  /** Null: nothing was ended. */
  ended: Ended | null = null;
  readonly #stop = new AbortController();
  readonly #mayRead: () => boolean;
  readonly #caller: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #onGone = (): void => this.end('caller');

  constructor(mayRead: () => boolean, caller: AbortSignal, timeoutMs: number) {
    this.#mayRead = mayRead;
    this.#caller = caller;
    this.#timer = setTimeout(() => this.end('time'), timeoutMs);
    if (caller.aborted) this.end('caller');
    else caller.addEventListener('abort', this.#onGone, { once: true });
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** True while it may go on. */
  look(): boolean {
    if (this.ended === null && !this.#mayRead()) this.end('share');
    return this.ended === null;
  }

  end(why: Ended): void {
    this.ended ??= why;
    this.#stop.abort();
  }

  /** Whatever is still open of it ends. */
  close(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#onGone);
    this.#stop.abort();
  }
}
