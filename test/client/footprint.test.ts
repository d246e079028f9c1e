import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What is loaded when the client's door is imported: our files, and modules from outside. Dynamic imports do not count. */
async function loadedWith(entry: string): Promise<{ files: string[]; outside: string[] }> {
  const { metafile } = await build({
    entryPoints: [path.join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    logLevel: 'error',
  });
  const files = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const { path: to, kind, external } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external) outside.add(to);
      else visit(to);
    }
  };
  visit(entry);
  return { files: [...files].toSorted(), outside: [...outside].toSorted() };
}

describe('what the client loads', () => {
  it('is node:net, the error table and plain modules of the protocol', async () => {
    const { files, outside } = await loadedWith('src/client/index.ts');
    expect(outside).toEqual(['node:net']);
    expect(files.filter((file) => !/^src\/(client|protocol)\/|^src\/errors\.ts$/.test(file))).toEqual([]);
  });

  it('and with the paths still no package', async () => {
    const { outside } = await loadedWith('src/client/start-daemon.ts');
    expect(outside.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});
