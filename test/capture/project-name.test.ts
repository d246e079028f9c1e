import fs from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitRemotes } from '../../src/capture/git-config.ts';
import { projectName } from '../../src/capture/index.ts';
import { useFolders } from './support.ts';

const folder = useFolders();

function put(path: string, text: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text);
}

function repository(config: string): string {
  const root = join(folder(), 'folder-name');
  put(join(root, '.git', 'config'), config);
  return root;
}

const remote = (url: string, name = 'origin'): string =>
  `[core]\n\tbare = false\n[remote "${name}"]\n\turl = ${url}\n\tfetch = +refs/x\n`;

describe('the name of a project', () => {
  it.each([
    ['git@github.com:acme/login-service.git', 'login-service'],
    ['https://github.com/acme/login-service', 'login-service'],
    ['https://github.com/acme/login-service.git/', 'login-service'],
    ['ssh://git@example.com:2222/acme/login-service.git', 'login-service'],
    ['https://alice:hunter2@example.com/acme/app.git?token=x#y', 'app'],
    ['https://hunter2@example.com', 'folder-name'],
    ['hunter2@example.com', 'folder-name'],
    ['/srv/git/app.git', 'app'],
    [String.raw`"C:\\repos\\app.git"`, 'app'],
    ['../app', 'app'],
    ['example.com:app', 'app'],
    ['https://example.com/my%20app', 'my app'],
    ['https://example.com/%zz', 'folder-name'],
    ['git@example.com:acme/.git', 'folder-name'],
  ])('of the remote %s is %s', async (url, name) => {
    expect(await projectName(repository(remote(url)))).toBe(name);
  });

  it('is that of origin, else of the first remote, else of the folder', async () => {
    expect(await projectName(repository(remote('x/fork', 'fork') + remote('x/one')))).toBe('one');
    expect(await projectName(repository(remote('x/fork', 'fork') + remote('x/up', 'upstream')))).toBe('fork');
    expect(await projectName(repository('[core]\n'))).toBe('folder-name');
    expect(await projectName(join(folder(), 'plain'))).toBe('plain');
    expect(await projectName('/')).toBe('unnamed');
  });

  it('is found from deep inside, also of a folder that is gone', async () => {
    const root = repository(remote('acme/app'));
    fs.mkdirSync(join(root, 'a', 'b'), { recursive: true });
    expect(await projectName(join(root, 'a', 'b'))).toBe('app');
    expect(await projectName(join(root, 'gone', 'c'))).toBe('app');
  });

  it('is found in a worktree and in a submodule', async () => {
    const root = repository(remote('acme/app'));
    const worktree = join(folder(), 'wt');
    put(join(worktree, '.git'), `gitdir: ${join(root, '.git', 'worktrees', 'wt')}\n`);
    put(join(root, '.git', 'worktrees', 'wt', 'commondir'), '../..\n');
    expect(await projectName(worktree)).toBe('app');
    put(join(root, 'sub', '.git'), 'gitdir: ../.git/modules/sub\n');
    put(join(root, '.git', 'modules', 'sub', 'config'), remote('acme/part'));
    expect(await projectName(join(root, 'sub'))).toBe('part');
    put(join(root, 'broken', '.git'), 'what?');
    expect(await projectName(join(root, 'broken'))).toBe('broken');
  });

  it('is printable, on one line, within 128 bytes', async () => {
    const name = await projectName(repository(remote(`acme/a\u202e\u0007b\u200b c${'é'.repeat(200)}`)));
    expect(name).toMatch(/^a b cé+$/);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(128);
    expect(Buffer.byteLength(name)).toBeGreaterThan(125);
  });

  it('comes from whatever lies there without failing', async () => {
    const root = repository('');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((url) => remote(url)),
        ),
        async (config) => {
          put(join(root, '.git', 'config'), config);
          const name = await projectName(root);
          expect(name).not.toMatch(/[\p{Cc}\p{Cf}\n]/u);
          expect(name.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
    fs.rmSync(join(root, '.git', 'config'));
    fs.mkdirSync(join(root, '.git', 'config'));
    expect(await projectName(root)).toBe('folder-name');
  });
});

describe('git config', () => {
  it('follows its sections, quotes, comments and long lines', () => {
    const config = [
      '; comment',
      '[REMOTE "a b\\"c"] URL = one # not this',
      '[remote "two"]',
      '  url = "x # y" ; z',
      '  url = second',
      '[remote "three"]',
      '  pushurl = no',
      '  url = long\\',
      'er',
      '[branch "two"]',
      '  url = not a remote',
      '[remote "four"]',
      '  url',
    ].join('\r\n');
    expect(gitRemotes(config)).toEqual([
      { name: 'a b"c', url: 'one' },
      { name: 'two', url: 'x # y' },
      { name: 'three', url: 'longer' },
    ]);
  });
});
