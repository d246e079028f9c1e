/** What the floors do with a raw hypercore: live lines, a followed file, and a pile of blocks. */
import fs from 'node:fs';
import type Hypercore from 'hypercore';
import { now } from '../now.ts';
import { within } from '../wait.ts';
import { spaced } from './spaced.ts';

/** As the product packs what it catches up with. */
const BLOCK_BYTES = 64 * 1024;
const APPEND_AT_ONCE = 16;
const FETCH_AT_ONCE = 64;
const BLOCK_WAIT_MS = 30_000;

export async function appendLines(core: Hypercore, lines: string[], spacingMs: number): Promise<number[]> {
  const appended: Promise<unknown>[] = [];
  const stamps = await spaced(lines, spacingMs, (line) => appended.push(core.append(Buffer.from(line))));
  await Promise.all(appended);
  return stamps;
}

/** Appends each line of a file that comes from now on. */
export async function follow(core: Hypercore, file: string): Promise<void> {
  const handle = await fs.promises.open(file, 'a+');
  let offset = (await handle.stat()).size;
  let begun = '';
  const chunk = Buffer.alloc(BLOCK_BYTES);
  const readOn = async (): Promise<void> => {
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      const lines = (begun + chunk.toString('utf8', 0, bytesRead)).split('\n');
      begun = lines.pop() ?? '';
      if (lines.length > 0) await core.append(lines.map((line) => Buffer.from(line)));
    }
  };
  let again = false;
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (again) {
      again = false;
      await readOn();
    }
    running = false;
  };
  fs.watch(file, () => {
    again = true;
    if (!running) void run();
  });
}

/** Tells of each block that comes, in order, for as long as the process lives. */
export function readLive(core: Hypercore, onBlock: (text: string) => void): void {
  void (async () => {
    for (let i = 0; ; i++) {
      const block = await core.get(i);
      if (block) onBlock(block.toString('utf8'));
    }
  })();
}

/** Appends the first bytes of a file in blocks of 64 KiB; how long that took, reading included. */
export async function appendFile(core: Hypercore, file: string, bytes: number): Promise<number> {
  const began = now();
  let batch: Buffer[] = [];
  for await (const chunk of fs.createReadStream(file, { end: bytes - 1, highWaterMark: BLOCK_BYTES })) {
    batch.push(chunk as Buffer);
    if (batch.length < APPEND_AT_ONCE) continue;
    await core.append(batch);
    batch = [];
  }
  if (batch.length > 0) await core.append(batch);
  return now() - began;
}

/** Gets the first `blocks` blocks; returns when the last was here and how many bytes they held. */
export async function fetchAll(core: Hypercore, blocks: number): Promise<{ at: number; bytes: number }> {
  let next = 0;
  let bytes = 0;
  const fetchSome = async (): Promise<void> => {
    while (next < blocks) {
      const index = next++;
      const block = await within(core.get(index), BLOCK_WAIT_MS, `block ${index}`);
      bytes += block?.length ?? 0;
    }
  };
  await Promise.all(Array.from({ length: FETCH_AT_ONCE }, fetchSome));
  return { at: now(), bytes };
}
