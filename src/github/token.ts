/** Where the GitHub token comes from. It stays in memory; it is never written, logged or put into a message. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TeammateSyncError } from '../errors.ts';
import { GITHUB_TIMEOUT_MS } from '../protocol/limits.ts';
import { parseApiBase } from '../platform/api-host.ts';

export type TokenSource = 'GH_TOKEN' | 'GITHUB_TOKEN' | 'GH_ENTERPRISE_TOKEN' | 'GITHUB_ENTERPRISE_TOKEN' | 'gh';

export interface FoundToken {
  token: string;
  from: TokenSource;
}

/** A token goes only to the host it is for: gh's own rule which variable is meant for which host. */
const PUBLIC = ['GH_TOKEN', 'GITHUB_TOKEN'] as const;
const ENTERPRISE = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'] as const;

const run = promisify(execFile);

/** Printable ASCII without spaces: anything else would break the header, and the error of that quotes the value. */
export function isUsableToken(token: string): boolean {
  return /^[\x21-\x7e]{1,1024}$/.test(token);
}

async function askGh(env: NodeJS.ProcessEnv, hostname: string): Promise<string | null> {
  // gh counts GH_TOKEN also for some hosts beside github.com; here it may only say what was stored for this host.
  const stored = { ...env };
  for (const name of [...PUBLIC, ...ENTERPRISE]) delete stored[name];
  try {
    const { stdout } = await run('gh', ['auth', 'token', '--hostname', hostname], {
      env: stored,
      timeout: GITHUB_TIMEOUT_MS,
      maxBuffer: 64 * 1024,
      windowsHide: true,
    });
    return stdout.trim();
  } catch {
    // Not installed, not signed in, hung: the same to us. The error is dropped because it may hold output.
    return null;
  }
}

/**
 * The token for `apiBase`: the environment first, then `gh auth token`. For https://api.github.com GH_TOKEN and
 * GITHUB_TOKEN count; for other hosts GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN, and after these, for plain http
 * on loopback only (a stand-in), GH_TOKEN and GITHUB_TOKEN.
 * @throws NO_TOKEN when there is none or it cannot be one; BAD_CONFIG as parseApiBase
 */
export async function findToken(env: NodeJS.ProcessEnv, apiBase: string): Promise<FoundToken> {
  const { host, webHost, url } = parseApiBase(apiBase);
  const standIn = url.protocol === 'http:';
  const names = host === 'github.com' ? PUBLIC : standIn ? [...ENTERPRISE, ...PUBLIC] : ENTERPRISE;
  for (const from of names) {
    const token = env[from]?.trim();
    if (token === undefined || token === '') continue;
    if (isUsableToken(token)) return { token, from };
    throw new TeammateSyncError('NO_TOKEN', `${from} is set, but what it holds cannot be a token`);
  }
  const token = await askGh(env, webHost);
  if (token !== null && isUsableToken(token)) return { token, from: 'gh' };
  throw new TeammateSyncError('NO_TOKEN', `no GitHub token for ${webHost}`, {
    hint: `set ${names[0]}, or sign in with \`gh auth login --hostname ${webHost}\``,
  });
}

/**
 * Keeps a found token in memory, so that `gh` is not started for each request. `refused` forgets it: the next `token()`
 * looks again. Both fit the options of createGithubDirectory.
 */
export function rememberToken(find: () => Promise<FoundToken>): {
  token: () => Promise<string>;
  refused: (token: string) => void;
} {
  let known: string | null = null;
  let search: Promise<string> | null = null;
  return {
    token() {
      if (known !== null) return Promise.resolve(known);
      search ??= find()
        .then((found) => (known = found.token))
        .finally(() => {
          search = null;
        });
      return search;
    },
    refused(token) {
      if (token === known) known = null;
    },
  };
}
