/** The one run of tests that may leave this machine starts only when told so, and never by accident. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { live } from './contract-target.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

async function runLive(env: Record<string, string>): Promise<{ code: unknown; stderr: string; stdout: string }> {
  // With the guard of these tests: should it start after all, it would be stopped, and fail the run.
  const guarded = { PATH: process.env['PATH'], NODE_OPTIONS: process.env['NODE_OPTIONS'], ...env };
  try {
    const { stdout, stderr } = await run(process.execPath, ['test/github/live.mjs'], { cwd: ROOT, env: guarded });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe('npm run test:github-live', () => {
  it.each([
    ['nothing', {}],
    ['only the token', { GITHUB_LIVE_TOKEN: 'ghp_invented' }],
    ['only the organisation', { GITHUB_LIVE_ORG: 'lighthouse' }],
    ['the tokens that are for other things', { GH_TOKEN: 'ghp_invented', GITHUB_TOKEN: 'ghp_invented' }],
    ['an empty token', { GITHUB_LIVE_TOKEN: '', GITHUB_LIVE_ORG: 'lighthouse' }],
  ])('does not start when it is told %s', async (_what, env) => {
    const { code, stdout, stderr } = await runLive(env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('GITHUB_LIVE_TOKEN');
    expect(stderr).toContain('Nothing was asked.');
    expect(stderr).not.toContain('ghp_invented');
  });

  it('is named by no other script, and nothing of it reaches npm test', () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const naming = Object.entries(scripts).filter(([, command]) => /live|GITHUB_CONTRACT/.test(command));
    expect(naming).toEqual([['test:github-live', 'node test/github/live.mjs']]);
    expect(live).toBe(false);
    expect(Object.keys(process.env).filter((name) => name.startsWith('GITHUB_'))).toEqual([]);
  });
});
