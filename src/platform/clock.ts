/**
 * Time, passed in. Leases, epochs, renewals and healing take a Clock, so that tests steer them without sleeping.
 * Time-outs of single network operations stay on the machine's timers: they guard against a peer, not against time.
 */
import os from 'node:os';

/** A pending call; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970. A user may set it back or forward. */
  now(): number;
  /** Milliseconds that only grow, also while the machine sleeps. Not related to the wall clock. */
  elapsed(): number;
  /** Calls `fn` once, `ms` of elapsed time from now. Does not keep the process alive. */
  after(ms: number, fn: () => void): Timer;
}

/** setTimeout takes 31 bits; longer waits are cut into pieces. Pieces are short also because timers stop in sleep. */
const LONGEST_PIECE_MS = 60_000;

/** The machine's clock. `os.uptime()` counts sleep on Linux, macOS and Windows (CLOCK_BOOTTIME and its kin). */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => os.uptime() * 1000,
  after(ms, fn) {
    // Asking costs several microseconds, and a daemon has many timers.
    const due = os.uptime() * 1000 + ms;
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      handle = setTimeout(fire, Math.min(Math.max(left, 0), LONGEST_PIECE_MS));
      handle.unref();
    };
    const fire = (): void => {
      const left = due - os.uptime() * 1000;
      if (left <= 1) fn();
      else arm(left);
    };
    arm(ms);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Calls `fn` every `ms` until cancelled; an `fn` that throws or rejects is reported to `onError` and repeated. */
export function every(clock: Clock, ms: number, fn: () => void | Promise<void>, onError: (e: unknown) => void): Timer {
  let cancelled = false;
  let timer = clock.after(ms, tick);
  function tick(): void {
    void Promise.resolve()
      .then(fn)
      .catch(onError)
      .finally(() => {
        if (!cancelled) timer = clock.after(ms, tick);
      });
  }
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}
