/**
 * Packs the package as it would be published, installs it globally into an empty folder, and runs it: the command works,
 * the network stack has exactly the tested versions (the shrinkwrap travels in the package), and what two people share
 * with it is redacted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { testEntries } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');
const wanted = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).dependencies;
const folder = mkdtempSync(path.join(os.tmpdir(), 'ts-package-'));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', folder]));
  const files = packed.files.map((file) => file.path);
  for (const file of [
    'dist/teammate-sync.cjs',
    'dist/teammate-syncd.mjs',
    'dist/teammate-sync-redactor.mjs',
    'dist/teammate-sync-mcp.mjs',
    'dist/teammate-sync-mcp.licences.txt',
    'npm-shrinkwrap.json',
    'LICENSE',
    'README.md',
  ]) {
    if (!files.includes(file)) throw new Error(`${file} is not in the package`);
  }
  const strange = files.filter(
    (file) => /^(test|bin|scripts|types)\//.test(file) || (file.startsWith('src/') && !file.endsWith('.md')),
  );
  if (strange.length > 0) throw new Error(`these do not belong into the package: ${strange.join(', ')}`);

  const prefix = path.join(folder, 'prefix');
  run('npm', [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--no-audit',
    '--no-fund',
    '--silent',
    path.join(folder, packed.filename),
  ]);
  const installed = path.join(prefix, 'lib', 'node_modules', 'teammate-sync');
  for (const [name, version] of Object.entries(wanted)) {
    const found = JSON.parse(readFileSync(path.join(installed, 'node_modules', name, 'package.json'), 'utf8')).version;
    if (found !== version) throw new Error(`${name} ${found} was installed, not ${version}`);
  }
  const env = { ...process.env, HOME: folder, TEAMMATE_SYNC_HOME: path.join(folder, 'home') };
  const version = run(path.join(prefix, 'bin', 'teammate-sync'), ['--version'], { env }).trim();
  // The daemon loads its native modules before it sees that this home is not set up: exit 4.
  const daemon = spawnSync(process.execPath, [path.join(installed, 'dist', 'teammate-syncd.mjs'), 'serve'], { env });
  if (daemon.status !== 4) throw new Error(`the daemon ended with ${daemon.status}: ${String(daemon.stderr)}`);
  // Packing has built dist/ anew, without them.
  await build(testEntries);
  run(process.execPath, ['dist/test/installed.mjs', path.join(installed, 'dist', 'teammate-sync.cjs')]);
  process.stdout.write(`package ok: ${files.length} files, ${Math.round(packed.size / 1024)} KiB, ${version}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
