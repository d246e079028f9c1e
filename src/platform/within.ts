/** Waiting no longer than for so long; the work goes on. On the machine's timers: it guards against a silent peer. */

/** Resolves with what `late` gives when the work takes longer. @throws what the work or `late` throws */
export async function orLate<T>(work: Promise<T>, ms: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  }).then(late);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the work is done, or when it takes longer. */
export function within(work: Promise<void>, ms: number): Promise<void> {
  return orLate(work, ms, () => {});
}
