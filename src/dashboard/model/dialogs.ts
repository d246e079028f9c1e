/** The one dialog that is open over the page. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { PersonResponse } from '../../protocol/local-api.ts';

export type Open =
  /** Share a live session: with what is chosen beforehand. */
  | { is: 'share'; session: string | null; handle: string | null }
  /** Who it is that was accepted. */
  | { is: 'accepted'; answer: PersonResponse }
  /** Compare the safety number. */
  | { is: 'verify'; handle: string }
  /** A short name of one's own for them. */
  | { is: 'alias'; handle: string; alias: string | null }
  /** Devices that nobody vouches for. */
  | { is: 'trust'; handle: string };

const opened = signal<Open | null>(null);

export const dialog: ReadonlySignal<Open | null> = opened;

export function openDialog(open: Open): void {
  opened.value = open;
}

/** The element goes first: closing it gives the focus back to what opened it, which removing it does not. */
export function closeDialog(): void {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
  opened.value = null;
}
