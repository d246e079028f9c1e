/** What recipients have fetched, and telling them how much there is. For listings only; nothing is decided by it. */
import type { PeerLink } from '../platform/peer-link.ts';
import type { ControlBodies } from '../protocol/control.ts';
import { STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';
import type { Granted } from './grants.ts';

interface Offer {
  /** Turns. */
  fetched: number;
}

/** What a link is served: by session, then by gid. */
type Offers = Map<string, Map<string, Offer>>;

export class Progress {
  readonly #offers = new Map<PeerLink, Offers>();
  /** By gid, for what recipients tell. */
  readonly #byGid = new Map<PeerLink, Map<string, Offer>>();
  /** What was fetched when the last link of a person went, by person and session. */
  readonly #last = new Map<string, number>();

  /** All that a link is served from now on: says how much there is of each. */
  offer(link: PeerLink, granted: Granted[]): void {
    const known = this.#byGid.get(link);
    this.#offers.set(link, new Map());
    this.#byGid.set(link, new Map());
    this.#remember(link, granted, known);
    this.tell(link, granted);
  }

  /** All that a link is served of one session from now on. */
  update(link: PeerLink, session: string, granted: Granted[]): void {
    const known = this.#offers.get(link)?.get(session);
    for (const gid of known?.keys() ?? []) this.#byGid.get(link)?.delete(gid);
    this.#offers.get(link)?.delete(session);
    this.#remember(link, granted, known);
  }

  /** Says how much there is of these. */
  tell(link: PeerLink, granted: Granted[]): void {
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

  /** It is served something of this session now. */
  serves(link: PeerLink, session: string): boolean {
    return (this.#offers.get(link)?.get(session)?.size ?? 0) > 0;
  }

  closed(link: PeerLink): void {
    for (const [session, offers] of this.#offers.get(link) ?? [])
      this.#last.set(`${link.uid} ${session}`, turnsOf(offers));
    this.#offers.delete(link);
    this.#byGid.delete(link);
  }

  /** As {@link fetched} said when their last link went; 0 when that was before this start. */
  lastFetched(session: string, uid: number): number {
    return this.#last.get(`${uid} ${session}`) ?? 0;
  }

  /** Their device told what it has. */
  heard(link: PeerLink, body: ControlBodies['progress']): void {
    for (const { gid, turns } of body.generations) {
      const offer = this.#byGid.get(link)?.get(gid);
      if (offer) offer.fetched = turns;
    }
  }

  /** Turns of a session that a person's devices have fetched at most; null when none is connected. */
  fetched(session: string, uid: number): number | null {
    let most: number | null = null;
    for (const [link, offers] of this.#offers) {
      if (link.uid !== uid || link.closed) continue;
      most = Math.max(most ?? 0, turnsOf(offers.get(session)));
    }
    return most;
  }

  #remember(link: PeerLink, granted: Granted[], known: Map<string, Offer> | undefined): void {
    const offers: Offers = this.#offers.get(link) ?? new Map();
    const byGid = this.#byGid.get(link) ?? new Map<string, Offer>();
    for (const { gid, session } of granted) {
      const offer = known?.get(gid) ?? { fetched: 0 };
      offers.set(session, (offers.get(session) ?? new Map<string, Offer>()).set(gid, offer));
      byGid.set(gid, offer);
    }
    this.#offers.set(link, offers);
    this.#byGid.set(link, byGid);
  }
}

function turnsOf(offers: Map<string, Offer> | undefined): number {
  return [...(offers?.values() ?? [])].reduce((sum, { fetched }) => sum + fetched, 0);
}
