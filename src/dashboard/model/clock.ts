/** The page's clock: what counts down or says how long ago something was reads it, and nothing asks the daemon for that. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const ticking = signal(Date.now());

/** Milliseconds since 1970, each second while the page is seen: for what counts down. */
export const now: ReadonlySignal<number> = ticking;

/** The same, each minute: for all that says when something was, so that a long list is not drawn each second. */
export const minute: ReadonlySignal<number> = computed(() => Math.floor(ticking.value / MINUTE_MS) * MINUTE_MS);

const tick = (): void => {
  if (!document.hidden) ticking.value = Date.now();
};
setInterval(tick, SECOND_MS);
document.addEventListener('visibilitychange', tick);
