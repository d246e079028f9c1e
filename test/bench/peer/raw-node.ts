/** The floor beneath the product: hyperswarm and hypercore with nothing of ours on top. */
import Corestore from 'corestore';
import type Hypercore from 'hypercore';
import HyperDHT, { type BootstrapNode } from 'hyperdht';
import Hyperswarm from 'hyperswarm';
import Protomux from 'protomux';
import { within } from '../wait.ts';

const JOIN_MS = 20_000;

export interface JoinRequest {
  bootstrap: BootstrapNode[];
  /** 32 bytes, hex. */
  topic: string;
  /** The owner announces itself, and the reader looks for it afterwards. */
  role: 'owner' | 'reader';
}

export interface CoreRequest {
  folder: string;
  /** 32 bytes, hex: the cores are encrypted as the product's are. */
  blockKey: string;
}

export class RawNode {
  readonly #links: Protomux[] = [];
  readonly #cores: Hypercore[] = [];

  /** Resolves when others can find us (owner), or the owner was found (reader). */
  async join({ bootstrap, topic, role }: JoinRequest): Promise<void> {
    const swarm = new Hyperswarm({ dht: new HyperDHT({ bootstrap, host: '127.0.0.1' }) });
    const linked = new Promise<void>((resolve) => {
      swarm.on('connection', (connection) => {
        connection.on('error', () => {});
        const link = Protomux.from(connection);
        this.#links.push(link);
        for (const core of this.#cores) core.replicate(link);
        resolve();
      });
    });
    const server = role === 'owner';
    const discovery = swarm.join(Buffer.from(topic, 'hex'), { server, client: !server });
    await within(discovery.flushed(), JOIN_MS, 'the topic to be joined');
    if (!server) await within(linked, JOIN_MS, 'the raw peers to meet');
  }

  /** A new core of ours, served to all others; its key. */
  async create(request: CoreRequest): Promise<Hypercore> {
    return this.#replicated(await open(request, { keyPair: HyperDHT.keyPair() }));
  }

  /** A core of another one. */
  async open(request: CoreRequest, key: string): Promise<Hypercore> {
    return this.#replicated(await open(request, { key: Buffer.from(key, 'hex') }));
  }

  #replicated(core: Hypercore): Hypercore {
    this.#cores.push(core);
    for (const link of this.#links) core.replicate(link);
    return core;
  }
}

async function open(
  { folder, blockKey }: CoreRequest,
  which: { keyPair: { publicKey: Buffer; secretKey: Buffer } } | { key: Buffer },
): Promise<Hypercore> {
  const core = new Corestore(folder).get({ ...which, encryption: { key: Buffer.from(blockKey, 'hex') } });
  await core.ready();
  return core;
}
