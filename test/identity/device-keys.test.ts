import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceFingerprint, loadDeviceKeys, recordFileName } from '../../src/identity/index.ts';
import { countedRandom, keysOf } from '../support/device.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { codeOf } from './support.ts';

const FILES = ['sign.seed', 'box.seed', 'device.seed'];
const mode = (file: string): number => fs.statSync(file).mode & 0o777;
const made = (): string => {
  const folder = path.join(tempDir(), 'keys');
  loadDeviceKeys(folder, countedRandom('keys'));
  return folder;
};

describe.skipIf(process.platform === 'win32')('device keys', () => {
  it('are made once, in 0600 files of a 0700 folder, whatever the umask', () => {
    const before = process.umask(0);
    let folder: string;
    try {
      folder = made();
    } finally {
      process.umask(before);
    }
    expect(mode(folder)).toBe(0o700);
    expect(fs.readdirSync(folder).sort()).toEqual([...FILES].sort());
    for (const file of FILES)
      expect([mode(path.join(folder, file)), fs.statSync(path.join(folder, file)).size]).toEqual([0o600, 32]);
    const first = loadDeviceKeys(folder, null);
    const again = loadDeviceKeys(folder, countedRandom('other'));
    expect(again.sign).toEqual(first.sign);
    expect(again.box).toEqual(first.box);
    expect(again.transportSeed(1, 0)).toEqual(first.transportSeed(1, 0));
  });

  it('are not made when nobody asked for it', () => {
    const folder = path.join(tempDir(), 'keys');
    expect(codeOf(() => loadDeviceKeys(folder, null))).toBe('NOT_SET_UP');
    expect(fs.existsSync(folder)).toBe(false);
  });

  it.each(FILES)('%s open to others, a symlink, or of a wrong size is refused', (name) => {
    for (const bits of [0o640, 0o604, 0o660]) {
      const folder = made();
      fs.chmodSync(path.join(folder, name), bits);
      expect(codeOf(() => loadDeviceKeys(folder, countedRandom('x')))).toBe('UNSAFE_FILE');
    }
    const linked = made();
    const aside = path.join(linked, 'aside');
    fs.renameSync(path.join(linked, name), aside);
    fs.symlinkSync(aside, path.join(linked, name));
    expect(codeOf(() => loadDeviceKeys(linked, countedRandom('x')))).toBe('UNSAFE_FILE');
    for (const size of [0, 31, 33, 64]) {
      const folder = made();
      fs.writeFileSync(path.join(folder, name), Buffer.alloc(size));
      expect(codeOf(() => loadDeviceKeys(folder, countedRandom('x')))).toBe('UNSAFE_FILE');
      // It is never mended by overwriting: that would be another device.
      expect(fs.statSync(path.join(folder, name)).size).toBe(size);
    }
  });

  it('in a folder that others can enter, or behind a symlink, are refused', () => {
    const open = made();
    fs.chmodSync(open, 0o750);
    expect(codeOf(() => loadDeviceKeys(open, countedRandom('x')))).toBe('UNSAFE_FILE');
    const real = made();
    const link = path.join(tempDir(), 'keys');
    fs.symlinkSync(real, link);
    expect(codeOf(() => loadDeviceKeys(link, countedRandom('x')))).toBe('UNSAFE_FILE');
  });

  it('the transport key is another one for each epoch and turn, and no published key', () => {
    const keys = loadDeviceKeys(made(), null);
    const seeds = [
      keys.transportSeed(1, 0),
      keys.transportSeed(2, 0),
      keys.transportSeed(1, 1),
      keys.transportSeed(0, 1),
      keys.transportSeed(2 ** 32 + 1, 0),
      Buffer.from(keys.sign.publicKey),
      Buffer.from(keys.box.publicKey),
    ].map((b) => b.toString('hex'));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('has a short name that is also its file on GitHub', () => {
    const key = keysOf('a').sign.publicKey;
    expect(deviceFingerprint(key)).toMatch(/^[0-9a-f]{16}$/);
    expect(recordFileName(key)).toBe(`teammate-sync-${deviceFingerprint(key)}.txt`);
  });
});
