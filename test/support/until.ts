/** Waiting for a condition without guessing how long it takes. */

export interface UntilOptions {
  timeoutMs?: number;
  /** What is waited for; in the message when it does not come. */
  what?: string;
}

/** At first; a condition that takes its time is asked more rarely, because asking takes a processor, too. */
const POLL_MS = 5;
const SLOW_POLL_MS = 30;

/**
 * Polls until `condition` gives something truthy, and returns it. Its last error, if it throws, is the cause of the
 * time-out's.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<T> {
  const { timeoutMs = 60_000, what = condition.toString() } = options;
  const deadline = performance.now() + timeoutMs;
  for (let polls = 0; ; polls++) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
    await new Promise((resolve) => {
      setTimeout(resolve, Math.min(POLL_MS + polls, SLOW_POLL_MS));
    });
  }
}
