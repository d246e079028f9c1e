/**
 * Writes docs/deps-<entry>.txt: the rooms and packages that each entry point of the product pulls in, as esbuild counts
 * them. `--check` writes nothing and ends with 1 when a list on disk is not the true one.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { entries } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** The room that a source file is in; null for what is in none (bin/, packages). */
function roomOf(file) {
  return /^src\/([\w-]+)(?:\/|\.ts$)/.exec(file)?.[1] ?? null;
}

/** `a/node_modules/@x/y/z.js` and `@x/y/z.js` are of the package `@x/y`. */
function packageOf(specifier) {
  const inside = specifier.split('node_modules/').at(-1);
  return /^(?:@[^/]+\/)?[^/]+/.exec(inside)[0];
}

function contents({ inputs, outputs }) {
  const lines = new Set();
  for (const file of Object.keys(inputs)) {
    const room = roomOf(file);
    if (room) lines.add(`room ${room}`);
    else if (file.includes('node_modules/')) lines.add(`package ${packageOf(file)} (bundled)`);
  }
  for (const { path: specifier, external, kind } of Object.values(outputs).flatMap((output) => output.imports)) {
    const when = kind === 'dynamic-import' ? 'loaded when needed' : 'loaded';
    if (external && !isBuiltin(specifier)) lines.add(`package ${packageOf(specifier)} (${when})`);
  }
  return [...lines].sort();
}

async function listOf(name) {
  // Nothing is written: dist/ may be in use.
  const { metafile } = await build({ ...entries[name], write: false });
  const head = `# What the entry point ${name} pulls in. Written by \`node scripts/update-deps.mjs\`.`;
  return `${[head, ...contents(metafile)].join('\n')}\n`;
}

let stale = false;
for (const name of Object.keys(entries)) {
  const file = path.join(root, 'docs', `deps-${name}.txt`);
  const wanted = await listOf(name);
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present === wanted) continue;
  if (process.argv.includes('--check')) {
    stale = true;
    const [had, has] = [new Set(present.split('\n')), new Set(wanted.split('\n'))];
    for (const line of has) if (!had.has(line)) console.error(`${name}: + ${line}`);
    for (const line of had) if (!has.has(line)) console.error(`${name}: - ${line}`);
  } else await writeFile(file, wanted);
}
process.exitCode = stale ? 1 : 0;
