/** config.json: what `init` fixed. No secrets; those are in auth.json and keys/. */
import { TeammateSyncError } from '../errors.ts';
import {
  bool,
  type Decoded,
  DecodeError,
  int,
  list,
  nullable,
  object,
  oneOf,
  optional,
  text,
} from '../protocol/decode.ts';
import { OAUTH_CLIENT_ID, RELAY_KEY } from '../protocol/ids.ts';
import { parseJson } from '../protocol/json.ts';
import { LINKED_DEVICES_MAX, PERSON_MAX_BYTES, SESSION_MAX_BYTES, SWARM_MAX_PEERS } from '../protocol/limits.ts';
import { apiHost } from './api-host.ts';
import { readPrivateFile, replacePrivateFile } from './private-files.ts';

/** The model that writes answers where none is configured. */
export const ANSWER_MODEL = 'claude-sonnet-5-5';

const MIB = 1024 * 1024;
/** 1 TiB: beyond it a number of MiB is a number of bytes that somebody typed. */
const LIMIT_MAX_MIB = MIB;
const CONFIG_MAX_BYTES = 64 * 1024;
const BOOTSTRAP_MAX = 64;
/** An IPv4 address or host name, or an IPv6 address in brackets, and a port. */
const HOST_PORT = /^(?:[a-z0-9](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\]):([0-9]{1,5})$/i;

/** What is taken of others at most; what is absent is as in protocol/limits.ts. */
const limitsDecoder = object({
  /** MiB of one session. */
  sessionMiB: optional(int(1, LIMIT_MAX_MIB)),
  /** MiB of all sessions of one person. */
  personMiB: optional(int(1, LIMIT_MAX_MIB)),
  /** Devices that are linked at once. */
  devices: optional(int(1, SWARM_MAX_PEERS)),
});

const configDecoder = object({
  v: oneOf(1),
  /** Base URL of the GitHub API, without a slash at its end. */
  apiBase: text(512),
  /** GitHub host as it stands in identities: `github.com`, else the host name of apiBase (no port: a stand-in changes it). */
  host: text(255, /^[a-z0-9.:[\]-]+$/),
  /** The workspace: login and numeric id of a GitHub org. */
  org: text(64, /^[A-Za-z0-9][A-Za-z0-9_-]*$/),
  orgId: int(1),
  /** The DHT to join, host:port each; null: the public one. */
  bootstrap: nullable(list(text(300, HOST_PORT), BOOTSTRAP_MAX)),
  /** Public key of the relay that the team runs, hex; absent: none. */
  relay: optional(text(64, RELAY_KEY)),
  /** Public id of the OAuth app that people sign in with where there is no `gh`; absent: none. */
  oauthClientId: optional(text(100, OAUTH_CLIENT_ID)),
  /** Signed out by `logout`: nothing runs here until the next `init`. */
  signedOut: optional(bool),
  /** What is taken of others at most; absent: as in docs/LIMITS.md. */
  limits: optional(limitsDecoder),
  /** Messages on the user's desktop; absent: wanted. */
  notifications: optional(bool),
  /** That writes answers, by Anthropic's name for it; absent: ANSWER_MODEL. */
  answerModel: optional(text(100, /^[\w.:@/-]+$/)),
  /** False: the person was asked for rules of permissions.deny in Claude Code, and did not want them; absent: not so. */
  denyRules: optional(bool),
});

/** In bytes and devices, with what was not configured as in protocol/limits.ts. */
export interface Limits {
  sessionMaxBytes: number;
  personMaxBytes: number;
  devicesMax: number;
}

export type Config = Decoded<typeof configDecoder>;

/**
 * @returns null when there is no file (not set up yet)
 * @throws TeammateSyncError BAD_CONFIG naming file and field; UNSAFE_FILE
 */
export function readConfig(path: string): Config | null {
  const bytes = readPrivateFile(path);
  if (bytes === null) return null;
  try {
    return checked(parseJson(bytes, CONFIG_MAX_BYTES, configDecoder, 'config'));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_CONFIG', `${path}: ${error.message}`, { cause: error });
  }
}

/** The limits that hold with this configuration. */
export function limitsOf({ limits = {} }: Pick<Config, 'limits'>): Limits {
  const { sessionMiB, personMiB, devices = LINKED_DEVICES_MAX } = limits;
  return {
    sessionMaxBytes: sessionMiB === undefined ? SESSION_MAX_BYTES : sessionMiB * MIB,
    personMaxBytes: personMiB === undefined ? PERSON_MAX_BYTES : personMiB * MIB,
    devicesMax: devices,
  };
}

/** Replaces the file as a whole, after the same checks as for reading. @throws TeammateSyncError BAD_CONFIG, UNSAFE_FILE */
export function writeConfig(path: string, config: Config): void {
  try {
    checked(configDecoder(config, 'config'));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_CONFIG', `${path}: ${error.message}`, { cause: error });
  }
  replacePrivateFile(path, Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
}

/**
 * `host:port,host:port`, spaces allowed.
 * @throws TeammateSyncError BAD_CONFIG naming TEAMMATE_SYNC_BOOTSTRAP and the wrong part, also for an empty list
 */
export function parseBootstrap(typed: string): string[] {
  const entries = typed.split(',').map((entry) => entry.trim());
  for (const entry of entries) {
    if (!isHostPort(entry)) {
      throw new TeammateSyncError('BAD_CONFIG', `TEAMMATE_SYNC_BOOTSTRAP: ${JSON.stringify(entry)} is not host:port`, {
        hint: 'set it to host:port,host:port or unset it',
      });
    }
  }
  if (entries.length > BOOTSTRAP_MAX) {
    throw new TeammateSyncError('BAD_CONFIG', `TEAMMATE_SYNC_BOOTSTRAP: more than ${BOOTSTRAP_MAX} entries`);
  }
  return entries;
}

/** True when every node is on this machine (an empty list is not). */
export function isLoopbackBootstrap(entries: readonly string[]): boolean {
  return entries.length > 0 && entries.every((entry) => isLoopbackHost(entry.slice(0, entry.lastIndexOf(':'))));
}

function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);
}

function isHostPort(entry: string): boolean {
  const port = Number(HOST_PORT.exec(entry)?.[1] ?? 0);
  return port >= 1 && port <= 65_535;
}

function hostOf(apiBase: string): string {
  try {
    return apiHost(apiBase);
  } catch (error) {
    throw new DecodeError(`config.apiBase: ${error instanceof Error ? error.message : 'not a URL'}`);
  }
}

/** What the fields must be to each other. */
function checked(config: Config): Config {
  if (config.apiBase.endsWith('/')) throw new DecodeError('config.apiBase: ends with /');
  const host = hostOf(config.apiBase);
  if (config.host !== host) throw new DecodeError(`config.host: must be ${host}, that of apiBase`);
  config.bootstrap?.forEach((entry, i) => {
    if (!isHostPort(entry)) throw new DecodeError(`config.bootstrap[${i}]: port not in 1..65535`);
  });
  const { sessionMaxBytes, personMaxBytes } = limitsOf(config);
  if (sessionMaxBytes > personMaxBytes) {
    const person = `${personMaxBytes / MIB} MiB of a person`;
    throw new DecodeError(`config.limits: ${sessionMaxBytes / MIB} MiB of a session are more than ${person}`);
  }
  if (config.bootstrap?.length === 0) throw new DecodeError('config.bootstrap: empty; null means the public network');
  return config;
}
