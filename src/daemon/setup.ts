/** What `init` does: from a token and an org to a home that a daemon can run in. Each step can be done again. */
import type { Clock } from '../platform/clock.ts';
import { createGithubDirectory, findToken, rememberToken } from '../github/index.ts';
import { deviceCode, deviceFingerprint, githubNow, listedRecords, loadDeviceKeys } from '../identity/index.ts';
import { apiHost } from '../platform/api-host.ts';
import { readConfig, writeConfig } from '../platform/config.ts';
import { acquireHomeLock } from '../platform/home-lock.ts';
import { ensurePrivateDir } from '../platform/private-files.ts';
import type { WhoAmI } from '../protocol/local-api.ts';
import { b64url } from '../protocol/bytes.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { setUpRecord } from './own-record.ts';
import { chosen, type Environment, pathsOf } from './settings.ts';

export interface SetupOptions {
  org: string;
  /** Public key of the team's relay, hex; null: none from now on; undefined: as it was. */
  relay?: string | null | undefined;
  env: Environment;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** One line for people as each step is done. */
  onStep: (text: string) => void;
}

/**
 * Signs in, checks the workspace, makes the keys, publishes their public half, and last writes config.json: whatever is
 * interrupted, the next `init` completes it.
 * @throws NO_TOKEN, GITHUB_*, NOT_A_MEMBER, BAD_CONFIG, UNSAFE_FILE, DAEMON_ALREADY_RUNNING
 */
export async function setUp(options: SetupOptions): Promise<WhoAmI> {
  const { env, clock, random, onStep } = options;
  const paths = pathsOf(env);
  const before = readConfig(paths.config);
  const { apiBase, bootstrap } = chosen(env, before);
  const host = apiHost(apiBase);
  const found = await findToken(env, apiBase);
  const remembered = rememberToken(async () => found);
  const directory = createGithubDirectory({ apiBase, ...remembered, version: PRODUCT_VERSION, clock });
  const me = await directory.whoAmI();
  onStep(`signed in to ${host} as ${me.login} (token from ${found.from})`);
  const org = await directory.organisation(options.org);
  onStep(`workspace ${org.login}`);
  ensurePrivateDir(paths.home);
  const lock = await acquireHomeLock(paths.lock, clock);
  try {
    ensurePrivateDir(paths.state);
    const keys = loadDeviceKeys(paths.keys, random);
    const device = deviceFingerprint(keys.sign.publicKey);
    onStep(`device keys ${device}`);
    const listed = await listedRecords(
      directory,
      me,
      () => githubNow({ clock, directory }),
      () => {},
    );
    const others = listed.filter((s) => s.record.sign !== b64url(keys.sign.publicKey));
    const { record } = await setUpRecord(
      directory,
      paths.state,
      keys,
      { ...me, host },
      { hasOthers: others.length > 0, clock },
    );
    onStep(`published the public keys as a gist of ${me.login}`);
    const relay = options.relay === undefined ? before?.relay : (options.relay ?? undefined);
    const network = { bootstrap, ...(relay === undefined ? {} : { relay }) };
    // Typed by a person into the file, who would miss them.
    const limits = before?.limits === undefined ? {} : { limits: before.limits };
    writeConfig(paths.config, { v: 1, apiBase, host, org: org.login, orgId: org.id, ...network, ...limits });
    onStep(`wrote ${paths.config}`);
    const code = deviceCode(record);
    if (record.endorse === null) {
      // Those to which this one gave its word are joined already.
      const apart = others.filter((s) => s.record.endorse?.by !== record.sign);
      const codes = apart.map((s) => deviceCode(s.record));
      for (const line of joining(me.login, code, codes)) onStep(line);
    }
    const { home } = paths;
    return { handle: me.login, uid: me.uid, host, org: org.login, orgId: org.id, device, code, home };
  } finally {
    lock.release();
  }
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
