/**
 * Writes the Claude Code plugin in plugins/ and the marketplace that names it, from the constants of src/. `--check` writes
 * nothing and ends with 1 when a file on disk is not the true one.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/claude-code/plugin-files.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const source = Buffer.from(outputFiles[0].contents).toString('base64');
const { pluginFiles } = await import(`data:text/javascript;base64,${source}`);
const files = pluginFiles(await readFile(path.join(root, 'LICENSE'), 'utf8'));

const onDisk = [];
for (const folder of ['.claude-plugin', 'plugins']) {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile()) onDisk.push(path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  }
}

const wrong = onDisk.filter((name) => !(name in files));
for (const [name, text] of Object.entries(files)) {
  const there = await readFile(path.join(root, name), 'utf8').catch(() => null);
  if (there !== text) wrong.push(name);
}
if (process.argv.includes('--check')) {
  if (wrong.length > 0) {
    process.stderr.write(`not as made from src/ (node scripts/update-plugin.mjs): ${wrong.join(', ')}\n`);
    process.exitCode = 1;
  }
} else {
  for (const name of onDisk) if (!(name in files)) await rm(path.join(root, name));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
}
