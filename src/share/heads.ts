/**
 * Tells how much there is to those who would not hear of it: a device whose copy is closed has no channel for the core on
 * which a new block would come by itself.
 */
import type { PeerLink } from '../platform/peer-link.ts';
import type { Generation } from './generation.ts';
import type { Granted, Grants } from './grants.ts';
import type { Progress } from './progress.ts';

/** Between two rounds: one frame tells of many lines and many sessions. The first line after a silence is told at once. */
const ROUND_MS = 100;

export class Heads {
  readonly #grants: Grants;
  readonly #progress: Progress;
  /** Generations that somebody may have to be told of, with their sessions. */
  readonly #due = new Map<Generation, string>();
  #timer: NodeJS.Timeout | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(grants: Grants, progress: Progress) {
    this.#grants = grants;
    this.#progress = progress;
  }

  /** There is more of this generation than some device may know. */
  due(session: string, generation: Generation): void {
    this.#due.set(generation, session);
    const wait = this.#lastAt + ROUND_MS - performance.now();
    this.#timer ??= setTimeout(() => this.#tell(), Math.max(0, wait)).unref();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#due.clear();
  }

  #tell(): void {
    this.#timer = null;
    this.#lastAt = performance.now();
    const news = new Map<PeerLink, Granted[]>();
    for (const [generation, session] of this.#due) {
      const reached = generation.reached();
      for (const link of this.#grants.links()) {
        if (reached.has(link.mux)) continue;
        const granted = this.#grants.of(link, session).find((g) => g.generation === generation);
        if (granted) news.set(link, [...(news.get(link) ?? []), granted]);
      }
    }
    this.#due.clear();
    for (const [link, granted] of news) this.#progress.tell(link, granted);
  }
}
