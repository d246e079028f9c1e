/** What `teammate-sync relay` runs: a relay in the foreground, until a signal. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensurePrivateDir } from '../../platform/private-files.ts';
import { loadSeed } from '../../platform/private-seed.ts';
import { Relay } from '../../relay/index.ts';
import { reportFailure } from '../failure.ts';
import { loadSettings, pathsOf } from '../settings.ts';

/** Runs to its end; returns the exit code. */
export async function runRelay(): Promise<number> {
  try {
    const settings = loadSettings(pathsOf(process.env), process.env);
    ensurePrivateDir(settings.paths.keys);
    // Members have written down the key that comes from it.
    const seed = loadSeed(path.join(settings.paths.keys, 'relay.seed'), randomBytes);
    const relay = new Relay({ bootstrap: settings.bootstrap, host: settings.loopback ? '127.0.0.1' : null, seed });
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
    });
    await relay.start();
    process.stdout.write(`relay ${relay.key}\n`);
    process.stderr.write(`Each member types: teammate-sync init --org ${settings.org} --relay ${relay.key}\n`);
    await stopped;
    await relay.stop();
    return 0;
  } catch (error) {
    return reportFailure(error);
  }
}
