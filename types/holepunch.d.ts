/** Ambient types for the members that this project uses; the packages ship none. */

declare module 'hyperdht' {
  import type { EventEmitter } from 'node:events';

  export interface KeyPair {
    publicKey: Buffer;
    secretKey: Buffer;
  }
  export interface BootstrapNode {
    host: string;
    port: number;
  }
  interface Options {
    bootstrap?: (string | BootstrapNode)[];
    host?: string;
    port?: number;
    anyPort?: boolean;
    ephemeral?: boolean;
    firewalled?: boolean;
    connectionKeepAlive?: number;
  }
  export default class HyperDHT extends EventEmitter {
    constructor(options?: Options);
    static BOOTSTRAP: string[];
    static keyPair(seed?: Uint8Array): KeyPair;
    static bootstrapper(port: number, host: string, options?: Options): HyperDHT;
    readonly online: boolean;
    readonly firewalled: boolean;
    readonly randomized: boolean;
    readonly host: string | null;
    readonly port: number;
    readonly bootstrapped: boolean;
    /** Counted since the start. */
    readonly stats: { requests: { responses: number; timeouts: number } };
    ready(): Promise<void>;
    fullyBootstrapped(): Promise<void>;
    address(): { host: string; port: number } | null;
    toArray(): BootstrapNode[];
    lookup(topic: Uint8Array): AsyncIterable<{ peers: { publicKey: Buffer }[] }>;
    findPeer(publicKey: Uint8Array): AsyncIterable<unknown>;
    connect(publicKey: Uint8Array, options?: { keyPair?: KeyPair }): import('hyperswarm').SecretStream;
    createServer(
      options: { shareLocalAddress?: boolean },
      onconnection: (connection: import('hyperswarm').SecretStream) => void,
    ): { listen(keyPair: KeyPair): Promise<void>; close(): Promise<void> };
    createRawStream(options?: object): unknown;
    destroy(options?: { force?: boolean }): Promise<void>;
  }
}

declare module 'blind-relay' {
  import type { EventEmitter } from 'node:events';
  import type { SecretStream } from 'hyperswarm';

  export class Server {
    constructor(options: { createStream: (options: object) => unknown });
    accept(stream: SecretStream, options: { id: Uint8Array }): EventEmitter;
    close(): Promise<void>;
  }
}

declare module 'hyperswarm' {
  import type { EventEmitter } from 'node:events';
  import type HyperDHT from 'hyperdht';
  import type { KeyPair } from 'hyperdht';

  /** @hyperswarm/secret-stream: one write is one `data` event on the other side. */
  export interface SecretStream extends EventEmitter {
    readonly opened: Promise<boolean>;
    readonly publicKey: Buffer;
    readonly remotePublicKey: Buffer;
    readonly handshakeHash: Buffer;
    readonly isInitiator: boolean;
    readonly destroyed: boolean;
    readonly rawStream: { remoteHost: string | null; remotePort: number };
    write(data: Uint8Array): boolean;
    end(): void;
    destroy(error?: Error): void;
    setTimeout(ms: number): void;
    setKeepAlive(ms: number): void;
  }
  export interface PeerInfo {
    readonly publicKey: Buffer;
    readonly topics: Buffer[];
    readonly client: boolean;
    ban(banned: boolean): void;
  }
  export interface PeerDiscovery {
    readonly topic: Buffer;
    flushed(): Promise<boolean>;
    refresh(options?: { client?: boolean; server?: boolean }): Promise<void>;
    destroy(): Promise<void>;
  }
  interface Options {
    dht?: HyperDHT;
    keyPair?: KeyPair;
    maxPeers?: number;
    firewall?: (remotePublicKey: Buffer, payload: unknown) => boolean;
    backoffs?: number[];
    relayThrough?: Uint8Array;
    jitter?: number;
  }
  export default class Hyperswarm extends EventEmitter {
    constructor(options?: Options);
    readonly dht: HyperDHT;
    readonly keyPair: KeyPair;
    readonly server: { refresh(): void };
    readonly connections: Set<SecretStream>;
    readonly peers: Map<string, PeerInfo>;
    join(topic: Uint8Array, options?: { server?: boolean; client?: boolean }): PeerDiscovery;
    leave(topic: Uint8Array): Promise<void>;
    topics(): Iterable<PeerDiscovery>;
    flush(): Promise<boolean>;
    listen(): Promise<void>;
    destroy(options?: { force?: boolean }): Promise<void>;
    on(event: 'connection', listener: (connection: SecretStream, info: PeerInfo) => void): this;
    on(event: string, listener: (...args: never[]) => void): this;
  }
}

declare module 'protomux' {
  import type { SecretStream } from 'hyperswarm';

  export interface Message<T> {
    send(message: T): boolean;
  }
  export interface Encoding<T> {
    preencode(state: never, value: T): void;
    encode(state: never, value: T): void;
    decode(state: never): T;
  }
  export interface Channel {
    readonly protocol: string;
    readonly id: Buffer | null;
    readonly opened: boolean;
    readonly closed: boolean;
    open(handshake?: Uint8Array): void;
    close(): void;
    addMessage<T>(options: { encoding: Encoding<T>; onmessage: (message: T) => void | Promise<void> }): Message<T>;
  }
  export default class Protomux {
    static from(stream: SecretStream): Protomux;
    static isProtomux(value: unknown): value is Protomux;
    readonly stream: SecretStream;
    createChannel(options: {
      protocol: string;
      id?: Uint8Array | null;
      handshake?: Encoding<Uint8Array>;
      onopen?: (handshake: Uint8Array) => void;
      onclose?: () => void;
      unique?: boolean;
    }): Channel | null;
    /** All channels that are open, or opened here and not answered yet. */
    [Symbol.iterator](): IterableIterator<Channel>;
    /** Of channels that the other side opens; with an id only that one. Those still unanswered when it resolves are refused. */
    pair(options: { protocol: string; id?: Uint8Array | null }, notify: (id: Uint8Array | null) => Promise<void>): void;
    cork(): void;
    uncork(): void;
    destroy(error?: Error): void;
  }
}

declare module 'hypercore-storage' {
  export default class CoreStorage {
    constructor(folder: string, options?: { writeBufferSize?: number });
    close(): Promise<void>;
  }
}

declare module 'corestore' {
  import type Hypercore from 'hypercore';
  import type { CoreOptions } from 'hypercore';
  import type CoreStorage from 'hypercore-storage';

  export default class Corestore {
    constructor(storage: string | CoreStorage);
    ready(): Promise<void>;
    get(options: CoreOptions): Hypercore;
    close(): Promise<void>;
  }
}

declare module 'hyperdht/testnet.js' {
  export default function createTestnet(
    size?: number,
  ): Promise<{ bootstrap: { host: string; port: number }[]; destroy(): Promise<void> }>;
}
