/** Which shares ended since this daemon started and why, and waiting for changes of one. For messages only. */
import type { Inbox } from '../../inbox/index.ts';
import { setNewest } from '../../platform/newest.ts';
import { matchPrefix } from '../../protocol/ids.ts';

const ENDED_MAX = 1000;

export class Endings {
  readonly #inbox: Inbox;
  readonly #ended = new Map<string, string>();

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
    inbox.setMaxListeners(0);
    inbox.on('ended', (uid, session, reason) => {
      setNewest(this.#ended, `${uid} ${session}`, reason, ENDED_MAX);
    });
  }

  reason(uid: number, session: string): string | null {
    return this.#ended.get(`${uid} ${session}`) ?? null;
  }

  /** Why the share of this person that ended last did; null when none has ended. */
  lastReason(uid: number): string | null {
    return [...this.#ended].findLast(([key]) => key.startsWith(`${uid} `))?.[1] ?? null;
  }

  /** A session of this person that ended and begins with what was typed. */
  endedLike(uid: number, typed: string): string | null {
    const mine = [...this.#ended.keys()].filter((k) => k.startsWith(`${uid} `)).map((k) => k.slice(`${uid} `.length));
    return matchPrefix(mine, typed)[0] ?? null;
  }

  /** Resolves at the next change of a session, or when aborted. */
  changed(uid: number, session: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#inbox.off('changed', onChange);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const onChange = (whose: number, which: string): void => {
        if (whose === uid && which === session) done();
      };
      this.#inbox.on('changed', onChange);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
