/** What a token must be allowed to do, and the command that allows it. */
import { TeammateSyncError } from '../errors.ts';
import type { ApiBase } from '../platform/api-host.ts';

/** What the product asks for, and no more. */
export const SCOPES = ['gist', 'read:org'] as const;

/** Any of these lets a token see who is in the workspace. */
const ORG_SCOPES = ['read:org', 'write:org', 'admin:org'];

/** Of {@link SCOPES}; none when GitHub does not say what the token may (fine-grained ones, those of apps). */
export function missingScopes(granted: readonly string[] | null): string[] {
  if (granted === null) return [];
  const gist = granted.includes('gist');
  const org = granted.some((scope) => ORG_SCOPES.includes(scope));
  return [...(gist ? [] : ['gist']), ...(org ? [] : ['read:org'])];
}

/** The command that adds what is missing to the token of `gh`. */
export function scopeCommand({ webHost }: Pick<ApiBase, 'webHost'>, scopes: readonly string[] = SCOPES): string {
  return `gh auth refresh -h ${webHost} -s ${scopes.join(',')}`;
}

/**
 * @param told the scopes as they are told, with what they are needed for
 * @param wanted what the command asks for
 */
export function lacksScope(
  told: string,
  base: Pick<ApiBase, 'webHost'>,
  wanted: readonly string[] = SCOPES,
): TeammateSyncError {
  return new TeammateSyncError('GITHUB_REFUSED', `the GitHub token lacks the scope ${told}`, {
    hint: `run \`${scopeCommand(base, wanted)}\`, or use a token with these scopes`,
  });
}
