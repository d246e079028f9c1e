/** The floor beneath the product: hyperswarm and hypercore with nothing of ours on top. */
import Corestore from 'corestore';
import type Hypercore from 'hypercore';
import HyperDHT, { type BootstrapNode } from 'hyperdht';
import Hyperswarm, { type SecretStream } from 'hyperswarm';
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
  #link: Promise<SecretStream> | null = null;
  #linked = (_link: SecretStream): void => {};

  /** Resolves when the other one can find us (owner), or was found (reader). */
  async join({ bootstrap, topic, role }: JoinRequest): Promise<void> {
    const link = new Promise<SecretStream>((resolve) => {
      this.#linked = resolve;
    });
    this.#link = link;
    const swarm = new Hyperswarm({ dht: new HyperDHT({ bootstrap, host: '127.0.0.1' }) });
    swarm.on('connection', (connection) => {
      connection.on('error', () => {});
      this.#linked(connection);
    });
    const server = role === 'owner';
    const discovery = swarm.join(Buffer.from(topic, 'hex'), { server, client: !server });
    await within(discovery.flushed(), JOIN_MS, 'the topic to be joined');
    if (!server) await within(link, JOIN_MS, 'the raw peers to meet');
  }

  /** A new core of ours, served to the other one; its key. */
  async create(request: CoreRequest): Promise<Hypercore> {
    const core = await open(request, { keyPair: HyperDHT.keyPair() });
    this.#replicate(core);
    return core;
  }

  /** A core of the other one. */
  async open(request: CoreRequest, key: string): Promise<Hypercore> {
    const core = await open(request, { key: Buffer.from(key, 'hex') });
    this.#replicate(core);
    return core;
  }

  /** As soon as there is somebody to replicate with. */
  #replicate(core: Hypercore): void {
    void this.#link?.then((link) => core.replicate(Protomux.from(link)));
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
