/** Waiting for a condition without guessing how long it takes. */

export interface UntilOptions {
  timeoutMs?: number;
  /** What is waited for; in the message when it does not come. */
  what?: string;
}

const POLL_MS = 5;

/**
 * Polls until `condition` gives something truthy, and returns it. Its last error, if it throws, is the cause of the
 * time-out's.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<T> {
  const { timeoutMs = 30_000, what = condition.toString() } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}
