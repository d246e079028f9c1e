/**
 * Which cores each connection may ask for. A core that is closed is opened when the other side opens the channel for its
 * discovery key; for anything else there is nobody, whatever is in the store.
 */
import type Protomux from 'protomux';
import { REPLICATION } from './core-channels.ts';

/** A core that can be opened when it is asked for. */
export interface ServedCore {
  /** Hex. */
  readonly discoveryKey: string;
  /**
   * Replicates the core on the connection: at once when it is open, else as soon as it is, if `allowed` still says so in
   * that tick. Never waits: while this is called nothing leaves on the connection.
   */
  answer(mux: Protomux, allowed: () => boolean): void;
}

export class ServedCores {
  readonly #tables = new WeakMap<Protomux, Map<string, ServedCore>>();

  /** From this tick on the other side of this connection may ask for this core. */
  serve(mux: Protomux, core: ServedCore): void {
    this.#table(mux).set(core.discoveryKey, core);
  }

  isServed(mux: Protomux, core: ServedCore): boolean {
    return this.#tables.get(mux)?.get(core.discoveryKey) === core;
  }

  /** From this tick on it may not. What is attached already is to be detached by the caller, in the same tick. */
  withdraw(mux: Protomux, core: ServedCore): void {
    if (this.isServed(mux, core)) this.#tables.get(mux)?.delete(core.discoveryKey);
  }

  #table(mux: Protomux): Map<string, ServedCore> {
    const known = this.#tables.get(mux);
    if (known) return known;
    const table = new Map<string, ServedCore>();
    this.#tables.set(mux, table);
    // Asked for every channel that no open core waits for. Protomux holds back all that goes out on the connection until
    // this resolves, so it does at once: a channel that is refused now is opened from here when the core is open.
    mux.pair({ protocol: REPLICATION }, async (id) => {
      const core = id ? table.get(Buffer.from(id).toString('hex')) : undefined;
      core?.answer(mux, () => this.isServed(mux, core));
    });
    return table;
  }
}
