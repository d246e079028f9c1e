/** Where the token comes from, and the names that an API base stands for. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FoundToken, findToken, rememberToken } from '../../src/github/index.ts';
import { apiHost } from '../../src/platform/api-host.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { everythingOf, failure } from './harness.ts';

const GITHUB = 'https://api.github.com';
const SERVER = 'https://git.example.org/api/v3';
const STAND_IN = 'http://127.0.0.1:4567';

/** The stand-in for gh is a shell script. */
const posix = it.skipIf(process.platform === 'win32');

/** A PATH whose only program is a `gh` that runs this shell text. */
function withGh(script: string): { PATH: string } {
  const folder = tempDir();
  fs.writeFileSync(path.join(folder, 'gh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: folder };
}
const noGh = (): { PATH: string } => ({ PATH: tempDir() });

describe('findToken', () => {
  const all = {
    GH_TOKEN: 'gh',
    GITHUB_TOKEN: 'github',
    GH_ENTERPRISE_TOKEN: 'gh-ent',
    GITHUB_ENTERPRISE_TOKEN: 'github-ent',
  };
  const without = (...names: string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));

  it.each([
    [GITHUB, all, 'GH_TOKEN'],
    [GITHUB, without('GH_TOKEN'), 'GITHUB_TOKEN'],
    [SERVER, all, 'GH_ENTERPRISE_TOKEN'],
    [SERVER, without('GH_ENTERPRISE_TOKEN'), 'GITHUB_ENTERPRISE_TOKEN'],
    [STAND_IN, all, 'GH_ENTERPRISE_TOKEN'],
    [STAND_IN, without('GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'), 'GH_TOKEN'],
    [STAND_IN, { GITHUB_TOKEN: 'github' }, 'GITHUB_TOKEN'],
  ])('for %s of %j takes %s', async (apiBase, env, from) => {
    const found = await findToken({ ...noGh(), ...env }, apiBase);
    expect(found).toEqual({ from, token: Reflect.get(env, from) });
  });

  it.each([
    [GITHUB, { GH_ENTERPRISE_TOKEN: 'e', GITHUB_ENTERPRISE_TOKEN: 'e' }],
    [SERVER, { GH_TOKEN: 'g', GITHUB_TOKEN: 'g' }],
    ['https://127.0.0.1:4567', { GH_TOKEN: 'g', GITHUB_TOKEN: 'g' }],
  ])('never gives %s the token of another host (%j)', async (apiBase, env) => {
    expect((await failure(findToken({ ...noGh(), ...env }, apiBase))).code).toBe('NO_TOKEN');
  });

  posix.each([
    [GITHUB, 'github.com'],
    [SERVER, 'git.example.org'],
    ['https://api.acme.ghe.com', 'acme.ghe.com'],
    [STAND_IN, '127.0.0.1'],
  ])('asks gh about the host of %s, without telling it tokens of others', async (apiBase, host) => {
    const script = `[ "$GH_TOKEN$GITHUB_TOKEN" = "" ] && [ "$*" = "auth token --hostname ${host}" ] && echo gho_stored`;
    const env = withGh(script);
    const others = apiBase === SERVER ? { GH_TOKEN: 'other' } : {};
    expect(await findToken({ ...env, ...others }, apiBase)).toEqual({ token: 'gho_stored', from: 'gh' });
  });

  posix.each(['exit 1', 'true', 'echo "two words"', 'printf "no\\000token"'])(
    'says what to do when there is none (gh: %s)',
    async (script) => {
      const error = await failure(findToken(withGh(script), SERVER));
      expect(error.code).toBe('NO_TOKEN');
      expect(error.hint).toBe('set GH_ENTERPRISE_TOKEN, or sign in with `gh auth login --hostname git.example.org`');
    },
  );

  it('says so without gh, and takes empty variables for unset', async () => {
    const error = await failure(findToken({ ...noGh(), GH_TOKEN: '', GITHUB_TOKEN: '  ' }, GITHUB));
    expect(error).toMatchObject({ code: 'NO_TOKEN', message: 'no GitHub token for github.com' });
  });

  it('takes white space off, and names a variable that holds no token without showing it', async () => {
    expect(await findToken({ GH_TOKEN: ' gho_x\n' }, GITHUB)).toEqual({ token: 'gho_x', from: 'GH_TOKEN' });
    const error = await failure(findToken({ GH_TOKEN: 'ghp_half\nghp_other' }, GITHUB));
    expect(error).toMatchObject({ code: 'NO_TOKEN', message: expect.stringContaining('GH_TOKEN') });
    expect(everythingOf(error)).not.toMatch(/ghp_half|ghp_other/);
  });
});

describe('rememberToken', () => {
  it('looks once, and again after a refusal of that token', async () => {
    let looked = 0;
    const remembered = rememberToken((): Promise<FoundToken> => {
      looked++;
      return Promise.resolve({ token: `t${looked}`, from: 'gh' });
    });
    expect(await Promise.all([remembered.token(), remembered.token()])).toEqual(['t1', 't1']);
    remembered.refused('some other');
    expect(await remembered.token()).toBe('t1');
    remembered.refused('t1');
    expect(await remembered.token()).toBe('t2');
  });

  it('looks again after a failure', async () => {
    let looked = 0;
    const remembered = rememberToken(() =>
      looked++ === 0 ? Promise.reject(new Error('none yet')) : Promise.resolve({ token: 't', from: 'gh' }),
    );
    await expect(remembered.token()).rejects.toThrow('none yet');
    expect(await remembered.token()).toBe('t');
  });
});

describe('apiHost', () => {
  it.each([
    ['https://api.github.com', 'github.com'],
    ['https://API.GitHub.com/', 'github.com'],
    ['https://api.github.com:443', 'github.com'],
    ['https://api.github.com:8443', 'api.github.com'],
    ['https://Git.Example.org/api/v3', 'git.example.org'],
    ['https://api.acme.ghe.com', 'api.acme.ghe.com'],
    ['http://127.0.0.1:4567', '127.0.0.1'],
    ['http://127.0.0.1:9999', '127.0.0.1'],
    ['http://localhost:80', 'localhost'],
    ['http://[::1]:80', '[::1]'],
  ])('of %s is %s', (apiBase, host) => {
    expect(apiHost(apiBase)).toBe(host);
  });

  it.each([
    'api.github.com',
    'http://api.github.com',
    'http://127.0.0.1.evil.invalid',
    'http://localhost.evil.invalid',
    'http://10.0.0.1',
    'https://github.com',
    'https://github.com:8443',
    'https://user:secret@git.example.org',
    'https://git.example.org?x=1',
    'https://git.example.org#x',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    '',
  ])('refuses %j', (apiBase) => {
    let thrown: unknown;
    try {
      apiHost(apiBase);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'BAD_CONFIG' });
    expect(everythingOf(thrown)).not.toContain('user:secret');
  });
});
