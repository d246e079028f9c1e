/** The same bytes without the product: over plain TCP, and as blocks of a raw hypercore, between two processes. */
import { randomBytes } from 'node:crypto';
import type { Ground } from './ground.ts';
import { memoryOf } from './process-facts.ts';

export interface BulkFloors {
  tcpMs: number;
  /** Appending all of the source to a core, nobody connected to it: beneath the owner's part. */
  appendMs: number;
  /** From opening an empty replica to its last block: beneath the recipient's part. */
  fetchMs: number;
  /** The same with only as many bytes as the product keeps of the source. */
  fetchKeptMs: number;
  ownerPeak: number | null;
  readerPeak: number | null;
}

const TRANSFER_MS = 55_000;

/** @param file holds at least `sourceBytes` */
export async function bulkFloors(
  ground: Ground,
  file: string,
  sourceBytes: number,
  keptBytes: number,
): Promise<BulkFloors> {
  const { writer, owner, reader } = await ground.floors();
  const core = async (name: string, bytes: number): Promise<{ appendMs: number; fetchMs: number }> => {
    const blockKey = randomBytes(32).toString('hex');
    const key = await owner.call('createCore', { name, folder: ground.file(`${name}-owner`), blockKey });
    const { ms: appendMs, blocks } = await owner.call('appendFile', { name, file, bytes });
    const fetched = await reader.call('fetchAll', { folder: ground.file(`${name}-reader`), key, blockKey, blocks });
    if (fetched.bytes !== bytes) throw new Error(`raw core: ${bytes} bytes went and ${fetched.bytes} came`);
    return { appendMs, fetchMs: fetched.ms };
  };

  const port = await reader.call('listenForBytes');
  const began = await writer.call('sendFile', { port, file, bytes: sourceBytes });
  const received = await reader.call('received', { timeoutMs: TRANSFER_MS });
  if (received?.bytes !== sourceBytes) throw new Error(`TCP: ${sourceBytes} bytes went and ${received?.bytes} came`);
  const kept = await core('kept', Math.min(keptBytes, sourceBytes));
  const all = await core('all', sourceBytes);
  return {
    tcpMs: received.at - began,
    appendMs: all.appendMs,
    fetchMs: all.fetchMs,
    fetchKeptMs: kept.fetchMs,
    ownerPeak: memoryOf(owner.pid)?.peak ?? null,
    readerPeak: memoryOf(reader.pid)?.peak ?? null,
  };
}
