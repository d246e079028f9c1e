/**
 * Proves that a block on this machine is what its owner signed: from the bytes on disk up to the tree head, whose signature
 * is checked with the key that the grant names. docs/PROTOCOL.md, Proof of a block.
 */
import Hypercore from 'hypercore';
import { TeammateSyncError } from '../errors.ts';
import { blake2b, verify } from '../identity/index.ts';
import { climb, leafOf, treeHash, u64le } from './merkle.ts';

export interface ProvedBlock {
  /** As it is stored, encrypted. */
  stored: Buffer;
  block: number;
  /** Blocks under the signed head. */
  length: number;
  /** Hash of the tree over them. */
  root: Buffer;
}

/** hypercore's domain of tree heads: the first name of its namespace. */
const TREE = blake2b(blake2b(Buffer.from('hypercore')), Buffer.from([0]));
/** Ours have one signer: one proof, of signer 0, without a patch; none further. */
const SIGNATURE_BYTES = 68;
/** The core may grow while it is looked at. */
const TRIES = 4;

/** @param key the core key that the grant names @throws CITATION_UNPROVED */
export async function proveBlock(core: Hypercore, key: Uint8Array, block: number): Promise<ProvedBlock> {
  for (let tries = 1; ; tries++) {
    const { length } = core;
    try {
      return await prove(core, key, block, length);
    } catch (error) {
      if (core.length === length || tries === TRIES) throw unproved(block, error);
    }
  }
}

async function prove(core: Hypercore, key: Uint8Array, block: number, length: number): Promise<ProvedBlock> {
  const proof = await core.proof({ block: { index: block, nodes: 0 }, upgrade: { start: 0, length } });
  const stored = proof.block?.value;
  if (!stored || !proof.upgrade) throw new Error('it is not here');
  const { nodes, additionalNodes, signature } = proof.upgrade;
  const root = climb(leafOf(block, stored), proof.block?.nodes ?? []);
  const hash = root && treeHash(length, [root, ...nodes]);
  if (!hash || additionalNodes.length > 0) throw new Error('its hash does not lead to the head of the tree');
  const signer = signerOf(core, key);
  const signed = Buffer.concat([TREE, key, hash, u64le(length), u64le(core.fork)]);
  const isOne = signature.length === SIGNATURE_BYTES && signature[0] === 1 && signature[1] === 0;
  if (!isOne || !verify(signature.subarray(2, 66), signed, signer))
    throw new Error('the head is not signed with its key');
  return { stored: Buffer.from(stored), block, length, root: hash };
}

/** The public key of the one who signs: the core key is the hash of the manifest that names it. */
function signerOf(core: Hypercore, key: Uint8Array): Uint8Array {
  const { manifest } = core.core.header;
  const [signer] = manifest?.signers ?? [];
  const isOurs = manifest && manifest.signers.length === 1 && manifest.version === 1 && !manifest.prologue;
  if (!isOurs || !signer || !Hypercore.key(manifest).equals(key)) throw new Error('its key is of another signer');
  return signer.publicKey;
}

function unproved(block: number, cause: unknown): TeammateSyncError {
  const why = cause instanceof Error ? cause.message : 'no proof of it';
  return new TeammateSyncError('CITATION_UNPROVED', `block ${block} is not what its owner signed: ${why}`, { cause });
}
