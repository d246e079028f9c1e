/**
 * Where this daemon belongs: API, workspace, network. Fixed at `init` in config.json; the environment counts for `init`
 * and for a foreground daemon only, so that a repository's settings cannot redirect a token.
 */
import HyperDHT from 'hyperdht';
import { TeammateSyncError } from '../errors.ts';
import { apiHost, GITHUB_API } from '../platform/api-host.ts';
import {
  type Config,
  isLoopbackBootstrap,
  type Limits,
  limitsOf,
  parseBootstrap,
  readConfig,
} from '../platform/config.ts';
import { type HomePaths, homeDir, homePaths } from '../platform/paths.ts';

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
  /** All of the DHT is on this machine: so is everything we bind to. */
  loopback: boolean;
}

/** @throws BAD_CONFIG for a home that is not an absolute path */
export function pathsOf(env: Environment): HomePaths {
  return homePaths(homeDir(env), env);
}

/** What `init` is to fix: the environment, else what an earlier one fixed, else the defaults. */
export function chosen(env: Environment, config: Config | null): { apiBase: string; bootstrap: string[] | null } {
  const apiBase = env['TEAMMATE_SYNC_GITHUB_API']?.replace(/\/+$/, '') || config?.apiBase || GITHUB_API;
  const typed = env['TEAMMATE_SYNC_BOOTSTRAP'];
  return { apiBase, bootstrap: typed ? parseBootstrap(typed) : (config?.bootstrap ?? null) };
}

/**
 * @param env of a foreground daemon, whose variables count; null in the background
 * @throws NOT_SET_UP, BAD_CONFIG
 */
export function loadSettings(paths: HomePaths, env: Environment | null): Settings {
  const config = readConfig(paths.config);
  if (!config) throw new TeammateSyncError('NOT_SET_UP', `nothing is set up in ${paths.home}`);
  const { apiBase, bootstrap } = env ? chosen(env, config) : config;
  const host = apiHost(apiBase);
  if (host !== config.host) {
    throw new TeammateSyncError('BAD_CONFIG', `this home was set up for ${config.host}, not for ${host}`, {
      hint: 'unset TEAMMATE_SYNC_GITHUB_API, or run `teammate-sync init` with it',
    });
  }
  return {
    paths,
    apiBase,
    host,
    org: config.org,
    orgId: config.orgId,
    bootstrap: bootstrap ?? HyperDHT.BOOTSTRAP,
    relay: config.relay === undefined ? null : Buffer.from(config.relay, 'hex'),
    limits: limitsOf(config),
    loopback: bootstrap !== null && isLoopbackBootstrap(bootstrap),
  };
}
