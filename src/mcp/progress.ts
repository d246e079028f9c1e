/** Telling whoever asked for it that a call goes on. Nothing is said after its result. */
import { MCP_PROGRESS_MS } from '../protocol/limits.ts';
import { type Line, line } from './text/line.ts';

export interface Progress {
  say(what: Line): void;
  /** Resolves when all that was said has gone out. */
  stop(): Promise<void>;
}

/** @param send one notification; null: nobody asked */
export function progressTo(send: ((progress: number, message: string) => Promise<void>) | null): Progress {
  if (send === null) return { say() {}, stop: async () => {} };
  let said = 0;
  let what = line`working`;
  let stopped = false;
  let sent = Promise.resolve();
  const tell = (): void => {
    if (stopped) return;
    const now = ++said;
    sent = sent.then(() => send(now, what)).catch(() => {});
  };
  const timer = setInterval(tell, MCP_PROGRESS_MS);
  timer.unref();
  return {
    say(next) {
      what = next;
      tell();
    },
    stop() {
      stopped = true;
      clearInterval(timer);
      return sent;
    },
  };
}
