/** What recipients have fetched, and telling them how much there is. For listings only; nothing is decided by it. */
import type { PeerLink } from '../platform/peer-link.ts';
import type { ControlBodies } from '../protocol/control.ts';
import { STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';
import type { Granted } from './grants.ts';

interface Offer {
  session: string;
  fetched: number;
}

export class Progress {
  readonly #offers = new Map<PeerLink, Map<string, Offer>>();
  /** What was fetched when the last link of a person went, by person and session. */
  readonly #last = new Map<string, number>();

  /** What a link is served: say how much there is of each. */
  offer(link: PeerLink, granted: Granted[]): void {
    const known = this.#offers.get(link);
    const offers = granted.map(({ gid, session }) => [gid, known?.get(gid) ?? { session, fetched: 0 }] as const);
    this.#offers.set(link, new Map(offers));
    const counts = granted.map(({ gid, generation }) => ({
      gid,
      blocks: generation.blocks,
      turns: generation.stored.turns,
      final: !generation.writable,
    }));
    for (let at = 0; at < counts.length; at += STATE_GRANTS_PER_FRAME) {
      link.tell('head', { generations: counts.slice(at, at + STATE_GRANTS_PER_FRAME) });
    }
  }

  closed(link: PeerLink): void {
    const offers = [...(this.#offers.get(link)?.values() ?? [])];
    for (const { session } of offers) this.#last.set(`${link.uid} ${session}`, turnsOf(offers, session));
    this.#offers.delete(link);
  }

  /** As {@link fetched} said when their last link went; 0 when that was before this start. */
  lastFetched(session: string, uid: number): number {
    return this.#last.get(`${uid} ${session}`) ?? 0;
  }

  /** Their device told what it has. */
  heard(link: PeerLink, body: ControlBodies['progress']): void {
    for (const { gid, turns } of body.generations) {
      const offer = this.#offers.get(link)?.get(gid);
      if (offer) offer.fetched = turns;
    }
  }

  /** Turns of a session that a person's devices have fetched at most; null when none is connected. */
  fetched(session: string, uid: number): number | null {
    let most: number | null = null;
    for (const [link, offers] of this.#offers) {
      if (link.uid !== uid || link.closed) continue;
      most = Math.max(most ?? 0, turnsOf([...offers.values()], session));
    }
    return most;
  }
}

function turnsOf(offers: Offer[], session: string): number {
  return offers.reduce((sum, offer) => (offer.session === session ? sum + offer.fetched : sum), 0);
}
