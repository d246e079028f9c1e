/** The stand-in's world: people, organisations, gists, tokens. Plain data and look-ups; no HTTP. */
import { createHash } from 'node:crypto';
import { type DeviceFlows, createDeviceFlows } from './device-flow.ts';
import type { Repo } from './state-repos.ts';

/** GitHub Enterprise Server differs in where it is (`/api/v3`), in its limits and in its versions of the API. */
export type Product = 'github.com' | 'ghes';

export interface User {
  id: number;
  login: string;
  name: string | null;
  createdAt: number;
  updatedAt: number;
  suspended: boolean;
  /** Short code of the enterprise that manages the account: nobody outside sees it, and it has no gists. Else null. */
  enterprise: string | null;
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
  /** Wants single sign-on: a token must have been authorised for it. */
  sso: boolean;
  /** OAuth apps that it lets see what members see; null: all. */
  apps: Set<string> | null;
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
  /** The gist that it is a copy of. */
  forkOf: string | null;
}

export interface Token {
  uid: number;
  /** Scopes of a classic token; null for a fine-grained one, which has no scope header. */
  scopes: string[] | null;
  /** What a fine-grained token may do (`gists=write`, `members=read`, …); null: everything. */
  permissions: string[] | null;
  /** Client id of the OAuth app that it was given to; null for one that the person made. */
  app: string | null;
  /** Ids of the organisations that it is authorised for by single sign-on. */
  ssoFor: Set<number>;
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
  /** When each account wrote in the last minute. */
  readonly writes: Map<string, number[]>;
  readonly repos: Map<number, Repo>;
  readonly deviceFlows: DeviceFlows;
  readonly product: Product;
  /** Requests an hour for an account, all its tokens together; null: no limit, and no headers that tell of one. */
  rateLimit: number | null;
  /** How often an account may write in a minute. */
  writesPerMinute: number;
  /** 403 or 429: GitHub uses both for its limits. */
  limitStatus: number;
  /** Switched off by an administrator: all of gists is a 404. */
  gistsOff: boolean;
  /** Of an error in device sign-in: GitHub is said to use 200, by others 400. */
  deviceErrorStatus: number;
  /** Nothing is shown to who is not signed in (GHES). */
  privateMode: boolean;
  /** Milliseconds added to the injected clock: the Date header and all times in replies. */
  dateOffsetMs: number;
  /** How many list replies leave out a gist that was just created. */
  listLag: number;
  /** Injected clock plus the offset, in milliseconds since 1970. */
  now(): number;
}

export interface WorldOptions {
  now: () => number;
  random: (bytes: number) => Buffer;
  product: Product;
  rateLimit: number | null;
}

/** Content that an account may make in a minute. */
const WRITES_PER_MINUTE = 80;

export function createWorld({ now, random, product, rateLimit }: WorldOptions): World {
  const world: World = {
    users: new Map(),
    orgs: new Map(),
    gists: new Map(),
    tokens: new Map(),
    rates: new Map(),
    writes: new Map(),
    repos: new Map(),
    deviceFlows: createDeviceFlows(() => world.now(), random),
    product,
    rateLimit,
    writesPerMinute: WRITES_PER_MINUTE,
    limitStatus: 403,
    gistsOff: false,
    privateMode: false,
    deviceErrorStatus: 200,
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
