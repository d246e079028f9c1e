/** GitHub: the token, whose it is and what it may, the workspace, the clock, and what is published of this device. */
import { type Account, deviceFingerprint, loadDeviceKeys, ofDevice, recordFileName } from '../../identity/index.ts';
import {
  createGithubDirectory,
  findToken,
  type GithubDirectory,
  keyringName,
  missingScopes,
  scopeCommand,
} from '../../github/index.ts';
import { parseApiBase } from '../../platform/api-host.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HomePaths } from '../../platform/paths.ts';
import { DecodeError } from '../../protocol/decode.ts';
import { CLOCK_SKEW_MAX_MS } from '../../protocol/limits.ts';
import { parseRecord } from '../../protocol/record.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { publishedPlace, requireOwnRecord } from '../own-record.ts';
import type { Environment, Settings } from '../settings.ts';
import { type Findings, type Look, ok, problem, take, type Say, warning } from './report.ts';

const CLOCK_WARNING_MS = 60_000;

export async function checkGithub(
  paths: HomePaths,
  settings: Settings,
  { env, clock, say }: { env: Environment; clock: Clock; say: Say },
): Promise<void> {
  let directory: GithubDirectory | null = null;
  let me: Account | null = null;
  const look = (id: string, at: string, run: Look['look']): Promise<boolean> => take({ id, at, look: run }, say);

  const token = await look('token', 'the GitHub token', async () => {
    const { token: found, from } = await findToken(env, settings.apiBase, paths.auth);
    const { apiBase, org } = settings;
    directory = createGithubDirectory({
      ...{ apiBase, clock, version: PRODUCT_VERSION },
      token: async () => found,
      workspace: () => org,
    });
    return ok(
      from === 'auth.json'
        ? `kept in ${paths.auth}`
        : `taken from ${from === 'gh' ? 'gh auth token' : from}; it is nowhere on this disk`,
    );
  });
  const github = directory as GithubDirectory | null;
  if (!token || !github) return;
  const answers = await look('github', `GitHub at ${settings.apiBase}`, async () => {
    const began = clock.elapsed();
    me = await github.whoAmI();
    return ok(`${settings.host} answers in ${Math.round(clock.elapsed() - began)} ms, as ${me.login}`);
  });
  await look('clock', "this machine's clock", () => checkClock(github.dateSkewMs()));
  const account = me as Account | null;
  if (!answers || !account) return;
  await look('scopes', 'what the token may', () => checkScopes(github.contact().scopes, settings));
  await look('org', `the workspace ${settings.org}`, () => checkOrg(github, settings));
  await look('published', 'the published device record', () => checkPublished(github, account, paths, settings.org));
}

function checkClock(skewMs: number | null): Findings {
  if (skewMs === null) return warning("GitHub's clock is not known", 'it is compared when GitHub answers');
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const off = `this machine's clock is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} GitHub's`;
  if (Math.abs(skewMs) > CLOCK_SKEW_MAX_MS) return problem(`${off}: nothing can be shared`, 'set the clock');
  if (Math.abs(skewMs) > CLOCK_WARNING_MS) return warning(off, 'set the clock, best by itself (NTP)');
  return ok("agrees with GitHub's clock");
}

function checkScopes(scopes: string[] | null, { apiBase }: Settings): Findings {
  if (scopes === null) return ok('GitHub does not say what this kind of token may');
  const missing = missingScopes(scopes);
  if (missing.length === 0) return ok('has the scopes gist and read:org');
  return problem(
    `lacks the scope ${missing.join(' and ')}`,
    `${scopeCommand(parseApiBase(apiBase))}, or another token`,
  );
}

/** @throws NOT_A_MEMBER, GITHUB_* */
async function checkOrg(github: GithubDirectory, { org, orgId }: Settings): Promise<Findings> {
  const found = await github.organisation(org);
  if (found.id === orgId) return ok(`you are a member of ${found.login}`);
  return problem(
    `${org} is organisation ${found.id} now; this machine was set up for ${orgId}`,
    `teammate-sync init --org ${org}, once you know why`,
  );
}

/** What everybody else sees of this device. @throws NOT_SET_UP, GITHUB_* */
async function checkPublished(
  github: GithubDirectory,
  me: Account,
  { keys, state }: HomePaths,
  org: string,
): Promise<Findings> {
  const device = loadDeviceKeys(keys, null).sign.publicKey;
  const { record, text } = requireOwnRecord(state, loadDeviceKeys(keys, null));
  if (record.uid !== me.uid) {
    return problem(
      `this machine was set up as ${record.login} (${record.uid}); the token is of ${me.login} (${me.uid})`,
      `use a token of ${record.login}, or set up anew with teammate-sync init`,
    );
  }
  const place = publishedPlace(state);
  const known = new Map(place === null ? [] : [[recordFileName(device), place]]);
  const all = (await github.records(me, { known })).filter(({ ownerUid }) => ownerUid === me.uid);
  const mine = ofDevice(all, device);
  const again = 'teammate-sync down && teammate-sync up: a starting daemon publishes it';
  if (!mine) return problem(`nobody can find device ${deviceFingerprint(device)}: it is not published`, again);
  if (mine.text.trim() !== text) {
    const seq = seqOf(mine.text);
    const what =
      seq === null ? 'is not a record' : seq < record.seq ? 'is an older one' : 'is not the one of this machine';
    return problem(`what is published of this device ${what}`, again);
  }
  const others = all.length - 1;
  const where = mine.place === 'gist' ? 'a gist' : keyringName(org);
  return ok(`published as it is here, in ${where}${others > 0 ? `; ${others} more of yours` : ''}`);
}

function seqOf(text: string): number | null {
  try {
    return parseRecord(text.trim()).record.seq;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
