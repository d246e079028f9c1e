/** Whether the DHT answers, and when it did last: without UDP nothing of it comes through. For people. */
import type { Clock } from '../platform/clock.ts';
import type { EpochNode } from './epoch-node.ts';

export interface NetworkState {
  state: 'starting' | 'online' | 'offline';
  /** Unix milliseconds; null: never since the start. */
  answeredAt: number | null;
  /** How the NAT maps ports; unknown before other nodes have told what address they see. */
  nat: 'open' | 'consistent' | 'random' | 'unknown';
}

export class Reachability {
  readonly #clock: Clock;
  /** Answers counted so far, per node that is open. */
  #answers = new Map<EpochNode, number>();
  #answeredAt: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks whether answers came since the last look. */
  look(nodes: readonly EpochNode[]): void {
    const counts = new Map(nodes.map((node) => [node, node.dht.stats.requests.responses]));
    const more = [...counts].some(([node, count]) => count > (this.#answers.get(node) ?? 0));
    if (more) this.#answeredAt = this.#clock.now();
    this.#answers = counts;
  }

  state(nodes: readonly EpochNode[]): NetworkState {
    this.look(nodes);
    const dht = nodes.at(-1)?.dht;
    const answering = nodes.some((node) => node.dht.online && (this.#answers.get(node) ?? 0) > 0);
    const trying = !dht || !dht.bootstrapped;
    return {
      state: answering ? 'online' : trying && this.#answeredAt === null ? 'starting' : 'offline',
      answeredAt: this.#answeredAt,
      nat: !dht
        ? 'unknown'
        : !dht.firewalled
          ? 'open'
          : dht.host === null
            ? 'unknown'
            : dht.randomized
              ? 'random'
              : 'consistent',
    };
  }
}
