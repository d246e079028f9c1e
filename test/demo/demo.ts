/**
 * The whole of it in one go, on this machine alone: two homes with real background daemons, a DHT on loopback, a stand-in
 * for GitHub as a process of its own, and a transcript that is written while the teammate reads. Ends with 0 when all went
 * as told, with 1 and the reason when not; ends every process and removes every file that it made either way. With `--stay`
 * nothing is told: both daemons run for you to try it, until you end it.
 */
import os from 'node:os';
import path from 'node:path';
import { ProcessWorld } from '../support/process-world/index.ts';
import { DemoFailure, Story } from './story.ts';
import { stay } from './stay.ts';
import { tell } from './tell.ts';

const dist = path.resolve(import.meta.dirname, '..');
const programs = {
  cli: path.join(dist, 'teammate-sync.cjs'),
  githubStandIn: path.join(dist, 'test', 'github-stand-in.mjs'),
};

async function demo(): Promise<number> {
  const story = new Story(process.stdout);
  const began = performance.now();
  // Also the second of two: it is ending then, and would leave its files behind.
  const interrupted = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
  const world = await ProcessWorld.start(programs);
  // Whatever else happens, nothing outlives this process.
  process.once('exit', () => world.end());
  try {
    const stays = process.argv.includes('--stay');
    const told = stays ? stay(story, world, process.stdin) : tell(story, world);
    const signal = await Promise.race([told, interrupted]);
    if (signal) {
      told.catch(() => {});
      if (stays) return 0;
      story.verdict(false, `Stopped by ${signal}.`);
      return 128 + os.constants.signals[signal];
    }
    if (stays) return 0;
    const seconds = Math.round((performance.now() - began) / 1000);
    story.verdict(true, `It works: shared, read live, taken back and gone from the disk, in ${seconds} s.`);
    return 0;
  } catch (error) {
    story.verdict(false, `It did not work: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof DemoFailure)) console.error(error);
    return 1;
  } finally {
    await world.close();
  }
}

const code = await demo();
// Not before all of it was written: a pipe may still hold some.
process.stdout.write('', () => process.exit(code));
