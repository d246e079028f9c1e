/** The caller's own organisations: which there are to choose from, and one by its name or its durable id. */
import { TeammateSyncError } from '../errors.ts';
import type { Organisation } from '../identity/index.ts';
import type { ApiBase } from '../platform/api-host.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import { parseJson } from '../protocol/json.ts';
import { GITHUB_PAGES_MAX, GITHUB_RESPONSE_MAX_BYTES } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { unreachable } from './bounded-fetch.ts';
import { DecodeError, list } from '../protocol/decode.ts';
import { orgPage, ownMembership } from './decode.ts';
import type { Answer } from './octokit.ts';

/** What GitHub says of one's organisations. */
export interface Workspaces {
  orgs: Organisation[];
  /** So many more want single sign-on of this token before they are shown. */
  hidden: number;
}

const PER_PAGE = 100;
const membershipPage = list(ownMembership, PER_PAGE);

/** For a URL. @throws NOT_A_MEMBER for what cannot be a name */
export function orgNameOf(typed: string): string {
  const name = normaliseHandle(typed);
  if (name !== null) return encodeURIComponent(name);
  throw new TeammateSyncError(
    'NOT_A_MEMBER',
    `${JSON.stringify(typed.slice(0, 64))} is not the name of an organisation`,
  );
}

/**
 * The organisations that GitHub lists for this token. A fine-grained token is shown none, one of an OAuth app only those
 * that let the app in; neither can be told from having none.
 * @throws NO_TOKEN, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function workspaces(api: Api): Promise<Workspaces> {
  const all = new Map<number, Organisation>();
  let hidden = 0;
  for (let page = 1; page <= GITHUB_PAGES_MAX; page++) {
    const { answer, refused } = await api.ask(`/user/orgs?per_page=${PER_PAGE}&page=${page}`);
    if (answer.status !== 200) throw refused();
    const orgs = decoded(answer);
    for (const { id, login } of orgs) all.set(id, { id, login });
    hidden = Math.max(hidden, unauthorised(answer.headers.get('x-github-sso')));
    if (orgs.length < PER_PAGE) break;
  }
  return { orgs: [...all.values()], hidden };
}

function decoded(answer: Answer): Organisation[] {
  try {
    return parseJson(answer.bytes, GITHUB_RESPONSE_MAX_BYTES, orgPage, 'answer');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw unreachable(`GitHub's list of your organisations cannot be understood (${error.message})`);
  }
}

/** `partial-results; organizations=1,2`: how many are left out. */
function unauthorised(header: string | null): number {
  const ids = /^partial-results;\s*organizations=([\d,\s]{1,4000})$/.exec(header ?? '')?.[1];
  return ids === undefined ? 0 : ids.split(',').length;
}

/**
 * The organisation of that name, of which the caller is an active member.
 * @throws NOT_A_MEMBER with what to do for each reason that can be told; NO_TOKEN, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function organisation(api: Api, typed: string, { webHost }: ApiBase): Promise<Organisation> {
  const name = orgNameOf(typed);
  const mine = await api.get(`/user/memberships/orgs/${name}`, ownMembership);
  if (!mine) throw await notShown(api, name, webHost);
  const { id, login } = mine.organization;
  if (login.toLowerCase() !== name) throw unreachable(`GitHub answered for ${login} when asked for ${name}`);
  if (mine.state === 'active') return { id, login };
  throw new TeammateSyncError('NOT_A_MEMBER', `your invitation to ${login} is not accepted yet`, {
    hint: `accept it at https://${webHost}/orgs/${login}/invitation`,
  });
}

/**
 * The one with this id, whatever its name is now; null when the caller is in none such, or the token may not see it.
 * @throws as {@link Api.get}
 */
export async function organisationById(api: Api, id: number): Promise<Organisation | null> {
  const path = `/user/memberships/orgs?state=active&per_page=${PER_PAGE}`;
  for await (const memberships of api.pages(path, membershipPage, 'stop')) {
    const found = memberships?.find(({ organization }) => organization.id === id);
    if (found) return { id, login: found.organization.login };
  }
  return null;
}

/** Why there is no membership to see, as far as GitHub lets that be told. */
async function notShown(api: Api, name: string, webHost: string): Promise<TeammateSyncError> {
  const { answer } = await api.ask(`/orgs/${name}`);
  if (answer.status === 404) {
    return new TeammateSyncError('NOT_A_MEMBER', `GitHub shows you no organisation ${name}`, {
      hint: 'check the name: it is what stands in the address of the organisation on GitHub',
    });
  }
  if (api.contact().scopes === null) {
    return new TeammateSyncError(
      'NOT_A_MEMBER',
      `you are not a member of ${name}, or this fine-grained token may not see that you are`,
      {
        hint: `make one whose resource owner is ${name}, with the organisation permission Members (read), and Gists (write); or sign in with \`gh auth login --hostname ${webHost}\``,
      },
    );
  }
  return new TeammateSyncError(
    'NOT_A_MEMBER',
    `you are not a member of ${name}, or your token may not see that you are`,
    {
      hint: `ask an owner of ${name} to invite you; that your membership is concealed does not matter`,
    },
  );
}
