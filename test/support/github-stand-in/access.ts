/** Who is let near what, beyond scopes: single sign-on, restricted apps, fine-grained permissions, managed accounts. */
import { type Call, type Caller, type Reply, failure, requiresAuthentication } from './reply.ts';
import { type Org, type User, type World, findUser, isActive } from './state.ts';

export const suspended = (): Reply => failure(403, 'Sorry. Your account was suspended.');

/** The refusal for a fine-grained token without the permission, or null. Write includes read. */
export function lacksPermission({ token }: Caller, wanted: string | undefined): Reply | null {
  if (wanted === undefined || token.scopes !== null || token.permissions === null) return null;
  const [name = '', access] = wanted.split('=');
  const given = token.permissions;
  const enough = given.includes(`${name}=write`) || (access === 'read' && given.includes(`${name}=read`));
  return enough ? null : failure(403, 'Resource not accessible by personal access token');
}

/** The web page on which a token is authorised for the organisation. */
function ssoUrl(base: string, org: Org): string {
  return `${new URL(base).origin}/orgs/${org.login}/sso?authorization_request=A${org.id}`;
}

const lacksSso = ({ caller }: Call, org: Org): boolean =>
  org.sso && caller !== null && !caller.token.ssoFor.has(org.id);

function isBarredApp({ caller }: Call, org: Org): boolean {
  const app = caller?.token.app ?? null;
  return app !== null && org.apps !== null && !org.apps.has(app);
}

/** The refusal for a member's token that the organisation does not let in, or null. Outsiders see what outsiders see. */
export function barred(call: Call, org: Org): Reply | null {
  if (!isActive(org, call.caller?.user.id)) return null;
  if (lacksSso(call, org)) {
    const message =
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
    return { ...failure(403, message), headers: { 'x-github-sso': `required; url=${ssoUrl(call.base, org)}` } };
  }
  if (isBarredApp(call, org)) {
    return failure(
      403,
      `Although you appear to have the correct authorization credentials, the \`${org.login}\` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. For more information on these restrictions, including how to enable this app, visit https://docs.github.com/articles/restricting-access-to-your-organization-s-data/`,
    );
  }
  return null;
}

/** Those of the organisations that the token may know of, and the header that tells of the others. */
export function letIn(call: Call, orgs: Org[]): { orgs: Org[]; headers: Record<string, string> } {
  const hidden = orgs.filter((org) => lacksSso(call, org)).map(({ id }) => id);
  const headers: Record<string, string> =
    hidden.length === 0 ? {} : { 'x-github-sso': `partial-results; organizations=${hidden.join(',')}` };
  return { orgs: orgs.filter((org) => !lacksSso(call, org) && !isBarredApp(call, org)), headers };
}

/** False for an account that GitHub does not show this caller: a managed one, or (on github.com) a suspended one. */
export function isShown({ world, caller }: Pick<Call, 'world' | 'caller'>, user: User): boolean {
  if (user.suspended && world.product === 'github.com') return false;
  return user.enterprise === null || user.enterprise === caller?.user.enterprise;
}

/** The account of that login, if there is one for this caller. */
export function shownUser(call: Call, login: string): User | undefined {
  const user = findUser(call.world, login);
  return user && isShown(call, user) ? user : undefined;
}

/** The refusal to make content: nobody signed in, or a managed account, which has no gists. Null: go on. */
export function mayNotMakeGists(caller: Caller | null, world: World): Reply | null {
  if (!caller) return requiresAuthentication();
  // Which status GitHub uses here is not documented.
  return caller.user.enterprise === null || world.product === 'ghes'
    ? null
    : failure(403, 'Gist creation is not available to Enterprise Managed Users.');
}
