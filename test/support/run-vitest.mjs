/**
 * Runs vitest cut off from everything beyond this machine and from the user's own set-up. The guard (loopback-only.cjs) is
 * in every process; on Linux, where it can be had, the run is in a network namespace with nothing but loopback as well.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { placeForFiles } from './place-for-files.mjs';

const guard = path.join(import.meta.dirname, 'loopback-only.cjs').replaceAll('\\', '/');
const root = path.resolve(import.meta.dirname, '../..');
const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const COMMANDS = ['run', 'watch', 'list', 'related', 'bench', 'init', 'dev'];

/** Whoever runs the tests may be signed in, sit in Claude Code, or trust a proxy: none of it may reach a test. */
const UNSET =
  /^(?:(?:GH|GITHUB)_.*|ANTHROPIC_.*|CLAUDE.*|AI_AGENT|TEAMMATE_SYNC_.*|NODE_EXTRA_CA_CERTS|(?:https?|all|no)_proxy)$/i;

/**
 * Below an agent's shell every process of a test would count as started by the agent. There the run gets process ids of its
 * own, which have nothing above them; a shell stays the first, to bury whom their parents left.
 */
const OWN_PIDS = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const FIRST = '"$@"; exit $?';

/** Brings loopback up in a fresh namespace, then becomes the command. */
const INSIDE = '{ ip link set lo up || ifconfig lo up; } 2>/dev/null && exec "$@"';

/** What of the user's environment may reach a test. */
export function withoutOwnSetUp() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNSET.test(name)));
}

function environment(env, home, files, marker) {
  const inherited = (env.NODE_OPTIONS ?? '').split(guardOption()).join('').trim();
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

/** This process, or one above it, was started by a model's tool. */
function belowAgent() {
  try {
    for (let pid = process.pid; pid > 1;) {
      const marks = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (marks.some((mark) => /^AI_AGENT=.*_agent$/.test(mark))) return true;
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
  } catch {
    // Somebody else's, of which nothing can be read: the processes of the test cannot, either.
  }
  return false;
}

/** What to put before a command so that it has no network but loopback; null where the system does not allow that. */
function namespace() {
  if (process.platform !== 'linux') return null;
  const ways = process.getuid() === 0 ? [['-n'], ['-rn']] : [['-rn']];
  const below = belowAgent() ? ways.map((flags) => [...flags, ...OWN_PIDS]) : [];
  for (const flags of [...below, ...ways]) {
    const first = flags.includes('--pid') ? ['sh', '-c', FIRST, 'sh'] : [];
    const before = ['unshare', ...flags, ...first, 'sh', '-c', INSIDE, 'sh'];
    const [command, ...args] = [...before, 'true'];
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return before;
  }
  return null;
}

/**
 * @param args for vitest: `run` unless the first is another of its commands
 * @param env what the run has of an environment beside a home of its own
 * @param needsNamespace whether the guard in each process alone will not do
 * @returns vitest's exit code, or 1 when something tried to leave this machine or the run was refused
 */
export async function runVitest({ args: given, env, needsNamespace = false }) {
  const before = namespace();
  if (before === null && needsNamespace) {
    console.error(
      'These tests run only in a network namespace of their own (Linux, unshare -n), and there is none here',
    );
    return 1;
  }
  const temp = fs.mkdtempSync(path.join(placeForFiles(), 'ts-'));
  const marker = path.join(temp, 'left-this-machine');
  const [home, files] = ['home', 't'].map((name) => path.join(temp, name));
  for (const folder of [home, files]) fs.mkdirSync(folder);
  try {
    const args = COMMANDS.includes(given[0]) ? given : ['run', ...given];
    if (before === null && process.platform === 'linux')
      console.error('no network namespace to be had here: the guard in each process alone keeps the tests on loopback');
    const [command, ...rest] = [...(before ?? []), process.execPath, vitest, ...args];
    const code = await run(command, rest, environment(env, home, files, marker));
    if (!fs.existsSync(marker)) return code;
    console.error(`\nSomething tried to leave this machine:\n\n${fs.readFileSync(marker, 'utf8')}`);
    return code || 1;
  } finally {
    fs.rmSync(temp, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  // What has process ids of its own goes as a whole, with the first of them, which takes no other signal.
  const whole = args.includes('--pid');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(whole ? 'SIGKILL' : signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}
