/** Which organisation is the workspace: the one that was named, the one that was set before, or one that is chosen. */
import { TeammateSyncError } from '../errors.ts';
import type { GithubDirectory, Workspaces } from '../github/index.ts';
import type { Organisation } from '../identity/index.ts';
import type { Config } from '../platform/config.ts';
import type { OfferedOrg } from '../protocol/setup.ts';

/** Answers with the login of one of the organisations, or null. Without a person it is the preset one. */
export type Chooser = (offer: {
  orgs: OfferedOrg[];
  preset: string | null;
  /** So many more want single sign-on of this token before they are shown. */
  hidden: number;
}) => Promise<string | null>;

/**
 * @param named what was typed; null: nothing
 * @param before what an earlier `init` fixed: that organisation is meant by its numeric id, whatever it is called now
 * @throws NOT_A_MEMBER, NO_WORKSPACE, ORG_REUSED, GITHUB_*
 */
export async function chooseOrg(
  directory: GithubDirectory,
  named: string | null,
  before: Config | null,
  choose: Chooser,
): Promise<Organisation> {
  const chosen = await directory.organisation(named ?? (await fromList(directory, before, choose)));
  if (before && chosen.login.toLowerCase() === before.org.toLowerCase() && chosen.id !== before.orgId) {
    throw new TeammateSyncError(
      'ORG_REUSED',
      `${chosen.login} is organisation ${chosen.id} now; this home was set up for ${before.orgId} of that name`,
    );
  }
  return chosen;
}

async function fromList(directory: GithubDirectory, before: Config | null, choose: Chooser): Promise<string> {
  const found = await directory.workspaces();
  const same = before ? found.orgs.find(({ id }) => id === before.orgId) : undefined;
  if (found.orgs.length === 0) throw nothingListed(found, directory.contact().scopes === null);
  const preset = same ?? (found.orgs.length === 1 && !before ? found.orgs[0] : undefined);
  const answer = await choose({ ...found, preset: preset?.login ?? null });
  if (answer !== null) return answer;
  const names = found.orgs.slice(0, 10).map(({ login }) => login);
  const more = found.orgs.length > names.length ? ', …' : '';
  throw new TeammateSyncError('NO_WORKSPACE', `it is not clear which org is meant: ${names.join(', ')}${more}`);
}

function nothingListed({ hidden }: Workspaces, fineGrained: boolean): TeammateSyncError {
  if (hidden > 0) {
    const orgs = hidden === 1 ? 'your org wants' : `your ${hidden} orgs want`;
    return new TeammateSyncError('NO_WORKSPACE', `${orgs} single sign-on for this token before GitHub shows anything`, {
      hint: 'run `teammate-sync init --org <your GitHub org>`: it says where to authorise the token',
    });
  }
  const why = fineGrained
    ? 'GitHub does not tell a fine-grained token which orgs you are in'
    : 'GitHub lists no org for this token: you are in none, or yours restricts the app that made the token';
  return new TeammateSyncError('NO_WORKSPACE', why);
}
