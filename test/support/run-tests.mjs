/**
 * What `npm test` runs: vitest, cut off from everything beyond this machine and from the user's own set-up. The guard
 * (loopback-only.cjs) is in every process; on Linux, where it can be had, the run is in a network namespace with nothing but
 * loopback as well. Arguments go to vitest (`run` unless the first is another of its commands); the exit code is its own,
 * or 1 when something tried to leave.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const guard = path.join(import.meta.dirname, 'loopback-only.cjs').replaceAll('\\', '/');
const root = path.resolve(import.meta.dirname, '../..');
const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const COMMANDS = ['run', 'watch', 'list', 'related', 'bench', 'init', 'dev'];

/** Whoever runs the tests may be signed in, sit in Claude Code, or trust a proxy: none of it may reach a test. */
const UNSET =
  /^(?:(?:GH|GITHUB)_.*|ANTHROPIC_.*|CLAUDE.*|AI_AGENT|TEAMMATE_SYNC_.*|NODE_EXTRA_CA_CERTS|(?:https?|all|no)_proxy)$/i;

/** What the stores of all tests that run at once take, and much room to spare. */
const MEMORY_NEEDED_BYTES = 4 * 1024 ** 3;

/** Where the tests put their files: in memory, where there is enough, for they make thousands and keep none. */
function placeForFiles() {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = fs.statfsSync(memory);
    fs.accessSync(memory, fs.constants.W_OK);
    if (process.platform === 'linux' && bavail * bsize >= MEMORY_NEEDED_BYTES) return memory;
  } catch {
    // There is none on this system.
  }
  return fs.realpathSync(os.tmpdir());
}

/** Brings loopback up in a fresh namespace, then becomes the command. */
const INSIDE = '{ ip link set lo up || ifconfig lo up; } 2>/dev/null && exec "$@"';

function environment(home, files, marker) {
  const env = {};
  for (const [name, value] of Object.entries(process.env)) if (!UNSET.test(name)) env[name] = value;
  const inherited = (process.env.NODE_OPTIONS ?? '').split(guardOption()).join('').trim();
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: files,
    NODE_OPTIONS: [inherited, guardOption()].filter((option) => option !== '').join(' '),
    LOOPBACK_ONLY_MARKER: marker,
  };
}

function guardOption() {
  return `--require ${JSON.stringify(guard)}`;
}

/** What to put before a command so that it has no network but loopback; null where the system does not allow that. */
function namespace() {
  if (process.platform !== 'linux') return null;
  const ways = process.getuid() === 0 ? [['-n'], ['-rn']] : [['-rn']];
  for (const flags of ways) {
    const before = ['unshare', ...flags, 'sh', '-c', INSIDE, 'sh'];
    const [command, ...args] = [...before, 'true'];
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return before;
  }
  return null;
}

async function main() {
  // Short: a unix socket must fit below what is made in there.
  const temp = fs.mkdtempSync(path.join(placeForFiles(), 'ts-'));
  const marker = path.join(temp, 'left-this-machine');
  const [home, files] = ['home', 't'].map((name) => path.join(temp, name));
  for (const folder of [home, files]) fs.mkdirSync(folder);
  try {
    const given = process.argv.slice(2);
    const args = COMMANDS.includes(given[0]) ? given : ['run', ...given];
    const before = namespace();
    if (before === null && process.platform === 'linux')
      console.error('no network namespace to be had here: the guard in each process alone keeps the tests on loopback');
    const [command, ...rest] = [...(before ?? []), process.execPath, vitest, ...args];
    const code = await run(command, rest, environment(home, files, marker));
    if (!fs.existsSync(marker)) return code;
    console.error(`\nSomething tried to leave this machine:\n\n${fs.readFileSync(marker, 'utf8')}`);
    return code || 1;
  } finally {
    fs.rmSync(temp, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}

process.exitCode = await main();
