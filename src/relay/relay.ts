/** A blind relay: pairs two connections that name the same token and passes their encrypted bytes on. */
import BlindRelay from 'blind-relay';
import HyperDHT from 'hyperdht';
import { TeammateSyncError } from '../errors.ts';
import { RELAY_CONNECTIONS_MAX } from '../protocol/limits.ts';

export interface RelayOptions {
  /** host:port of the DHT to be found in. */
  bootstrap: string[];
  /** Binds to this address only; null: all. */
  host: string | null;
  /** 32 bytes: the relay keeps its key over restarts, because members have written it down. */
  seed: Uint8Array;
}

export class Relay {
  /** What members name in their configuration: 64 hex digits. */
  readonly key: string;
  readonly #dht: HyperDHT;
  readonly #server: ReturnType<HyperDHT['createServer']>;
  readonly #relay: BlindRelay.Server;
  readonly #keyPair: ReturnType<typeof HyperDHT.keyPair>;
  #connections = 0;

  constructor({ bootstrap, host, seed }: RelayOptions) {
    this.#keyPair = HyperDHT.keyPair(seed);
    this.key = this.#keyPair.publicKey.toString('hex');
    this.#dht = new HyperDHT({ bootstrap, ...(host === null ? {} : { host }) });
    this.#relay = new BlindRelay.Server({
      createStream: (options) => this.#dht.createRawStream({ ...options, framed: true }),
    });
    this.#server = this.#dht.createServer({ shareLocalAddress: false }, (connection) => {
      connection.on('error', () => {});
      if (this.#connections >= RELAY_CONNECTIONS_MAX) return connection.destroy();
      this.#connections++;
      connection.on('close', () => this.#connections--);
      const session = this.#relay.accept(connection, { id: connection.remotePublicKey });
      session.on('error', () => {});
    });
  }

  /** Connections now; two for each pair of people. */
  get connections(): number {
    return this.#connections;
  }

  /** Resolves when members can find it. @throws NETWORK_UNREACHABLE when no node of the DHT answers */
  async start(): Promise<void> {
    await this.#server.listen(this.#keyPair);
    await this.#dht.fullyBootstrapped();
    if (this.#dht.toArray().length > 0) return;
    await this.stop();
    throw new TeammateSyncError('NETWORK_UNREACHABLE', 'no node of the DHT answers');
  }

  async stop(): Promise<void> {
    await this.#relay.close();
    await this.#server.close();
    await this.#dht.destroy();
  }
}
