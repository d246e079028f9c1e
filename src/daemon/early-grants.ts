/**
 * Grants that came before this device knew of the connection that they rest on: consent was given on another device of the
 * same person, or is typed a moment later. They are asked for once it is known.
 */
import type { PeerLink } from '../platform/peer-link.ts';
import { STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';

export class EarlyGrants {
  readonly #refused = new WeakMap<PeerLink, Set<string>>();

  /** Of one link the last ones: whoever grants much before consent is asked for less. */
  refused(link: PeerLink, gid: string): void {
    const gids = this.#refused.get(link) ?? new Set();
    gids.delete(gid);
    gids.add(gid);
    const [oldest] = gids;
    if (gids.size > STATE_GRANTS_PER_FRAME && oldest !== undefined) gids.delete(oldest);
    this.#refused.set(link, gids);
  }

  /** The connection with the person of this link is known now. */
  ask(link: PeerLink): void {
    const gids = [...(this.#refused.get(link) ?? [])];
    this.#refused.delete(link);
    if (gids.length > 0) link.tell('need', { gids });
  }
}
