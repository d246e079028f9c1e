/** What owners state that we may read: their lists, which may come in pieces, and asking for what is not here. */
import { TeammateSyncError } from '../errors.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import type { ControlBodies } from '../protocol/control.ts';
import { STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';

/** Grants in one list; far more than cores that can be open, and a bound on what a list without end costs. */
const LISTED_MAX = 65_536;

export class Listings {
  readonly #unfinished = new Map<PeerLink, Set<string>>();

  /** The whole list once its last piece came, else null. @throws FRAME_TOO_LARGE */
  take(link: PeerLink, state: ControlBodies['state']): Set<string> | null {
    const listed = state.first ? new Set<string>() : (this.#unfinished.get(link) ?? new Set<string>());
    for (const gid of state.grants) listed.add(gid);
    if (listed.size > LISTED_MAX) throw new TeammateSyncError('FRAME_TOO_LARGE', `a list of ${listed.size} grants`);
    if (state.last) this.#unfinished.delete(link);
    else this.#unfinished.set(link, listed);
    return state.last ? listed : null;
  }

  closed(link: PeerLink): void {
    this.#unfinished.delete(link);
  }
}

/** Asks the owner's device to grant these again, in frames of a size that it takes. */
export function need(link: PeerLink, gids: string[]): void {
  for (let at = 0; at < gids.length; at += STATE_GRANTS_PER_FRAME) {
    link.tell('need', { gids: gids.slice(at, at + STATE_GRANTS_PER_FRAME) });
  }
}

/** A copy that cannot be used is fetched anew, once: who causes it again and again gets no more attention. */
export class Retries {
  readonly #used = new Set<string>();

  ask(link: PeerLink | undefined, core: string, gid: string): void {
    if (!link || this.#used.has(core)) return;
    this.#used.add(core);
    need(link, [gid]);
  }
}
