/** The Directory of the rest of the product over GitHub's REST API. */
import { TeammateSyncError } from '../errors.ts';
import type { Account, Directory, Membership } from '../identity/index.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import {
  GITHUB_RESPONSE_MAX_BYTES,
  GITHUB_RETRY_PAUSE_MS,
  GITHUB_TIMEOUT_MS,
  GITHUB_WRITE_GAP_MS,
} from '../protocol/limits.ts';
import { parseApiBase } from '../platform/api-host.ts';
import { type Api, createApi } from './api.ts';
import { account as accountDecoder, memberPage } from './decode.ts';
import { unreachable } from './bounded-fetch.ts';
import type { GithubContact } from './contact.ts';
import { readEverywhere } from './everywhere.ts';
import { createGistWriter } from './gist-writer.ts';
import { createKeyring } from './keyring.ts';
import { createKeyringWriter } from './keyring-writer.ts';
import { createPublisher } from './publisher.ts';
import { accountByUid, recordReader } from './records.ts';
import { isClearNotFound } from './refusal.ts';
import { organisation, organisationById, orgNameOf, type Workspaces, workspaces } from './workspace.ts';

export interface GithubDirectory extends Directory {
  /** The account that has this durable id now, after a rename under its new login. @throws NO_SUCH_PERSON, as whoAmI */
  accountByUid(uid: number): Promise<Account>;
  /** One's own organisations. @throws as whoAmI */
  workspaces(): Promise<Workspaces>;
  /** When GitHub answered last, and what went wrong since. */
  contact(): GithubContact;
}

export interface GithubOptions {
  /** `https://api.github.com`, `https://HOST/api/v3`, or plain http on loopback. */
  apiBase: string;
  /** Asked before each request; see rememberToken. */
  token: () => Promise<string>;
  /** Told of a token that GitHub does not accept; when `token` then gives another one, the request is made again. */
  refused?: (token: string) => void;
  /** The name of the org whose keyring is read and written; null: it is not chosen yet. None by default. */
  workspace?: () => string | null;
  /** Of the product, for the User-Agent. */
  version: string;
  clock?: Clock;
  /** Pause between writes; default GITHUB_WRITE_GAP_MS, none on loopback. */
  writeGapMs?: number;
  /** Before a read is made again; default GITHUB_RETRY_PAUSE_MS, none on loopback. */
  retryPauseMs?: number;
  timeoutMs?: number;
  responseMaxBytes?: number;
}

/** A name that may stand in a URL. */
function nameOf(typed: string): string {
  const name = normaliseHandle(typed);
  if (name === null)
    throw new TeammateSyncError('NO_SUCH_PERSON', `${JSON.stringify(typed.slice(0, 64))} is not a handle`);
  return encodeURIComponent(name);
}

async function account(api: Api, typed: string): Promise<Account> {
  const name = nameOf(typed);
  const found = await api.get(`/users/${name}`, accountDecoder);
  if (!found) throw new TeammateSyncError('NO_SUCH_PERSON', `GitHub knows no account ${name}`);
  if (found.login.toLowerCase() !== name)
    throw unreachable(`GitHub answered for ${found.login} when asked for ${name}`);
  if (found.type === 'User') return { uid: found.id, login: found.login };
  throw new TeammateSyncError('NO_SUCH_PERSON', `${found.login} is not a person's account on GitHub`);
}

async function membership(api: Api, org: string, typed: string): Promise<Membership> {
  try {
    const { answer, refused } = await api.ask(`/orgs/${orgNameOf(org)}/members/${nameOf(typed)}`);
    if (answer.status === 204) return { is: 'yes' };
    if (isClearNotFound(answer)) return { is: 'no' };
    // Followed, the redirect would end in the 404 of the public list, which looks like a no.
    const outside = 'you are not a member of the organisation, or your token may not see its members';
    return { is: 'unknown', why: answer.status === 302 ? outside : refused().message };
  } catch (error) {
    return { is: 'unknown', why: error instanceof Error ? error.message : 'an unknown failure' };
  }
}

async function members(api: Api, typed: string): Promise<Account[]> {
  const name = orgNameOf(typed);
  const all = new Map<number, Account>();
  for await (const page of api.pages(`/orgs/${name}/members?per_page=100`, memberPage, 'fail')) {
    if (page === null) throw new TeammateSyncError('NOT_A_MEMBER', `GitHub shows you no organisation ${name}`);
    // A page boundary that moved while reading shows somebody twice. Copied: kept answers stay as they are.
    for (const { uid, login } of page) all.set(uid, { uid, login });
  }
  return [...all.values()];
}

/**
 * @throws BAD_CONFIG when `apiBase` is not one (as parseApiBase). Nothing is asked before the first call of a method.
 */
export function createGithubDirectory(options: GithubOptions): GithubDirectory {
  const base = parseApiBase(options.apiBase);
  const clock = options.clock ?? systemClock;
  const api = createApi({
    base,
    clock,
    token: options.token,
    refused: options.refused ?? (() => undefined),
    client: {
      userAgent: `teammate-sync/${options.version}`,
      writeGapMs: options.writeGapMs ?? (base.loopback ? 0 : GITHUB_WRITE_GAP_MS),
      retryPauseMs: options.retryPauseMs ?? (base.loopback ? 0 : GITHUB_RETRY_PAUSE_MS),
      timeoutMs: options.timeoutMs ?? GITHUB_TIMEOUT_MS,
      maxBytes: options.responseMaxBytes ?? GITHUB_RESPONSE_MAX_BYTES,
    },
  });

  async function whoAmI(): Promise<Account> {
    const me = await api.get('/user', accountDecoder);
    if (!me) throw unreachable('GitHub does not know whose token this is');
    if (me.type === 'User') return { uid: me.id, login: me.login };
    throw new TeammateSyncError('GITHUB_REFUSED', `the token belongs to ${me.login}, which is not a person`);
  }

  const workspace = options.workspace ?? (() => null);
  const keyring = createKeyring({ api, base, clock, workspace });

  return {
    host: base.host,
    whoAmI,
    organisation: (login) => organisation(api, login, base),
    organisationById: (id) => organisationById(api, id),
    account: (handle) => account(api, handle),
    async accountByUid(uid) {
      const found = await accountByUid(api, uid);
      if (found) return found;
      throw new TeammateSyncError('NO_SUCH_PERSON', `GitHub knows no account with the id ${uid}`);
    },
    workspaces: () => workspaces(api),
    membership: (org, login) => membership(api, org, login),
    members: (org) => members(api, org),
    records: readEverywhere(recordReader(api, clock), keyring),
    ...createPublisher({
      gists: createGistWriter(api),
      keyring: createKeyringWriter({ api, base, keyring, workspace }),
      ...{ whoAmI, workspace },
    }),
    dateSkewMs: () => api.dateSkewMs(),
    contact: () => api.contact(),
  };
}
