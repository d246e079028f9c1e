/** What the tests of one file share: made before the first of them, and gone after the last. */
import { afterAll, beforeAll } from 'vitest';
import { buildDaemonEntry } from './daemon-process.ts';
import { World } from './world.ts';

/** @param set given the world before the first test */
export function useWorld(set: (world: World) => void): void {
  let world: World | null = null;
  beforeAll(async () => {
    world = await World.start();
    set(world);
  });
  afterAll(() => world?.close());
}

/** @param set given the built entry of daemons in processes of their own before the first test */
export function useDaemonEntry(set: (entry: string) => void): void {
  let build: Awaited<ReturnType<typeof buildDaemonEntry>> | null = null;
  beforeAll(async () => {
    build = await buildDaemonEntry();
    set(build.entry);
  });
  afterAll(() => build?.remove());
}
