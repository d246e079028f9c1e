/**
 * Where this daemon belongs: API, workspace, network. Fixed at `init` in config.json. Where the token goes is fixed for
 * good: the environment counts for the first `init` alone, so that a repository's settings cannot redirect it.
 */
import { TeammateSyncError } from '../errors.ts';
import { GITHUB_API } from '../platform/api-host.ts';
import {
  ANSWER_MODEL,
  type Config,
  isLoopbackBootstrap,
  type Limits,
  limitsOf,
  parseBootstrap,
  readConfig,
} from '../platform/config.ts';
import { type HomePaths, homeDir, homePaths } from '../platform/paths.ts';
import { PUBLIC_BOOTSTRAP } from '../platform/public-dht.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  paths: HomePaths;
  apiBase: string;
  host: string;
  org: string;
  orgId: number;
  bootstrap: string[];
  /** Public key of the team's relay; null: none. */
  relay: Buffer | null;
  limits: Limits;
  /** Messages on the user's desktop. */
  notifications: boolean;
  /** That writes answers, when somebody wishes for one. */
  answerModel: string;
  /** All of the DHT is on this machine: so is everything we bind to. */
  loopback: boolean;
}

/** @throws BAD_CONFIG for a home that is not an absolute path */
export function pathsOf(env: Environment): HomePaths {
  return homePaths(homeDir(env), env);
}

const apiBaseIn = (env: Environment): string | undefined =>
  env['TEAMMATE_SYNC_GITHUB_API']?.replace(/\/+$/, '') || undefined;

/** What `init` is to fix: the API base once, the network from the environment each time, else as it was. */
export function chosen(env: Environment, config: Config | null): { apiBase: string; bootstrap: string[] | null } {
  const apiBase = config?.apiBase ?? apiBaseIn(env) ?? GITHUB_API;
  const typed = env['TEAMMATE_SYNC_BOOTSTRAP'];
  return { apiBase, bootstrap: typed ? parseBootstrap(typed) : (config?.bootstrap ?? null) };
}

/** What the environment names in place of the API base that is fixed; null: nothing else. */
export function unheededApiBase(env: Environment, config: Config | null): string | null {
  const named = apiBaseIn(env);
  return config && named !== undefined && named !== config.apiBase ? named : null;
}

/**
 * @param env of a foreground daemon, whose variables count; null in the background
 * @throws NOT_SET_UP, BAD_CONFIG
 */
export function loadSettings(paths: HomePaths, env: Environment | null): Settings {
  const config = readConfig(paths.config);
  if (!config) throw new TeammateSyncError('NOT_SET_UP', `nothing is set up in ${paths.home}`);
  if (config.signedOut === true) throw new TeammateSyncError('NOT_SET_UP', 'this home is signed out');
  const { apiBase, bootstrap } = env ? chosen(env, config) : config;
  return {
    paths,
    apiBase,
    host: config.host,
    org: config.org,
    orgId: config.orgId,
    bootstrap: bootstrap ?? [...PUBLIC_BOOTSTRAP],
    relay: config.relay === undefined ? null : Buffer.from(config.relay, 'hex'),
    limits: limitsOf(config),
    notifications: config.notifications ?? true,
    answerModel: config.answerModel ?? ANSWER_MODEL,
    loopback: bootstrap !== null && isLoopbackBootstrap(bootstrap),
  };
}
