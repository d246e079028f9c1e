/** Parts as server-sent events. A slow reader misses what was replaced meanwhile, never the newest. */
import type { Clock } from '../../platform/clock.ts';
import { PAGE_ALIVE_MS } from '../../protocol/limits.ts';
import type { PartName } from '../../protocol/dashboard.ts';

/** What a page follows. The daemon implements it. */
export interface PartsFeed {
  /**
   * Calls back with the JSON of each part, all of them first, then those that changed; until `stop` is called.
   * Never from inside of `follow` itself.
   */
  follow(changed: (part: PartName, json: string) => void): { stop(): void };
  /** Something was done just now: look at once. */
  nudge(): void;
}

export function eventStream(parts: PartsFeed, clock: Clock, stop: AbortSignal): ReadableStream<Uint8Array> {
  const waiting = new Map<PartName, string>();
  let wake = (): void => {};
  /** To be said when there is nothing else. */
  const due = { alive: false };
  const followed = parts.follow((part, json) => {
    waiting.set(part, json);
    wake();
  });
  let timer = clock.after(PAGE_ALIVE_MS, beat);
  function beat(): void {
    due.alive = true;
    timer = clock.after(PAGE_ALIVE_MS, beat);
    wake();
  }
  function end(): void {
    followed.stop();
    timer.cancel();
    wake();
  }
  stop.addEventListener('abort', end, { once: true });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (waiting.size === 0 && !due.alive && !stop.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (stop.aborted) {
          controller.close();
          return;
        }
        const events = [...waiting].map(([part, json]) => `event: part\ndata: {"part":"${part}","value":${json}}\n\n`);
        waiting.clear();
        due.alive = false;
        controller.enqueue(Buffer.from(events.length === 0 ? ': alive\n\n' : events.join('')));
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
