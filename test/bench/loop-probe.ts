/**
 * Loaded into a daemon's process by `--import`, before the daemon: measures the delay of its event loop between `begin`
 * and `end`, which come over IPC, and answers with what it was.
 */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Milliseconds, each with the period of the measuring timer in it; `busy` in percent of the time between. */
export interface LoopFigures {
  n: number;
  p50: number;
  p99: number;
  p999: number;
  max: number;
  busy: number;
}

/** How often a timer is set to see how late it comes. */
const PERIOD_MS = 1;

/** Its threads are given the same options, and have loops of their own. */
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS });
  let mark: EventLoopUtilization;
  const ms = (nanoseconds: number): number => nanoseconds / 1e6;
  process.on('message', (asked) => {
    if (asked === 'begin') {
      delay.reset();
      delay.enable();
      mark = performance.eventLoopUtilization();
      return process.send?.('begun');
    }
    delay.disable();
    const figures: LoopFigures = {
      n: delay.count,
      p50: ms(delay.percentile(50)),
      p99: ms(delay.percentile(99)),
      p999: ms(delay.percentile(99.9)),
      max: ms(delay.max),
      busy: performance.eventLoopUtilization(mark).utilization * 100,
    };
    return process.send?.(figures);
  });
  // Whatever became of the bench: nobody is left to measure for.
  process.once('disconnect', () => process.exit());
}
