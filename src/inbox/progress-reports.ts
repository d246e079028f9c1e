/** Tells the owner how much of each generation is here, at most a few times a second. */
import type { PeerLink } from '../platform/peer-link.ts';
import type { ControlBodies } from '../protocol/control.ts';
import { STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';
import type { HeldGeneration } from './held.ts';

const REPORT_MS = 250;

export class ProgressReports {
  readonly #links = new Map<string, { link: PeerLink; held: HeldGeneration }>();
  readonly #due = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  /** From now on this generation's progress goes to this link. */
  report(link: PeerLink, held: HeldGeneration): void {
    this.#links.set(held.gid, { link, held });
    this.changed(held);
  }

  changed(held: HeldGeneration): void {
    if (!this.#links.has(held.gid)) return;
    this.#due.add(held.gid);
    this.#timer ??= setTimeout(() => this.#send(), REPORT_MS).unref();
  }

  closed(link: PeerLink): void {
    for (const [gid, entry] of this.#links) if (entry.link === link) this.#links.delete(gid);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #send(): void {
    this.#timer = null;
    const byLink = new Map<PeerLink, ControlBodies['progress']['generations']>();
    for (const gid of this.#due) {
      const entry = this.#links.get(gid);
      if (!entry) continue;
      const counts = byLink.get(entry.link) ?? [];
      counts.push({ gid, ...entry.held.replica.fetched });
      byLink.set(entry.link, counts);
    }
    this.#due.clear();
    for (const [link, counts] of byLink) {
      for (let at = 0; at < counts.length; at += STATE_GRANTS_PER_FRAME) {
        link.tell('progress', { generations: counts.slice(at, at + STATE_GRANTS_PER_FRAME) });
      }
    }
  }
}
