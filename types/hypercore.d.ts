/** Ambient types for the members of hypercore that this project uses; the package ships none. */

declare module 'hypercore' {
  import type { EventEmitter } from 'node:events';
  import type { KeyPair } from 'hyperdht';
  import type Protomux from 'protomux';

  interface TreeNode {
    index: number;
    size: number;
    hash: Buffer;
  }
  interface Manifest {
    version: number;
    signers: { publicKey: Buffer }[];
    prologue: object | null;
  }
  /** What `proof` gives for a block and an upgrade from 0. */
  interface TreeProof {
    block: { index: number; value: Buffer | null; nodes: TreeNode[] } | null;
    upgrade: { nodes: TreeNode[]; additionalNodes: TreeNode[]; signature: Buffer } | null;
  }

  export interface CorePeer {
    readonly remotePublicKey: Buffer;
    readonly remoteLength: number;
    readonly remoteContiguousLength: number;
    readonly protomux: Protomux;
    readonly channel: { close(): void };
  }
  export interface CoreOptions {
    key?: Uint8Array;
    keyPair?: KeyPair;
    encryption?: { key: Uint8Array } | null;
    writable?: boolean;
  }
  export default class Hypercore extends EventEmitter {
    static discoveryKey(key: Uint8Array): Buffer;
    /** The core key of a manifest. */
    static key(manifest: Manifest): Buffer;
    readonly key: Buffer;
    readonly discoveryKey: Buffer;
    readonly length: number;
    readonly byteLength: number;
    readonly fork: number;
    readonly writable: boolean;
    readonly closed: boolean;
    readonly contiguousLength: number;
    readonly peers: CorePeer[];
    /** Internal: `detachFrom` is needed for a live revoke, `_makePeer` to answer in a tick; versions are pinned, tests hold both. */
    readonly core: {
      readonly header: { readonly manifest: Manifest | null };
      /** Which blocks are on this machine, asked without a wait. */
      readonly bitfield: { get(index: number): boolean };
      replicator: {
        readonly _attached: ReadonlySet<Protomux>;
        detachFrom(mux: Protomux): void;
        attached(mux: Protomux): boolean;
        _makePeer(mux: Protomux): boolean;
      };
    };
    ready(): Promise<void>;
    append(block: Uint8Array | Uint8Array[]): Promise<{ length: number; byteLength: number }>;
    get(index: number, options?: { wait?: boolean; timeout?: number }): Promise<Buffer | null>;
    has(start: number, end?: number): Promise<boolean>;
    /** @throws when nodes of the tree are not here */
    proof(of: {
      block: { index: number; nodes: number };
      upgrade: { start: number; length: number };
    }): Promise<TreeProof>;
    /** Decrypts a stored block in place, its padding in front. */
    readonly encryption: { decrypt(index: number, block: Buffer, core: object): void; padding(): number } | null;
    update(options?: { wait?: boolean }): Promise<boolean>;
    replicate(mux: Protomux): void;
    close(): Promise<void>;
  }
}
