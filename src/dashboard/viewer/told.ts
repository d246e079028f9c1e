/** What owners see of reading: said once to whoever reads of them for the first time, until it was dismissed. */
import { type ReadonlySignal, signal } from '@preact/signals';

const words = signal<string | null>(null);

/** Null: nothing to say. */
export const told: ReadonlySignal<string | null> = words;

/** @param text of an answer that carries it */
export function tellOnce(text: string | undefined): void {
  if (text !== undefined) words.value = text;
}

export function dismissTold(): void {
  words.value = null;
}
