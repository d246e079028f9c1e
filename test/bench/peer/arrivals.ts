/** When lines arrived, told apart by the mark that each carries. */
import { now } from '../now.ts';
import { within } from '../wait.ts';

const MARK = /bench-line-[0-9]+/;

export interface Arrival {
  mark: string;
  /** As {@link now}. */
  at: number;
}

/** A line, or any text around it, without a mark is none of ours. */
export class Arrivals {
  #list: Arrival[] = [];
  #waiting: { count: number; done: () => void; fail: (error: Error) => void } | null = null;
  #failed: Error | null = null;

  note(text: string): void {
    const at = now();
    const mark = MARK.exec(text)?.[0];
    if (mark === undefined) return;
    this.#list.push({ mark, at });
    if (this.#waiting && this.#list.length >= this.#waiting.count) this.#waiting.done();
  }

  /** Nothing comes any more. */
  fail(error: Error): void {
    this.#failed = error;
    this.#waiting?.fail(error);
  }

  /** Takes what has come; waits until there are so many. */
  async take(count: number, timeoutMs: number): Promise<Arrival[]> {
    const enough = new Promise<void>((resolve, reject) => {
      this.#waiting = { count, done: resolve, fail: reject };
      if (this.#list.length >= count) resolve();
      else if (this.#failed) reject(this.#failed);
    });
    await within(enough, timeoutMs, `${count} lines to arrive`);
    this.#waiting = null;
    return this.#list.splice(0);
  }
}
