/**
 * The tree over a core's blocks, computed anew from a block up: hypercore's own check of a proof that came whole does not say
 * whether the block is bound to the signed head (its `verifyFullyRemote` leaves that to the caller: read in 11.37.1).
 */
import { blake2b } from '../identity/index.ts';

export interface TreeNode {
  /** In the flat order: leaves are even, the parent of two stands between them. */
  index: number;
  /** Bytes of the blocks below it. */
  size: number;
  hash: Uint8Array;
}

const [LEAF, PARENT, ROOT] = [0, 1, 2];

/** @param block as it is stored, encrypted */
export function leafOf(index: number, block: Uint8Array): TreeNode {
  const hash = blake2b(byte(LEAF), u64le(block.length), block);
  return { index: 2 * index, size: block.length, hash };
}

/** From a leaf up, with the sibling at each step. Null: they are not its siblings. */
export function climb(leaf: TreeNode, siblings: readonly TreeNode[]): TreeNode | null {
  let node = leaf;
  let [depth, offset] = [0, leaf.index / 2];
  for (const sibling of siblings) {
    if (sibling.index !== indexOf(depth, offset % 2 === 0 ? offset + 1 : offset - 1)) return null;
    const [left, right] = offset % 2 === 0 ? [node, sibling] : [sibling, node];
    const size = left.size + right.size;
    depth += 1;
    offset = Math.floor(offset / 2);
    node = { index: indexOf(depth, offset), size, hash: blake2b(byte(PARENT), u64le(size), left.hash, right.hash) };
  }
  return node;
}

/** Hash of the tree over `length` blocks. Null when these are not all its roots, in any order. */
export function treeHash(length: number, roots: readonly TreeNode[]): Buffer | null {
  const wanted = rootsOf(length);
  const found = wanted.map((index) => roots.find((root) => root.index === index));
  const all = found.flatMap((root) => root ?? []);
  if (all.length !== wanted.length || roots.length !== wanted.length) return null;
  return blake2b(byte(ROOT), ...all.flatMap(({ index, size, hash }) => [hash, u64le(index), u64le(size)]));
}

/** The largest whole trees over so many blocks, from the left. */
function rootsOf(length: number): number[] {
  const roots: number[] = [];
  for (let begin = 0; begin < length;) {
    const depth = Math.floor(Math.log2(length - begin));
    roots.push(indexOf(depth, begin / 2 ** depth));
    begin += 2 ** depth;
  }
  return roots;
}

function indexOf(depth: number, offset: number): number {
  return (2 * offset + 1) * 2 ** depth - 1;
}

export function u64le(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

const byte = (value: number): Buffer => Buffer.from([value]);
