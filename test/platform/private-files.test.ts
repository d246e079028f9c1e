import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import {
  createPrivateFile,
  ensurePrivateDir,
  openPrivateFile,
  readPrivateFile,
  removeTree,
  removeUnfinished,
  replacePrivateFile,
} from '../../src/platform/private-files.ts';
import { bundle } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';

const mode = (file: string): number => fs.statSync(file).mode & 0o777;
const asRoot = process.getuid?.() === 0;

function unsafe(act: () => unknown): TeammateSyncError {
  try {
    act();
  } catch (error) {
    if (error instanceof TeammateSyncError && error.code === 'UNSAFE_FILE') return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** Every way in which a private file may turn out not to be one. */
function looseFiles(folder: string): Record<string, string> {
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('group'), 'x', { mode: 0o640 });
  fs.chmodSync(at('group'), 0o640);
  fs.writeFileSync(at('target'), 'x', { mode: 0o600 });
  fs.symlinkSync(at('target'), at('symlink'));
  fs.mkdirSync(at('folder'), { mode: 0o700 });
  execFileSync('mkfifo', ['-m', '600', at('fifo')]);
  return { group: at('group'), symlink: at('symlink'), folder: at('folder'), fifo: at('fifo') };
}

describe.skipIf(process.platform === 'win32')('private files', () => {
  it('makes folders 0700, with missing parents, whatever the umask', () => {
    const folder = path.join(tempDir(), 'a', 'b');
    const before = process.umask(0);
    try {
      ensurePrivateDir(folder);
    } finally {
      process.umask(before);
    }
    expect([mode(folder), mode(path.dirname(folder))]).toEqual([0o700, 0o700]);
    ensurePrivateDir(folder);
  });

  it('refuses a folder that is open to others, naming it and the chmod that mends it', () => {
    const folder = path.join(tempDir(), 'my folder');
    for (const bits of [0o750, 0o701, 0o770]) {
      fs.mkdirSync(folder);
      fs.chmodSync(folder, bits);
      const error = unsafe(() => ensurePrivateDir(folder));
      expect(error.message).toContain(folder);
      expect(error.hint).toBe(`chmod 700 '${folder}'`);
      execFileSync('sh', ['-c', error.hint]);
      ensurePrivateDir(folder);
      fs.rmdirSync(folder);
    }
  });

  it('refuses a symlink or a file in the place of a folder', () => {
    const dir = tempDir();
    fs.mkdirSync(path.join(dir, 'real'), { mode: 0o700 });
    fs.symlinkSync(path.join(dir, 'real'), path.join(dir, 'link'));
    fs.writeFileSync(path.join(dir, 'file'), '', { mode: 0o600 });
    expect(unsafe(() => ensurePrivateDir(path.join(dir, 'link'))).message).toMatch(/symlink/);
    expect(unsafe(() => ensurePrivateDir(path.join(dir, 'file'))).message).toMatch(/not a folder/);
  });

  it.runIf(asRoot)('refuses what belongs to somebody else', () => {
    const dir = tempDir();
    fs.mkdirSync(path.join(dir, 'theirs'), { mode: 0o700 });
    fs.writeFileSync(path.join(dir, 'file'), 'x', { mode: 0o600 });
    for (const name of ['theirs', 'file']) fs.chownSync(path.join(dir, name), 65_534, 65_534);
    expect(unsafe(() => ensurePrivateDir(path.join(dir, 'theirs'))).message).toMatch(/belongs to user 65534/);
    expect(unsafe(() => readPrivateFile(path.join(dir, 'file'))).message).toMatch(/belongs to user 65534/);
  });

  it('refuses loose files for reading, replacing and appending, and does not hang on a FIFO', () => {
    for (const [what, file] of Object.entries(looseFiles(tempDir()))) {
      expect(unsafe(() => readPrivateFile(file)).message, what).toContain(file);
      expect(unsafe(() => replacePrivateFile(file, Buffer.from('new'))).message, what).toContain(file);
      expect(unsafe(() => openPrivateFile(file, 'append')).message, what).toContain(file);
    }
  });

  it('creates 0600 from the first byte, once, and not through a dangling symlink', () => {
    const dir = tempDir();
    const file = path.join(dir, 'key');
    const before = process.umask(0);
    try {
      createPrivateFile(file, Buffer.from('seed'));
    } finally {
      process.umask(before);
    }
    expect(mode(file)).toBe(0o600);
    expect(readPrivateFile(file)?.toString()).toBe('seed');
    expect(() => createPrivateFile(file, Buffer.from('other'))).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(readPrivateFile(file)?.toString()).toBe('seed');
    fs.symlinkSync(path.join(dir, 'elsewhere'), path.join(dir, 'dangling'));
    expect(() => createPrivateFile(path.join(dir, 'dangling'), Buffer.from('x'))).toThrow(/EEXIST/);
    expect(fs.existsSync(path.join(dir, 'elsewhere'))).toBe(false);
  });

  it('is made whole or not at all, and what a crash left beside it does not hinder', async () => {
    const dir = tempDir();
    const file = path.join(dir, 'key');
    const script = await bundle(
      `import fs from 'node:fs';
       import { createPrivateFile } from './src/platform/private-files.ts';
       // The process ends where a crash would hurt most: the bytes are written and not yet durable.
       fs.fsyncSync = () => process.kill(process.pid, 'SIGKILL');
       createPrivateFile(process.argv[2], Buffer.from('never used'));`,
      dir,
    );
    expect(() => execFileSync(process.execPath, [script, file])).toThrow(/SIGKILL|Command failed/);
    expect([readPrivateFile(file), fs.existsSync(`${file}.new`)]).toEqual([null, true]);
    createPrivateFile(file, Buffer.from('seed'));
    expect(readPrivateFile(file)?.toString()).toBe('seed');
    expect(fs.existsSync(`${file}.new`)).toBe(false);
  });

  it('reads null where there is nothing', () => {
    expect(readPrivateFile(path.join(tempDir(), 'none'))).toBeNull();
  });

  it('replaces as a whole: who has the old one open still reads all of it, and nothing is left behind', () => {
    const dir = tempDir();
    const file = path.join(dir, 'state.json');
    replacePrivateFile(file, Buffer.from('old'));
    const open = fs.openSync(file, 'r');
    replacePrivateFile(file, Buffer.from('new and longer'));
    expect(fs.readFileSync(open, 'utf8')).toBe('old');
    fs.closeSync(open);
    expect(readPrivateFile(file)?.toString()).toBe('new and longer');
    expect(mode(file)).toBe(0o600);
    expect(fs.readdirSync(dir)).toEqual(['state.json']);
  });

  it('keeps the old content when the disk takes only a part of the new', async () => {
    const dir = tempDir();
    const script = await bundle(
      `import { replacePrivateFile } from './src/platform/private-files.ts';
       process.on('SIGXFSZ', () => {});
       try { replacePrivateFile(process.argv[2], Buffer.alloc(100_000, 120)); console.log('replaced'); }
       catch (error) { console.log(error.code); }`,
      dir,
    );
    const file = path.join(dir, 'state.json');
    createPrivateFile(file, Buffer.from('old'));
    // A limit on the file's size makes the kernel take 8 KiB of the write and say so, as a disk that fills up does.
    const said = execFileSync('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', process.execPath, script, file]);
    expect(said.toString().trim()).toBe('EFBIG');
    expect(readPrivateFile(file)?.toString()).toBe('old');
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('state.json'))).toEqual(['state.json']);
  });

  it('removes trees and single files, and not what a symlink points to', async () => {
    const dir = tempDir();
    const kept = path.join(dir, 'kept');
    fs.mkdirSync(kept);
    fs.mkdirSync(path.join(dir, 'tree', 'deep'), { recursive: true });
    fs.symlinkSync(kept, path.join(dir, 'tree', 'deep', 'link'));
    await removeTree(path.join(dir, 'tree'));
    await removeTree(path.join(dir, 'tree'));
    expect(fs.readdirSync(dir)).toEqual(['kept']);
  });

  it('removes what a crash left unfinished beside a file, and nothing else', () => {
    const dir = tempDir();
    const kept = ['daemon.log.1', 'state.json', 'state.json.x', 'own-record.txt'];
    for (const name of [...kept, 'state.json.4021', 'own-record.txt.77']) fs.writeFileSync(path.join(dir, name), 'x');
    fs.mkdirSync(path.join(dir, 'folder.json.1'));
    removeUnfinished(dir);
    expect(fs.readdirSync(dir).sort()).toEqual(['folder.json.1', ...kept].sort());
  });
});
