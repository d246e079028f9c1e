/** What a project is called towards others: by its git remote, else by its folder. Never by its path. */
import { open, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { gitRemotes } from './git-config.ts';

const NAME_MAX_BYTES = 128;
const FILE_MAX_BYTES = 1024 * 1024;
const UNNAMED = 'unnamed';

/**
 * Name of the repository that `cwd` lies in, from the url of its remote `origin` (else its first remote); without a
 * remote the name of the folder `cwd`. Printable, one line, 1 to 128 bytes. git is not run, and no file but git's is read.
 * Never throws: what cannot be read counts as not there.
 */
export async function projectName(cwd: string): Promise<string> {
  const config = await findGitConfig(resolve(cwd));
  if (config !== null) {
    const remotes = gitRemotes(config);
    const remote = remotes.find((r) => r.name === 'origin') ?? remotes[0];
    const name = remote ? printable(repositoryName(remote.url)) : '';
    if (name !== '') return name;
  }
  return printable(basename(resolve(cwd))) || UNNAMED;
}

/** Last part of the url's path without `.git`; '' where that could be something else, a host or a credential. */
function repositoryName(url: string): string {
  let path = url;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    try {
      path = decodeURIComponent(new URL(url).pathname);
    } catch {
      return '';
    }
  }
  const last =
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/:]/)
      .at(-1) ?? '';
  return last.includes('@') ? '' : last.replace(/\.git$/i, '');
}

/** The text of the config of the repository around `from`. */
async function findGitConfig(from: string): Promise<string | null> {
  for (let at = from; ; at = dirname(at)) {
    const dotGit = join(at, '.git');
    const kind = await stat(dotGit).catch(() => null);
    if (kind?.isDirectory()) {
      const config = await smallFile(join(dotGit, 'config'));
      if (config !== null) return config;
    } else if (kind?.isFile()) {
      return linkedConfig(dotGit);
    }
    if (dirname(at) === at) return null;
  }
}

/** A worktree's or submodule's `.git` file points to its own folder; a worktree's shares the config of the main one. */
async function linkedConfig(dotGit: string): Promise<string | null> {
  const target = /^gitdir:\s*(.+)$/m.exec((await smallFile(dotGit)) ?? '')?.[1]?.trim();
  if (target === undefined) return null;
  const gitDir = isAbsolute(target) ? target : resolve(dirname(dotGit), target);
  const common = (await smallFile(join(gitDir, 'commondir')))?.trim();
  return smallFile(join(common ? resolve(gitDir, common) : gitDir, 'config'));
}

async function smallFile(path: string): Promise<string | null> {
  try {
    const handle = await open(path, 'r');
    try {
      const found = await handle.stat();
      return found.isFile() && found.size <= FILE_MAX_BYTES ? await handle.readFile('utf8') : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

/** Without control, format and unassigned characters, on one line, cut between characters. */
function printable(text: string): string {
  let out = '';
  for (const character of text
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()) {
    if (Buffer.byteLength(out + character) > NAME_MAX_BYTES) break;
    out += character;
  }
  return out.trim();
}
