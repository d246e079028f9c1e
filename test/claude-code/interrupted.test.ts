/** Installing and removing, cut off at every change of a file: what is on disk then, the next run makes whole. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/tmp-dir.ts';
import { ClaudeFolder } from './folder.ts';

/** An empty list that only the backup tells from one that we emptied. */
const SETTINGS = '{"hooks": {"Stop": []}, "model": "opus"}';
const CHANGES = ['openSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'rmSync', 'rmdirSync', 'mkdirSync'] as const;

const real = Object.fromEntries(CHANGES.map((name) => [name, fs[name]]));

/** The folder as a power cut before each change would leave it, in copies; and once with half of what is being written. */
function cutOff(folder: ClaudeFolder, work: () => void): string[] {
  const copies = tempDir();
  const taken: string[] = [];
  const take = (): string => {
    const copy = path.join(copies, String(taken.length));
    fs.cpSync(folder.places.folder, copy, { recursive: true, preserveTimestamps: true });
    taken.push(copy);
    return copy;
  };
  let watching = true;
  for (const name of CHANGES) {
    const watched = (...args: unknown[]): unknown => {
      if (watching) {
        watching = false;
        const copy = take();
        const [file, text] = args;
        const open = typeof file === 'number' ? fs.readlinkSync(`/proc/self/fd/${file}`) : '';
        if (name === 'writeFileSync' && typeof text === 'string' && open !== '') {
          const half = path.join(copy, path.relative(folder.places.folder, open));
          fs.appendFileSync(half, text.slice(0, text.length / 2));
        }
        watching = true;
      }
      return (real[name] as (...all: unknown[]) => unknown).apply(fs, args);
    };
    Object.assign(fs, { [name]: watched });
  }
  syncBuiltinESMExports();
  try {
    work();
  } finally {
    // Node's own code may have taken these up meanwhile.
    watching = false;
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
  return taken;
}

function folderWith(mine = 'commands/mine.md'): ClaudeFolder {
  const folder = new ClaudeFolder();
  folder.write('settings.json', SETTINGS);
  folder.write(mine, 'mine');
  return folder;
}

/** Puts a copy in the folder's place. */
function restore(folder: ClaudeFolder, copy: string): void {
  fs.rmSync(folder.places.folder, { recursive: true });
  fs.cpSync(copy, folder.places.folder, { recursive: true });
  expect(() => JSON.parse(folder.read('settings.json')) as unknown).not.toThrow();
}

describe.skipIf(process.platform !== 'linux')('cut off at any change of a file', () => {
  it('an installation is completed by the next, and taken back to the byte by a removal', () => {
    const folder = folderWith();
    const before = folder.everything();
    const copies = cutOff(folder, () => expect(folder.install()).toEqual([]));
    const installed = folder.everything();
    expect(copies.length).toBeGreaterThan(40);
    for (const copy of copies) {
      restore(folder, copy);
      expect(folder.install()).toEqual([]);
      expect(folder.everything()).toEqual(installed);
      restore(folder, copy);
      expect(folder.uninstall()).toEqual([]);
      expect(folder.everything()).toEqual(before);
    }
  });

  it.each(['commands/mine.md', 'agents/mine.md'])('a removal is completed by the next, beside %s', (mine) => {
    const folder = folderWith(mine);
    const before = folder.everything();
    folder.install();
    const copies = cutOff(folder, () => expect(folder.uninstall()).toEqual([]));
    expect(copies.length).toBeGreaterThan(15);
    for (const copy of copies) {
      restore(folder, copy);
      expect(folder.uninstall()).toEqual([]);
      expect(folder.everything()).toEqual(before);
    }
  });
});
