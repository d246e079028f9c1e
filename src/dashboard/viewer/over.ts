/** Sessions that were seen to end while they were read: whatever was quoted of them before goes away with them. */
import { type ReadonlySignal, signal } from '@preact/signals';

interface Named {
  handle: string;
  session: string;
}

const ended = signal<ReadonlyMap<string, number>>(new Map());

/** Milliseconds of `performance.now()` at which each ended, by its name. */
export const over: ReadonlySignal<ReadonlyMap<string, number>> = ended;

export function nameOf({ handle, session }: Named): string {
  return `${handle} ${session}`;
}

export function isOver(named: Named): void {
  ended.value = new Map(ended.value).set(nameOf(named), performance.now());
}
