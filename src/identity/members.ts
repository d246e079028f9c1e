/** The members of the workspace, which is the organisation with its id: names change, and others may take them. */
import { TeammateSyncError } from '../errors.ts';
import type { Account, Directory, Organisation } from './directory.ts';

const isNo = (error: unknown): boolean => error instanceof TeammateSyncError && error.code === 'NOT_A_MEMBER';

/**
 * A list without oneself may be that of somebody who took the name over, and none at all means that the name is gone: then
 * the id decides.
 * @param onRenamed told the name of now
 * @throws GITHUB_*, NOT_A_MEMBER
 */
export async function membersOf(
  directory: Directory,
  org: Organisation,
  me: Account,
  onRenamed: (login: string) => void,
): Promise<Account[]> {
  const listed = await directory.members(org.login).catch((error: unknown) => {
    if (isNo(error)) return [];
    throw error;
  });
  if (listed.some((member) => member.uid === me.uid)) return listed;
  const named = await directory.organisation(org.login).catch((error: unknown) => {
    if (isNo(error)) return null;
    throw error;
  });
  if (named?.id === org.id) return listed;
  const now = await directory.organisationById(org.id);
  if (!now) throw new TeammateSyncError('NOT_A_MEMBER', `GitHub shows you no organisation with the id of ${org.login}`);
  if (now.login !== org.login) onRenamed(now.login);
  return directory.members(now.login);
}
