/**
 * Opening a hypercore in a folder of its own. The only place that does: a writer opened without its encryption key would
 * append plaintext without a word (measured), so there is no way here to leave it out.
 */
import Corestore from 'corestore';
import type Hypercore from 'hypercore';
import CoreStorage from 'hypercore-storage';
import type { KeyPair } from 'hyperdht';
import { ensurePrivateDir, removeTree } from './private-files.ts';

/** RocksDB's write buffer: 5 MB on disk while open instead of 75 (measured); Corestore does not pass it on. */
const WRITE_BUFFER_BYTES = 1 << 20;

/** An open core and the way to close or wipe it. */
export interface CoreFolder {
  core: Hypercore;
  close(): Promise<void>;
  /** Closes and removes: `purge()` is not implemented in hypercore 11, and `clear()` leaves the data in the log. */
  wipe(): Promise<void>;
}

/**
 * @param which a key pair to write, or a core key to read
 * @param blockKey 32 bytes; hypercore never stores it
 */
export async function openCoreFolder(
  folder: string,
  which: { keyPair: KeyPair } | { key: Uint8Array },
  blockKey: Uint8Array,
): Promise<CoreFolder> {
  ensurePrivateDir(folder);
  const store = new Corestore(new CoreStorage(folder, { writeBufferSize: WRITE_BUFFER_BYTES }));
  const core = store.get({ ...which, encryption: { key: blockKey }, writable: 'keyPair' in which });
  try {
    await core.ready();
  } catch (error) {
    await store.close().catch(() => {});
    throw error;
  }
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= store.close();
    return closing;
  };
  return {
    core,
    close,
    async wipe() {
      await close().catch(() => {});
      await removeTree(folder);
    },
  };
}

/**
 * As {@link openCoreFolder}, for a copy of somebody's core: one that cannot be opened (a death while its folder was made, a
 * restored disk) is removed and fetched anew, since its owner still has it.
 */
export async function openCopyFolder(folder: string, key: Uint8Array, blockKey: Uint8Array): Promise<CoreFolder> {
  try {
    return await openCoreFolder(folder, { key }, blockKey);
  } catch {
    await removeTree(folder);
    return openCoreFolder(folder, { key }, blockKey);
  }
}
