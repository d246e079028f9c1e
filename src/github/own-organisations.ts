/** The caller's own organisations, by their durable ids: their names may change. */
import type { Organisation } from '../identity/index.ts';
import { list } from '../protocol/decode.ts';
import type { Api } from './api.ts';
import { ownMembership } from './decode.ts';

const PAGE_MAX = 100;
const page = list(ownMembership, PAGE_MAX);

/** The one with this id; null when the caller is in none such, or the token may not see it. @throws as {@link Api.get} */
export async function organisationById(api: Api, id: number): Promise<Organisation | null> {
  const path = `/user/memberships/orgs?state=active&per_page=${PAGE_MAX}`;
  for await (const memberships of api.pages(path, page, 'stop')) {
    const found = memberships?.find(({ organization }) => organization.id === id);
    if (found) return { id, login: found.organization.login };
  }
  return null;
}
