/** What a test may do to the stand-in's world. All arguments and results are JSON, so that it works over HTTP too. */
import { type Fault, Faults } from './faults.ts';
import { type Org, type User, type World, findOrg, findUser, gistsListedFor, tokenHash } from './state.ts';
import { accessSteering } from './steering-access.ts';
import { repoSteering } from './steering-repos.ts';

export interface NewMember {
  login: string;
  role?: 'admin' | 'member';
  state?: 'active' | 'pending';
  /** Default false: concealed from outsiders. */
  public?: boolean;
}

export interface NewGist {
  owner: string;
  /** An existing id replaces that gist. */
  id?: string;
  public?: boolean;
  description?: string | null;
  files: Record<string, string>;
  truncated?: boolean;
  truncatedFiles?: string[];
  /** Logins in whose lists it appears although it is not theirs. */
  listedFor?: string[];
  /** The id of the gist that it is a copy of. */
  forkOf?: string;
}

export interface NewUser {
  login: string;
  id: number;
  name?: string;
  /** Of the token that it is given; null makes a fine-grained one. */
  scopes?: string[] | null;
  token?: string;
  /** Short code of the enterprise that manages the account. */
  enterprise?: string;
}

export interface LogEntry {
  method: string;
  /** Path with query. */
  path: string;
  /** 0 when the connection was closed without an answer. */
  status: number;
  /** Hash of the token ({@link tokenHash}), null without one. The token itself is not kept. */
  token: string | null;
  /** True when the request carried If-None-Match. */
  conditional: boolean;
}

/** Scopes of `gh auth login`. */
const GH_SCOPES = ['gist', 'read:org', 'repo'];

export interface Steered {
  world: World;
  faults: Faults;
  log: LogEntry[];
  /** Answers that GitHub could not have given. */
  mismatches: string[];
  random: (bytes: number) => Buffer;
}

export function createSteering({ world, faults, log, mismatches, random }: Steered) {
  const person = (login: string): User => {
    const user = findUser(world, login);
    if (!user) throw new Error(`the stand-in has no user ${login}`);
    return user;
  };
  const organisation = (login: string): Org => {
    const org = findOrg(world, login);
    if (!org) throw new Error(`the stand-in has no organisation ${login}`);
    return org;
  };
  const free = (login: string, id: number): void => {
    if (findUser(world, login) || findOrg(world, login)) throw new Error(`${login} is taken`);
    if (world.users.has(id) || world.orgs.has(id)) throw new Error(`id ${id} is taken`);
  };

  const steering = {
    /** Registers an account and gives it a token; a login that was freed may be registered again with a new id. */
    addUser(user: NewUser) {
      free(user.login, user.id);
      const now = world.now();
      world.users.set(user.id, {
        id: user.id,
        login: user.login,
        name: user.name ?? null,
        createdAt: now,
        updatedAt: now,
        suspended: false,
        enterprise: user.enterprise ?? null,
      });
      return steering.addToken(user.login, user.scopes, user.token);
    },
    /** A further token; `scopes` null makes a fine-grained one. */
    addToken(login: string, scopes: string[] | null = GH_SCOPES, token?: string): { token: string } {
      const value = token ?? `ghp_${random(18).toString('hex')}`;
      world.tokens.set(value, { uid: person(login).id, scopes, permissions: null, app: null, ssoFor: new Set() });
      return { token: value };
    },
    revokeToken(token: string): void {
      world.tokens.delete(token);
    },
    addOrg(org: { login: string; id: number; members?: (string | NewMember)[] }): void {
      free(org.login, org.id);
      const { id, login } = org;
      world.orgs.set(id, { id, login, createdAt: world.now(), members: new Map(), sso: false, apps: null });
      for (const member of org.members ?? []) steering.addMember(org.login, member);
    },
    /** Adds or changes a member. */
    addMember(org: string, member: string | NewMember): void {
      const {
        login,
        role = 'member',
        state = 'active',
        ...rest
      } = typeof member === 'string' ? { login: member } : member;
      const uid = person(login).id;
      organisation(org).members.set(uid, { uid, role, state, public: rest.public ?? false });
    },
    removeMember(org: string, login: string): void {
      organisation(org).members.delete(person(login).id);
    },
    /** An account or an organisation; the old login is free at once. */
    rename(login: string, newLogin: string): void {
      const named = findUser(world, login) ?? organisation(login);
      if (newLogin.toLowerCase() !== login.toLowerCase()) free(newLogin, -1);
      named.login = newLogin;
    },
    /** With everything that is the account's. */
    deleteUser(login: string): void {
      const { id } = person(login);
      world.users.delete(id);
      for (const [token, { uid }] of world.tokens) if (uid === id) world.tokens.delete(token);
      for (const [gistId, gist] of world.gists) if (gist.ownerId === id) world.gists.delete(gistId);
      for (const org of world.orgs.values()) org.members.delete(id);
    },
    /** Writes a gist as anybody. */
    putGist(gist: NewGist): { id: string } {
      const id = gist.id ?? random(16).toString('hex');
      const now = world.now();
      world.gists.set(id, {
        id,
        ownerId: person(gist.owner).id,
        public: gist.public ?? true,
        description: gist.description ?? null,
        files: new Map(Object.entries(gist.files)),
        createdAt: world.gists.get(id)?.createdAt ?? now,
        updatedAt: now,
        truncated: gist.truncated ?? false,
        truncatedFiles: new Set(gist.truncatedFiles),
        listedFor: new Set((gist.listedFor ?? []).map((login) => person(login).id)),
        hiddenFor: 0,
        forkOf: gist.forkOf ?? null,
      });
      return { id };
    },
    deleteGist(id: string): void {
      world.gists.delete(id);
    },
    /** The gists of an account, newest first. */
    gistsOf(
      login: string,
    ): { id: string; public: boolean; description: string | null; files: Record<string, string> }[] {
      return gistsListedFor(world, person(login).id).map(({ id, description, files, ...gist }) => ({
        id,
        public: gist.public,
        description,
        files: Object.fromEntries(files),
      }));
    },
    /** New gists are left out of the next `count` list replies that would show them. */
    setListLag(count: number): void {
      world.listLag = count;
    },
    setDateOffset(ms: number): void {
      world.dateOffsetMs = ms;
    },
    addFault: (fault: Fault): void => faults.add(fault),
    clearFaults: (): void => faults.clear(),
    /** All requests since the start or the last `clearLog`, oldest first. */
    requests: (): LogEntry[] => [...log],
    clearLog(): void {
      log.length = 0;
    },
    /** Answers so far that GitHub could not have given, as text. */
    mismatches: (): string[] => [...mismatches],
    tokenHash,
    ...accessSteering(world, person, organisation),
    ...repoSteering(world, person, organisation),
  };
  return steering;
}

export type Steering = ReturnType<typeof createSteering>;
