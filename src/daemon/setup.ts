/** What `init` does: from a token and an org to a home that a daemon can run in. Each step can be done again. */
import { TeammateSyncError } from '../errors.ts';
import type { DeviceCode, GithubDirectory } from '../github/index.ts';
import {
  type Account,
  deviceCode,
  deviceFingerprint,
  githubNow,
  listedRecords,
  loadDeviceKeys,
  type Organisation,
} from '../identity/index.ts';
import { keepAnthropicKey } from '../platform/anthropic-key.ts';
import { apiHost } from '../platform/api-host.ts';
import type { Clock } from '../platform/clock.ts';
import { type Config, readConfig, writeConfig } from '../platform/config.ts';
import type { HomePaths } from '../platform/paths.ts';
import { ensurePrivateDir, removeUnfinished } from '../platform/private-files.ts';
import { b64url } from '../protocol/bytes.ts';
import type { WhoAmI } from '../protocol/local-api.ts';
import type { KeyToKeep } from '../protocol/setup.ts';
import { type Chooser, chooseOrg } from './choose-org.ts';
import { takeHome } from './home-turn.ts';
import { setUpRecord } from './own-record.ts';
import { chosen, type Environment, pathsOf, unheededApiBase } from './settings.ts';
import { type HomePlan, planSetup } from './setup-plan.ts';
import { signIn } from './sign-in.ts';

/** The caller's side of a set-up: what it is told, and what it decides. */
export interface SetupTalk {
  /** One line for people as each step is done. */
  onStep: (text: string) => void;
  /** Null: nobody is there to type a code on GitHub's site. */
  person: { onCode: (code: DeviceCode) => void; onWait: (leftMs: number) => void } | null;
  choose: Chooser;
  /** Up to here nothing was changed but auth.json, and from here on no daemon may run. False: the set-up ends here. */
  mayGo: (plan: HomePlan) => Promise<boolean>;
  /** Whether rules of permissions.deny were wanted, after that; undefined or absent: nobody was asked. */
  denyRules?: () => boolean | undefined;
  /** The Anthropic API key to keep, after mayGo; null: none from now on; undefined or absent: as it was. */
  anthropic?: () => KeyToKeep | null | undefined;
}

export interface SetupOptions extends SetupTalk {
  /** Null: chosen from one's organisations. */
  org: string | null;
  /** Public key of the team's relay, hex; null: none from now on; undefined: as it was. */
  relay?: string | null | undefined;
  /** Public id of the OAuth app for the device flow; null: none from now on; undefined: as it was. */
  clientId?: string | null | undefined;
  env: Environment;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** Ends what waits for a person. */
  signal: AbortSignal;
}

/**
 * Signs in, settles the workspace, says what it will do, and then makes the keys, publishes their public half, and last
 * writes config.json: whatever is interrupted, the next `init` completes it. Null when it was not to go on.
 * @throws NO_TOKEN, SIGN_IN_*, GITHUB_*, NOT_A_MEMBER, NO_WORKSPACE, ORG_REUSED, KEYRING_MISSING, BAD_CONFIG, UNSAFE_FILE,
 * DAEMON_ALREADY_RUNNING
 */
export async function setUp(options: SetupOptions): Promise<WhoAmI | null> {
  const { env, clock, onStep, person, signal } = options;
  const paths = pathsOf(env);
  const before = readConfig(paths.config);
  const { apiBase } = chosen(env, before);
  if (unheededApiBase(env, before) !== null) {
    onStep(
      `this home belongs to ${apiBase}: what TEAMMATE_SYNC_GITHUB_API names is not asked (${paths.config} decides)`,
    );
  }
  const clientId = options.clientId === undefined ? (before?.oauthClientId ?? null) : options.clientId;
  let workspace: string | null = null;
  const signing = { env, apiBase, auth: paths.auth, clock, clientId, person, signal, workspace: () => workspace };
  const { directory, me, from } = await signIn(signing);
  onStep(`signed in to ${apiHost(apiBase)} as ${me.login} (token from ${from})`);
  const org = await chooseOrg(directory, options.org, before, options.choose);
  workspace = org.login;
  onStep(`workspace ${org.login}`);
  const after = configOf(options, before, org);
  const plan = await planSetup(directory, me, { paths, before, after });
  if (!(await options.mayGo(plan))) return null;
  return carryOut(options, { paths, directory, me, config: after });
}

function configOf({ env, relay, clientId }: SetupOptions, before: Config | null, org: Organisation): Config {
  const { apiBase, bootstrap } = chosen(env, before);
  const fields: Config = { v: 1, apiBase, host: apiHost(apiBase), org: org.login, orgId: org.id, bootstrap };
  const relayNow = relay === undefined ? before?.relay : (relay ?? undefined);
  const clientNow = clientId === undefined ? before?.oauthClientId : (clientId ?? undefined);
  return {
    ...fields,
    ...(relayNow === undefined ? {} : { relay: relayNow }),
    ...(clientNow === undefined ? {} : { oauthClientId: clientNow }),
    // Typed by a person into the file, who would miss them.
    ...(before?.limits === undefined ? {} : { limits: before.limits }),
    ...(before?.notifications === undefined ? {} : { notifications: before.notifications }),
    ...(before?.answerModel === undefined ? {} : { answerModel: before.answerModel }),
    ...(before?.denyRules === undefined ? {} : { denyRules: before.denyRules }),
  };
}

interface Agreed {
  paths: HomePaths;
  directory: GithubDirectory;
  me: Account;
  config: Config;
}

async function carryOut(options: SetupOptions, { paths, directory, me, config }: Agreed): Promise<WhoAmI> {
  const { clock, random, onStep } = options;
  const { host, org, orgId } = config;
  ensurePrivateDir(paths.home);
  const lock = await takeHome(paths.lock, clock);
  try {
    ensurePrivateDir(paths.state);
    const keys = loadDeviceKeys(paths.keys, random);
    for (const folder of [paths.home, paths.state, paths.keys]) removeUnfinished(folder);
    const device = deviceFingerprint(keys.sign.publicKey);
    onStep(`device keys ${device}`);
    const now = (): number => githubNow({ clock, directory });
    const listed = await listedRecords(directory, me, now, () => {});
    const others = listed.filter((s) => s.record.sign !== b64url(keys.sign.publicKey));
    const how = { hasOthers: others.length > 0, clock };
    const { record, published } = await setUpRecord(directory, paths.state, keys, { ...me, host }, how);
    onStep(`published the public keys ${published.where}${published.why === null ? '' : `: ${published.why}`}`);
    writeConfig(paths.config, withAnswer(config, options.denyRules?.()));
    onStep(`wrote ${paths.config}`);
    settleKey(paths, options);
    const code = deviceCode(record);
    if (record.endorse === null) {
      // Those to which this one gave its word are joined already.
      const apart = others.filter((s) => s.record.endorse?.by !== record.sign);
      const codes = apart.map((s) => deviceCode(s.record));
      for (const line of joining(me.login, code, codes)) onStep(line);
    }
    return { handle: me.login, uid: me.uid, host, org, orgId, device, code, home: paths.home };
  } finally {
    lock.release();
  }
}

/** Says where the key goes, never the key. @throws BAD_CONFIG, UNSAFE_FILE */
function settleKey({ auth }: HomePaths, { anthropic, onStep }: SetupOptions): void {
  const key = anthropic?.();
  if (key === undefined) return;
  keepAnthropicKey(auth, key);
  onStep(key ? `kept the Anthropic API key in ${auth}; it goes to ${key.base} alone` : 'no Anthropic API key is kept');
}

/** A no is kept, so that it is not asked for again. */
function withAnswer({ denyRules: before, ...config }: Config, answer: boolean | undefined): Config {
  return (answer ?? before) === false ? { ...config, denyRules: false } : config;
}

/** What to type where, so that a further machine of a person is one of theirs. */
function joining(login: string, own: string, others: string[]): string[] {
  if (others.length === 0) return [];
  const count = others.length === 1 ? 'another device' : `${others.length} other devices`;
  return [
    `your account has ${count}. So that your teammates take this one for yours, compare the codes and type, yourself:`,
    `on the other machine: teammate-sync trust ${login} ${own}`,
    ...others.map((code) => `here, when the daemon runs: teammate-sync trust ${login} ${code}`),
    'a device of which you do not know: teammate-sync revoke <its code>, and change your GitHub token',
  ];
}

/** What ends a set-up that waits for a person. */
export function interrupted(): TeammateSyncError {
  return new TeammateSyncError('INTERRUPTED', 'interrupted: nothing is half done');
}
