/** Real child processes that run our TypeScript: Node 20 cannot, so the entry is bundled first. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** They look for files beside themselves while they run. */
const KEEP_THEIR_PLACE = [
  ...['fs-native-extensions', 'quickbit-native', 'rocksdb-native', 'simdle-native', 'sodium-native', 'udx-native'],
  ...['jsonc-parser', 'pino'],
];
/** What CommonJS has, for packages in a bundle that is an ES module. */
const COMMON_JS = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Bundles source that imports from the repository (`import … from './src/…'`, relative to its root) into a JavaScript
 * file in `folder`, with the packages that allow it: a process that loads one file starts in two thirds of the time.
 */
export async function bundle(source: string, folder: string, name = 'script'): Promise<string> {
  const outfile = path.join(folder, `${name}.mjs`);
  const modules = path.join(folder, 'node_modules');
  if (!fs.existsSync(modules)) fs.symlinkSync(path.join(ROOT, 'node_modules'), modules, 'junction');
  await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: KEEP_THEIR_PLACE,
    banner: { js: COMMON_JS },
    logLevel: 'error',
  });
  return outfile;
}

export interface Running {
  child: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  /** Its exit code, or the signal that ended it. */
  exit: Promise<number | string>;
}

/** Runs a JavaScript file; killed when the test has finished. */
export function run(file: string, args: string[] = [], env: Record<string, string | undefined> = process.env): Running {
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, output: () => output, exit };
}
