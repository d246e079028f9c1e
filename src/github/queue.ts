/** One request at a time, and a pause between writes: what GitHub asks of clients that do not want to be cut off. */

export interface Queue {
  /** Runs `task` after all earlier ones have ended; a failing task holds up nobody. */
  run<T>(write: boolean, task: () => Promise<T>): Promise<T>;
}

export interface QueueOptions {
  /** From the end of one write to the start of the next. */
  writeGapMs: number;
  /** Milliseconds that only grow. */
  elapsed: () => number;
  wait: (ms: number) => Promise<unknown>;
}

export function createQueue({ writeGapMs, elapsed, wait }: QueueOptions): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  let lastWrite = Number.NEGATIVE_INFINITY;
  return {
    run(write, task) {
      const result = tail.then(async () => {
        if (!write) return task();
        const left = lastWrite + writeGapMs - elapsed();
        if (left > 0) await wait(left);
        try {
          return await task();
        } finally {
          lastWrite = elapsed();
        }
      });
      tail = result.catch(() => undefined);
      return result;
    },
  };
}
