/** The stand-in's world: people, organisations, gists, tokens. Plain data and look-ups; no HTTP. */
import { createHash } from 'node:crypto';

export interface User {
  id: number;
  login: string;
  name: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface Member {
  uid: number;
  role: 'admin' | 'member';
  state: 'active' | 'pending';
  /** A member who is not public is hidden from those outside the organisation. */
  public: boolean;
}

export interface Org {
  id: number;
  login: string;
  createdAt: number;
  members: Map<number, Member>;
}

export interface Gist {
  id: string;
  ownerId: number;
  public: boolean;
  description: string | null;
  files: Map<string, string>;
  createdAt: number;
  updatedAt: number;
  /** What GitHub says of a gist with too many files. */
  truncated: boolean;
  /** Files that are said to be cut, whatever their size. */
  truncatedFiles: Set<string>;
  /** A lie for tests: also listed among the gists of these accounts. */
  listedFor: Set<number>;
  /** GitHub's lists lag behind: left out of this many list replies. */
  hiddenFor: number;
}

export interface Token {
  uid: number;
  /** Scopes of a classic token; null for a fine-grained one, which has no scope header. */
  scopes: string[] | null;
}

/** One window of the hourly limit. */
export interface RateWindow {
  used: number;
  resetAt: number;
}

export interface World {
  readonly users: Map<number, User>;
  readonly orgs: Map<number, Org>;
  readonly gists: Map<string, Gist>;
  readonly tokens: Map<string, Token>;
  readonly rates: Map<string, RateWindow>;
  /** Requests an hour for an account, all its tokens together. */
  rateLimit: number;
  /** Milliseconds added to the injected clock: the Date header and all times in replies. */
  dateOffsetMs: number;
  /** How many list replies leave out a gist that was just created. */
  listLag: number;
  /** Injected clock plus the offset, in milliseconds since 1970. */
  now(): number;
}

export function createWorld(now: () => number, rateLimit: number): World {
  const world: World = {
    users: new Map(),
    orgs: new Map(),
    gists: new Map(),
    tokens: new Map(),
    rates: new Map(),
    rateLimit,
    dateOffsetMs: 0,
    listLag: 0,
    now: () => now() + world.dateOffsetMs,
  };
  return world;
}

function byLogin<T extends { login: string }>(all: Iterable<T>, login: string): T | undefined {
  const wanted = login.toLowerCase();
  for (const one of all) if (one.login.toLowerCase() === wanted) return one;
  return undefined;
}

/** GitHub finds logins whatever their case. */
export function findUser(world: World, login: string): User | undefined {
  return byLogin(world.users.values(), login);
}

export function findOrg(world: World, login: string): Org | undefined {
  return byLogin(world.orgs.values(), login);
}

/** True for somebody who accepted the invitation into the organisation. */
export function isActive(org: Org, uid: number | undefined): boolean {
  return uid !== undefined && org.members.get(uid)?.state === 'active';
}

/** Newest first, as GitHub lists them. */
export function gistsListedFor(world: World, uid: number): Gist[] {
  return [...world.gists.values()]
    .filter((gist) => gist.ownerId === uid || gist.listedFor.has(uid))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
}

/** What the log and the ETag hold in place of a token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}
