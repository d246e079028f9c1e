/** What `teammate-sync relay` runs: a relay in the foreground, until a signal. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import { createPrivateFile, ensurePrivateDir, readPrivateFile } from '../platform/private-files.ts';
import { Relay } from '../relay/index.ts';
import { loadSettings, pathsOf } from './settings.ts';

const SEED_BYTES = 32;

/** Runs to its end; returns the exit code. */
export async function runRelay(): Promise<number> {
  try {
    const settings = loadSettings(pathsOf(process.env), process.env);
    const seed = relaySeed(settings.paths.keys);
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
    const { message, hint, code } = asTeammateSyncError(error);
    process.stderr.write(`teammate-sync: ${message}\n  ${hint}\n`);
    return code === 'NOT_SET_UP' ? 4 : 1;
  }
}

/** Made once: members have written down the key that comes from it. @throws UNSAFE_FILE */
function relaySeed(keys: string): Buffer {
  const file = path.join(keys, 'relay.seed');
  ensurePrivateDir(keys);
  const known = readPrivateFile(file);
  if (known?.length === SEED_BYTES) return known;
  if (known) throw new TeammateSyncError('UNSAFE_FILE', `${file} is not a key of ours`);
  const seed = randomBytes(SEED_BYTES);
  createPrivateFile(file, seed);
  return seed;
}
