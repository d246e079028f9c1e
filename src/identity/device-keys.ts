/** The secrets of this device: made once, kept in 0600 files of a 0700 folder, never sent anywhere. */
import { createHash, hkdfSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { assertPrivate } from '../platform/ownership.ts';
import { ensurePrivateDir } from '../platform/private-files.ts';
import { loadSeed, SEED_BYTES } from '../platform/private-seed.ts';
import { u32be, u64be } from '../protocol/bytes.ts';
import { boxKeys, type SeededKeys, signKeys } from './sodium.ts';

export interface DeviceKeys {
  sign: SeededKeys;
  box: SeededKeys;
  /** Seed of the Noise key of an epoch; `turn` grows when contacts must lose the old key at once. */
  transportSeed(epoch: number, turn: number): Buffer;
}

const FILES = { sign: 'sign.seed', box: 'box.seed', device: 'device.seed' } as const;

/**
 * Loads the seeds, making those that are missing when `random` is given.
 * @throws UNSAFE_FILE for a loose mode, another owner or a symlink; NOT_SET_UP when seeds are missing and `random` is null
 */
export function loadDeviceKeys(folder: string, random: ((n: number) => Uint8Array) | null): DeviceKeys {
  const stat = random ? null : fs.lstatSync(folder, { throwIfNoEntry: false });
  if (random) ensurePrivateDir(folder);
  else if (stat) assertPrivate(folder, stat, 'folder');
  const seed = (name: string): Uint8Array => {
    const bytes = loadSeed(path.join(folder, name), random);
    if (!bytes) throw new TeammateSyncError('NOT_SET_UP', 'this machine has no device keys yet');
    return bytes;
  };
  const device = seed(FILES.device);
  return {
    sign: signKeys(seed(FILES.sign)),
    box: boxKeys(seed(FILES.box)),
    transportSeed(epoch, turn) {
      const info = Buffer.concat([Buffer.from('transport'), u64be(epoch), u32be(turn)]);
      return Buffer.from(hkdfSync('sha256', device, Buffer.from('teammate-sync/v1/transport'), info, SEED_BYTES));
    },
  };
}

/** First 16 hex of sha256(sign): the device's short name, also in its published file's name. */
export function deviceFingerprint(sign: Uint8Array): string {
  return createHash('sha256').update(sign).digest('hex').slice(0, 16);
}

export function recordFileName(sign: Uint8Array): string {
  return `teammate-sync-${deviceFingerprint(sign)}.txt`;
}
