/**
 * `npm run test:github-live`: the contract (contract*.test.ts) against GitHub itself, by hand. It reads, and makes one public
 * gist and, if the org has a keyring, one comment there, which it deletes. The only run of tests that may leave this machine, so it wants to be told with whose token, by a
 * variable that is for nothing else; GH_TOKEN and `gh` are not asked.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const { GITHUB_LIVE_TOKEN, GITHUB_LIVE_ORG } = process.env;

if (!GITHUB_LIVE_TOKEN || !GITHUB_LIVE_ORG) {
  console.error(`This asks GitHub itself, and makes and deletes one public gist, and one comment in the org's keyring if there is one. Set
  GITHUB_LIVE_TOKEN  a token with the scopes gist and read:org; and repo, to look at the keyring
  GITHUB_LIVE_ORG    an organisation that its owner is a member of
and run it again. Nothing was asked.`);
  process.exit(2);
}

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', 'test/github/contract'], {
  cwd: root,
  env: { ...process.env, GITHUB_CONTRACT: 'live' },
  stdio: 'inherit',
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
