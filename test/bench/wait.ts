/** Waiting with a bound. */

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** @throws Error that names `what` when it takes longer */
export async function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface PollOptions {
  what: string;
  everyMs: number;
  timeoutMs: number;
}

/** Asks until the answer is not null, and returns it. What `ask` throws counts as null, and is the cause when time is up. */
export async function poll<T>(ask: () => Promise<T | null>, { what, everyMs, timeoutMs }: PollOptions): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    const value = await ask().catch((error: unknown) => {
      cause = error;
      return null;
    });
    if (value !== null) return value;
    if (performance.now() >= deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
    await sleep(everyMs);
  }
}
