/**
 * One epoch's presence in the DHT: its own transport key, DHT node and swarm (`Hyperswarm.destroy()` ends the DHT it was
 * given, so nothing is shared between epochs). Connections that proved themselves are handed up; the rest never was.
 */
import Hyperswarm, { type PeerDiscovery, type PeerInfo, type SecretStream } from 'hyperswarm';
import HyperDHT from 'hyperdht';
import type { TeammateSyncError } from '../errors.ts';
import { pairKeys, type Self } from '../identity/index.ts';
import { CONNECTION_TIMEOUT_MS, KEEP_ALIVE_MS, SWARM_MAX_PEERS } from '../protocol/limits.ts';
import type { Gate } from './gate.ts';
import { type Candidate, runHello } from './hello-session.ts';

/** A device that may be met, with the pair's root secret. */
export interface Meeting {
  uid: number;
  sign: string;
  box: string;
  root: Buffer;
  /** Announced, and looked for again and again; else looked for once. */
  joined: boolean;
}

/** Every decrypted frame of every connection, for tests that look at what goes over the wire. */
export type Tap = (frame: { direction: 'in' | 'out'; remote: string; bytes: Buffer }) => void;

export interface EpochNodeOptions {
  epoch: number;
  self: Self;
  /** Grows when contacts must lose the old transport key. */
  turn: number;
  bootstrap: string[];
  /** Binds to this address only (loopback); null: all. */
  host: string | null;
  /** Used when this machine's NAT, or the other's, cannot be punched; null: none. */
  relay: Buffer | null;
  gate: Gate;
  tap: Tap | null;
  onProved: (node: EpochNode, connection: SecretStream, who: Candidate, recordText: string) => void;
  onRefused: (error: TeammateSyncError) => void;
  /** Announced for the first time, or this machine has other addresses now. */
  onNetwork: () => void;
}

const DESTROY_PATIENCE_MS = 3000;

export class EpochNode {
  readonly epoch: number;
  readonly swarm: Hyperswarm;
  readonly dht: HyperDHT;
  readonly #options: EpochNodeOptions;
  readonly #topics = new Map<string, { candidate: Candidate; discovery: PeerDiscovery; joined: boolean }>();
  readonly #tried = new Map<string, number>();
  #destroyed = false;

  constructor(options: EpochNodeOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.dht = new HyperDHT({
      bootstrap: options.bootstrap,
      connectionKeepAlive: KEEP_ALIVE_MS,
      ...(options.host === null ? {} : { host: options.host }),
    });
    // Another address: whoever was found under the old one has to be found again, soon.
    this.dht.on('network-change', () => options.onNetwork());
    this.swarm = new Hyperswarm({
      dht: this.dht,
      keyPair: HyperDHT.keyPair(options.self.keys.transportSeed(options.epoch, options.turn)),
      maxPeers: SWARM_MAX_PEERS,
      backoffs: [300, 1000, 3000, 10_000],
      jitter: 100,
      ...(options.relay === null ? {} : { relayThrough: options.relay }),
    });
    this.swarm.on('connection', (connection, info) => this.#onConnection(connection, info));
  }

  /** Joins the topics of these devices, or looks there only, and leaves all others, in this tick. */
  meet(meetings: Meeting[]): void {
    const wanted = new Map<string, { candidate: Candidate; topic: Buffer; joined: boolean }>();
    for (const { uid, sign, box, root, joined } of meetings) {
      const { topic, helloKey } = pairKeys(root, this.epoch);
      wanted.set(topic.toString('hex'), { candidate: { uid, sign, box, helloKey }, topic, joined });
    }
    for (const [hex, { joined }] of this.#topics) {
      // Never announced a moment longer: who is only looked for now is left before.
      if (wanted.has(hex) && (wanted.get(hex)?.joined || !joined)) continue;
      this.#topics.delete(hex);
      void this.swarm.leave(Buffer.from(hex, 'hex')).catch(() => {});
    }
    for (const [hex, { topic, candidate, joined }] of wanted) {
      const known = this.#topics.get(hex);
      if (known && known.joined === joined) continue;
      const discovery = this.swarm.join(topic, { server: joined, client: true });
      this.#topics.set(hex, { candidate, discovery, joined });
      if (joined) void this.#announce(discovery).catch(() => {});
    }
  }

  /** Looks again for these devices, also after the network changed under us. */
  async refresh(signs: Set<string>): Promise<void> {
    if (this.#destroyed) return;
    this.swarm.server.refresh();
    const missing = [...this.#topics.values()].filter((t) => signs.has(t.candidate.sign));
    await Promise.allSettled(missing.map((t) => t.discovery.refresh()));
  }

  /** Resolves when every topic was announced once (or could not be). */
  async announced(): Promise<void> {
    await Promise.allSettled([...this.#topics.values()].map((t) => t.discovery.flushed()));
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    const done = this.swarm.destroy().catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DESTROY_PATIENCE_MS);
    });
    await Promise.race([done, patience]);
    clearTimeout(timer);
    await this.dht.destroy({ force: true }).catch(() => {});
  }

  /** Peers that join at the same instant miss each other's announcement: look once more after one's own. */
  async #announce(discovery: PeerDiscovery): Promise<void> {
    await discovery.flushed();
    this.#options.onNetwork();
    if (!this.#destroyed) await discovery.refresh();
  }

  #onConnection(connection: SecretStream, info: PeerInfo): void {
    const { gate, tap, self } = this.#options;
    const remote = connection.remotePublicKey.toString('hex');
    connection.on('error', () => {});
    connection.setTimeout(CONNECTION_TIMEOUT_MS);
    let release = (): void => {};
    if (!connection.isInitiator) {
      const admitted = gate.admit(connection.rawStream.remoteHost ?? '');
      if (!admitted) return connection.destroy();
      release = admitted;
    }
    if (tap) tapConnection(connection, remote, tap);
    runHello({
      connection,
      self,
      candidates: () => (connection.isInitiator ? this.#found(remote, info) : this.#everyone()),
      onProved: (who, recordText) => {
        release();
        this.#tried.delete(remote);
        this.#options.onProved(this, connection, who, recordText);
      },
      onFailed: (error) => {
        release();
        this.#options.onRefused(error);
      },
    });
  }

  /** Whom the dialled key may belong to: one of the topics under which it was found, another one at each try. */
  #found(remote: string, info: PeerInfo): Candidate[] {
    const found = info.topics.flatMap((topic) => this.#topics.get(topic.toString('hex'))?.candidate ?? []);
    if (found.length === 0) return [];
    const turn = this.#tried.get(remote) ?? 0;
    this.#tried.set(remote, turn + 1);
    const candidate = found[turn % found.length];
    return candidate ? [candidate] : [];
  }

  #everyone(): Candidate[] | null {
    if (!this.#options.gate.maySearch()) return null;
    return [...this.#topics.values()].map((t) => t.candidate);
  }
}

function tapConnection(connection: SecretStream, remote: string, tap: Tap): void {
  connection.on('data', (bytes: Buffer) => tap({ direction: 'in', remote, bytes: Buffer.from(bytes) }));
  const write = connection.write.bind(connection);
  connection.write = (bytes) => {
    tap({ direction: 'out', remote, bytes: Buffer.from(bytes) });
    return write(bytes);
  };
}
