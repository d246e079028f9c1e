/**
 * Builds what runs, into dist/: the CLI as one CommonJS file (it starts fastest so), and the daemon and its redaction
 * thread as one ES module each, whose packages stay outside. `--tests` builds the processes that tests and the demo start, into dist/test/.
 * `--meta` prints, per entry, which packages and rooms it pulls in.
 */
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
};

/** No module of ours does anything by being imported: what is not used, with the packages it would load, is left out. */
const usedOnly = {
  name: 'used-only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path: to, resolveDir }) => {
      return { path: path.resolve(resolveDir, to), sideEffects: false };
    });
  },
};

/** Entry points of the product. */
export const entries = {
  'teammate-sync': {
    ...common,
    entryPoints: ['bin/teammate-sync.ts'],
    outfile: 'dist/teammate-sync.cjs',
    format: 'cjs',
  },
  'teammate-syncd': {
    ...common,
    entryPoints: ['bin/teammate-syncd.ts'],
    outfile: 'dist/teammate-syncd.mjs',
    format: 'esm',
    packages: 'external',
  },
  'teammate-sync-redactor': {
    ...common,
    entryPoints: ['bin/teammate-sync-redactor.ts'],
    outfile: 'dist/teammate-sync-redactor.mjs',
    format: 'esm',
    packages: 'external',
    plugins: [usedOnly],
  },
};

export const testEntries = {
  ...common,
  entryPoints: {
    demo: 'test/demo/demo.ts',
    installed: 'test/demo/installed.ts',
    'github-stand-in': 'test/support/github-stand-in/main.ts',
    bench: 'test/bench/bench.ts',
    'bench-retrieval': 'test/bench/retrieval/retrieval.ts',
    'bench-peer': 'test/bench/peer/peer.ts',
    'loop-probe': 'test/bench/loop-probe.ts',
    'bench-crowd': 'test/bench/crowd/crowd.ts',
  },
  outdir: 'dist/test',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  packages: 'external',
};

export async function buildProduct() {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const built = {};
  for (const [name, options] of Object.entries(entries)) built[name] = (await build(options)).metafile;
  await chmod(path.join(root, 'dist/teammate-sync.cjs'), 0o755);
  return built;
}

if (process.argv[1] === import.meta.filename) {
  await buildProduct();
  if (process.argv.includes('--tests')) await build(testEntries);
}
