/** The page's clock: what counts down or says how long ago something was reads it, and nothing asks the daemon for that. */
import { type ReadonlySignal, signal } from '@preact/signals';

const SECOND_MS = 1000;

const ticking = signal(Date.now());

/** Milliseconds since 1970, each second while the page is seen. */
export const now: ReadonlySignal<number> = ticking;

const tick = (): void => {
  if (!document.hidden) ticking.value = Date.now();
};
setInterval(tick, SECOND_MS);
document.addEventListener('visibilitychange', tick);
