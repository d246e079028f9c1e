/** Folders of cores that a death or a restored disk left in a state in which they cannot be opened. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import HyperDHT from 'hyperdht';
import { expect, it } from 'vitest';
import { openCopyFolder, openCoreFolder } from '../../src/platform/core-storage.ts';
import { tempDir } from '../support/tmp-dir.ts';

const blockKey = randomBytes(32);

/** The key of a core that exists somewhere. */
async function someCore(folder: string): Promise<Buffer> {
  const opened = await openCoreFolder(folder, { keyPair: HyperDHT.keyPair(randomBytes(32)) }, blockKey);
  const { key } = opened.core;
  await opened.close();
  return key;
}

it('a copy whose folder was only just being made is begun anew; an own core never is', async () => {
  const folder = tempDir();
  const key = await someCore(path.join(folder, 'own'));
  for (const name of ['own', 'copy']) {
    fs.mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
    // As a death between the making and the filling of the storage's own mark leaves it.
    fs.writeFileSync(path.join(folder, name, 'CORESTORE'), '');
  }
  await expect(openCoreFolder(path.join(folder, 'own'), { key }, blockKey)).rejects.toThrow('device file');
  await expect(openCoreFolder(path.join(folder, 'copy'), { key }, blockKey)).rejects.toThrow('device file');
  const copy = await openCopyFolder(path.join(folder, 'copy'), key, blockKey);
  expect(copy.core.length).toBe(0);
  await copy.wipe();
  expect(fs.readdirSync(folder)).toEqual(['own']);
});
