/** Signing in for `init`: the token that is there, or a new one by the device flow, and whose it is. */
import { TeammateSyncError } from '../errors.ts';
import {
  createGithubDirectory,
  type DeviceCode,
  type FoundToken,
  forgetToken,
  type GithubDirectory,
  keepToken,
  lacksScope,
  lookForToken,
  missingScopes,
  noToken,
  rememberToken,
  signInDevice,
} from '../github/index.ts';
import type { Account } from '../identity/index.ts';
import { parseApiBase } from '../platform/api-host.ts';
import type { Clock } from '../platform/clock.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import type { Environment } from './settings.ts';

export interface SignInOptions {
  env: Environment;
  apiBase: string;
  /** Path of auth.json. */
  auth: string;
  clock: Clock;
  /** Public id of the OAuth app for the device flow; null: none is configured. */
  clientId: string | null;
  /** Null: nobody is there to type a code, or nothing may be changed. */
  person: { onCode: (code: DeviceCode) => void; onWait: (leftMs: number) => void } | null;
  signal: AbortSignal;
  /** Null until it is chosen. */
  workspace: () => string | null;
}

export interface SignedIn {
  directory: GithubDirectory;
  me: Account;
  /** In words. */
  from: string;
}

/**
 * A token from the environment or of `gh` that GitHub does not accept ends it: it was put there on purpose. One of
 * auth.json is replaced by signing in again.
 * @throws NO_TOKEN, SIGN_IN_*, GITHUB_*, UNSAFE_FILE; the signal's reason
 */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const { env, apiBase, auth, person, clientId } = options;
  const found = await lookForToken(env, apiBase, auth);
  if (found) {
    try {
      return await signedIn(options, found);
    } catch (error) {
      const over = found.from === 'auth.json' && error instanceof TeammateSyncError && error.code === 'NO_TOKEN';
      if (!over || !person || clientId === null) throw error;
      forgetToken(auth);
    }
  }
  if (clientId === null) {
    throw noToken(
      apiBase,
      ', or without gh: `teammate-sync init --client-id` with an OAuth app that has the device flow',
    );
  }
  if (!person) throw noToken(apiBase, ', or run `teammate-sync init` in a terminal, without --yes');
  const base = parseApiBase(apiBase);
  const { clock, signal } = options;
  const token = await signInDevice({ base, clientId, version: PRODUCT_VERSION, clock, signal, ...person });
  const fresh = await signedIn(options, { token, from: 'auth.json' });
  keepToken(auth, base.host, token);
  return fresh;
}

async function signedIn({ env, apiBase, auth, clock, workspace }: SignInOptions, found: FoundToken): Promise<SignedIn> {
  let first: FoundToken | null = found;
  // Asked again once GitHub has refused it: gh may have a newer one.
  const remembered = rememberToken(async () => {
    const next = first ?? (await lookForToken(env, apiBase, auth));
    first = null;
    if (next) return next;
    throw noToken(apiBase);
  });
  const { token, refused } = remembered;
  const directory = createGithubDirectory({ apiBase, token, refused, version: PRODUCT_VERSION, clock, workspace });
  const me = await directory.whoAmI();
  const missing = missingScopes(directory.contact().scopes);
  if (missing.length > 0) throw lacksScope(missing.join(' and '), parseApiBase(apiBase));
  return { directory, me, from: placeOf(found, auth) };
}

const placeOf = ({ from }: FoundToken, auth: string): string =>
  from === 'gh' ? 'gh auth token' : from === 'auth.json' ? auth : from;
