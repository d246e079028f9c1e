/** Real Noise connections between two nodes on loopback, as the swarm gives them, with their two ends in the same hand. */
import HyperDHT, { type KeyPair } from 'hyperdht';
import type { SecretStream } from 'hyperswarm';
import createTestnet from 'hyperdht/testnet.js';

interface Server {
  listen(keyPair: KeyPair): Promise<void>;
  close(): Promise<void>;
}
type Serving = HyperDHT & { createServer(onConnection: (connection: SecretStream) => void): Server };

export interface Ends {
  client: SecretStream;
  server: SecretStream;
}

export class Noise {
  readonly #testnet: Awaited<ReturnType<typeof createTestnet>>;
  readonly #nodes: HyperDHT[] = [];

  private constructor(testnet: Awaited<ReturnType<typeof createTestnet>>) {
    this.#testnet = testnet;
  }

  static async start(): Promise<Noise> {
    return new Noise(await createTestnet(2));
  }

  /** A new connection; each end with the given transport key, or one of its own. */
  async pair(keys: { client?: KeyPair; server?: KeyPair } = {}): Promise<Ends> {
    const { client: clientKey = HyperDHT.keyPair(), server: serverKey = HyperDHT.keyPair() } = keys;
    const there = this.#node() as Serving;
    const here = this.#node();
    const accepted = new Promise<SecretStream>((resolve) => {
      void there
        .createServer(resolve)
        .listen(serverKey)
        .then(() => connect());
    });
    let client: SecretStream | undefined;
    const connect = (): void => {
      client = here.connect(serverKey.publicKey, { keyPair: clientKey });
      client.on('error', () => {});
    };
    const server = await accepted;
    server.on('error', () => {});
    const opened = client as SecretStream;
    if (!opened.handshakeHash) await new Promise((resolve) => opened.once('open', resolve));
    return { client: opened, server };
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.destroy({ force: true })));
    await this.#testnet.destroy();
  }

  #node(): HyperDHT {
    const node = new HyperDHT({ bootstrap: this.#testnet.bootstrap, host: '127.0.0.1' });
    this.#nodes.push(node);
    return node;
  }
}
