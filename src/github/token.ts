/**
 * Where the GitHub token comes from. It is never logged or put into a message; written it is only by auth-file.ts, and only
 * when it came from the device flow.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TeammateSyncError } from '../errors.ts';
import { GITHUB_TIMEOUT_MS } from '../protocol/limits.ts';
import { type ApiBase, parseApiBase } from '../platform/api-host.ts';
import { readKeptToken } from './auth-file.ts';

export type TokenSource =
  | 'GH_TOKEN'
  | 'GITHUB_TOKEN'
  | 'GH_ENTERPRISE_TOKEN'
  | 'GITHUB_ENTERPRISE_TOKEN'
  | 'gh'
  | 'auth.json';

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

/** The variables that count for this host, in their order. */
function variablesFor({ host, url }: ApiBase): readonly (typeof PUBLIC | typeof ENTERPRISE)[number][] {
  if (host === 'github.com') return PUBLIC;
  return url.protocol === 'http:' ? [...ENTERPRISE, ...PUBLIC] : ENTERPRISE;
}

/**
 * The token for `apiBase`, or null: the environment first, then `gh auth token`, then what the device flow left in
 * auth.json. For https://api.github.com GH_TOKEN and GITHUB_TOKEN count; for other hosts GH_ENTERPRISE_TOKEN and
 * GITHUB_ENTERPRISE_TOKEN, and after these, for plain http on loopback only (a stand-in), GH_TOKEN and GITHUB_TOKEN.
 * @param auth path of auth.json; null: none is kept
 * @throws NO_TOKEN for a variable that cannot hold one; UNSAFE_FILE, BAD_CONFIG for auth.json; BAD_CONFIG as parseApiBase
 */
export async function lookForToken(
  env: NodeJS.ProcessEnv,
  apiBase: string,
  auth: string | null = null,
): Promise<FoundToken | null> {
  const base = parseApiBase(apiBase);
  for (const from of variablesFor(base)) {
    const token = env[from]?.trim();
    if (token === undefined || token === '') continue;
    if (isUsableToken(token)) return { token, from };
    throw new TeammateSyncError('NO_TOKEN', `${from} is set, but what it holds cannot be a token`);
  }
  const token = await askGh(env, base.webHost);
  if (token !== null && isUsableToken(token)) return { token, from: 'gh' };
  const kept = auth === null ? null : readKeptToken(auth, base.host);
  return kept === null ? null : { token: kept, from: 'auth.json' };
}

/** The error when there is none, with what to do; @param more a further way, as the end of the hint */
export function noToken(apiBase: string, more = ''): TeammateSyncError {
  const base = parseApiBase(apiBase);
  return new TeammateSyncError('NO_TOKEN', `no GitHub token for ${base.webHost}`, {
    hint: `set ${variablesFor(base)[0]}, or sign in with \`gh auth login --hostname ${base.webHost}\`${more}`,
  });
}

/** As {@link lookForToken}. @throws NO_TOKEN also when there is none */
export async function findToken(
  env: NodeJS.ProcessEnv,
  apiBase: string,
  auth: string | null = null,
): Promise<FoundToken> {
  const found = await lookForToken(env, apiBase, auth);
  if (found) return found;
  throw noToken(apiBase);
}

/**
 * Keeps a found token in memory, so that `gh` is not started for each request. `refused` forgets it: the next `token()`
 * looks again. Both fit the options of createGithubDirectory.
 */
export function rememberToken(find: () => Promise<FoundToken>): {
  token: () => Promise<string>;
  refused: (token: string) => void;
  /** Where the token that was used last came from; null before the first. */
  from: () => TokenSource | null;
} {
  let known: string | null = null;
  let from: TokenSource | null = null;
  let search: Promise<string> | null = null;
  return {
    token() {
      if (known !== null) return Promise.resolve(known);
      search ??= find()
        .then((found) => {
          from = found.from;
          return (known = found.token);
        })
        .finally(() => {
          search = null;
        });
      return search;
    },
    refused(token) {
      if (token === known) known = null;
    },
    from: () => from,
  };
}
