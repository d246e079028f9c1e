/** Entries of a block that its owner is proved to have signed. */
import { createHash } from 'node:crypto';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { parseEntries } from '../protocol/core-block.ts';
import { DecodeError } from '../protocol/decode.ts';
import type { Turn } from '../protocol/turn.ts';
import { type ProvedBlock, proveBlock } from './block-proof.ts';
import type { BlockReader } from './block-reader.ts';

export interface Proved extends Pick<ProvedBlock, 'block' | 'length' | 'root'> {
  /** With the hash of each: sha256 of its bytes as they stand in the block, hex. */
  entries: { turn: Turn; hash: string }[];
}

/**
 * What is proved is what is read: the bytes whose hash leads to the signed head are decrypted, nothing else.
 * @param key the core key of the grant
 * @returns null: not here, and not to be had now @throws CITATION_UNPROVED
 */
export async function proveEntries(
  reader: BlockReader,
  key: Uint8Array,
  block: number,
  waitMs: number,
): Promise<Proved | null> {
  const proved = await reader.with(block, waitMs, async (core): Promise<Proved | TeammateSyncError> => {
    try {
      const { stored, length, root } = await proveBlock(core, key, block);
      core.encryption?.decrypt(block, stored, core.core);
      const entries = entriesIn(stored.subarray(core.encryption?.padding() ?? 0));
      return { block, length, root, entries };
    } catch (error) {
      return asTeammateSyncError(error);
    }
  });
  if (proved instanceof TeammateSyncError) throw proved;
  return proved;
}

function entriesIn(block: Buffer): Proved['entries'] {
  try {
    return parseEntries(block).map(({ turn, bytes }) => ({
      turn,
      hash: createHash('sha256').update(bytes).digest('hex'),
    }));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('CITATION_UNPROVED', `what was signed cannot be read: ${error.message}`);
  }
}
