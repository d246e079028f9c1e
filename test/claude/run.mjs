/**
 * What `npm run test:claude` runs: the tests with the real Claude Code. It is fetched once, while there is a network; the
 * tests themselves have an empty environment, a home of their own and only loopback, or do not run. Arguments go to vitest.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runVitest } from '../support/run-vitest.mjs';
import { installClient } from './client/install.mjs';

const CONFIG = path.join(import.meta.dirname, 'vitest.config.ts');

/** @throws Error with what is missing here, for the person at the terminal */
function requireHere() {
  if (process.platform !== 'linux') throw new Error('the tests with the real Claude Code run on Linux only');
  for (const [program, flag] of [
    ['tmux', '-V'],
    ['curl', '--version'],
  ]) {
    const { status } = spawnSync(program, [flag], { stdio: 'ignore' });
    if (status !== 0)
      throw new Error(`the tests with the real Claude Code need ${program}: apt-get install ${program}`);
  }
}

try {
  requireHere();
  const claude = await installClient();
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', CLAUDE_UNDER_TEST: claude };
  const args = ['run', '--config', CONFIG, ...process.argv.slice(2)];
  process.exitCode = await runVitest({ args, env, needsNamespace: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
