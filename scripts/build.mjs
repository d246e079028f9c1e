/**
 * Builds what runs, into dist/: the CLI as one CommonJS file (it starts fastest so); the daemon (in parts: each of its modes
 * loads its own) and its redaction thread as ES modules, whose packages stay outside; the MCP server as one with its
 * packages inside, and their licences beside it; the dashboard's page, the same way. `--tests` builds the processes that tests and the demo start, into dist/test/.
 */
import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

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

/** The SDK loads a validator of what a client's person fills into forms. The MCP server asks for none, and starts sooner without. */
const noValidator = {
  name: 'no-validator',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@modelcontextprotocol[\\/]sdk[\\/].*[\\/]ajv-provider\.js$/ }, () => {
      return { contents: 'export class AjvJsonSchemaValidator {}' };
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
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'teammate-syncd/[name]-[hash]',
    format: 'esm',
    // Each mode loads what it needs of it.
    splitting: true,
    packages: 'external',
    plugins: [usedOnly],
  },
  'teammate-sync-redactor': {
    ...common,
    entryPoints: ['bin/teammate-sync-redactor.ts'],
    outfile: 'dist/teammate-sync-redactor.mjs',
    format: 'esm',
    packages: 'external',
    plugins: [usedOnly],
  },
  // With its packages inside: loading them from their many files takes three times as long (measured), at each start of
  // Claude Code.
  'teammate-sync-mcp': {
    ...common,
    entryPoints: ['bin/teammate-sync-mcp.ts'],
    outfile: 'dist/teammate-sync-mcp.mjs',
    format: 'esm',
    minify: true,
    plugins: [noValidator],
  },
  dashboard: {
    ...common,
    entryPoints: { app: 'src/dashboard/main.tsx', style: 'src/dashboard/styles/page.css' },
    outdir: 'dist/dashboard',
    platform: 'browser',
    // Of what Firefox, Chromium and Safari all have.
    target: 'es2022',
    format: 'esm',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
};

/** Entry points whose packages are inside, with the file that says their licences. */
const bundled = {
  'teammate-sync-mcp': 'dist/teammate-sync-mcp.licences.txt',
  dashboard: 'dist/dashboard/licences.txt',
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

/** Builds the dashboard's page into a folder. @returns esbuild's metafile */
export async function buildPage(folder) {
  const { metafile } = await build({ ...entries.dashboard, outdir: folder });
  for (const file of ['index.html', 'icon.svg']) {
    await copyFile(path.join(root, 'src/dashboard', file), path.join(folder, file));
  }
  return metafile;
}

export async function buildProduct() {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const { dashboard: page, ...programs } = entries;
  const built = { dashboard: await buildPage(path.join(root, page.outdir)) };
  for (const [name, options] of Object.entries(programs)) built[name] = (await build(options)).metafile;
  await chmod(path.join(root, 'dist/teammate-sync.cjs'), 0o755);
  for (const [name, file] of Object.entries(bundled)) {
    await writeFile(path.join(root, file), await licencesOf(built[name], root));
  }
  return built;
}

if (process.argv[1] === import.meta.filename) {
  await buildProduct();
  if (process.argv.includes('--tests')) await build(testEntries);
}
