/** The connections to a generation's owner, and replicating its core on them. */
import type Hypercore from 'hypercore';
import type { PeerLink } from '../platform/peer-link.ts';

export class OwnerLinks {
  readonly #links = new Set<PeerLink>();

  add(link: PeerLink): void {
    this.#links.add(link);
  }

  delete(link: PeerLink): void {
    this.#links.delete(link);
  }

  /** Those that are not closed. */
  get alive(): PeerLink[] {
    return [...this.#links].filter((link) => !link.closed);
  }

  /** Asks for the core where it is not served yet, or no more: the owner's side closes what it does not need. False: there is none. */
  replicate(core: Hypercore): boolean {
    const { alive } = this;
    for (const link of alive) {
      if (core.peers.some((peer) => peer.protomux === link.mux)) continue;
      core.core.replicator.detachFrom(link.mux);
      core.replicate(link.mux);
    }
    return alive.length > 0;
  }
}
