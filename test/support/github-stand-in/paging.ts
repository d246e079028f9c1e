/** Pages of a list with GitHub's Link header. */
import type { Call, Reply } from './reply.ts';

const PER_PAGE_DEFAULT = 30;
const PER_PAGE_MAX = 100;

function positive(value: string | null, fallback: number): number {
  const n = Number(value);
  return Number.isSafeInteger(n) && n > 0 ? n : fallback;
}

/**
 * One page of `items`. The links lead to `byId`, a path with the numeric id in place of the name: so GitHub writes
 * them (`/user/583231/gists?page=2`, `/organizations/628795/members?page=2`).
 */
export function page<T>(call: Call, items: T[], byId: string, show: (item: T) => unknown): Reply {
  const query = call.url.searchParams;
  const perPage = Math.min(positive(query.get('per_page'), PER_PAGE_DEFAULT), PER_PAGE_MAX);
  const number = positive(query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (rel: string, to: number): string => {
    const target = new URLSearchParams(query);
    target.set('page', String(to));
    return `<${call.base}${byId}?${target.toString()}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (number > 1) links.push(link('prev', Math.min(number - 1, last)));
  if (number < last) links.push(link('next', number + 1), link('last', last));
  if (number > 1) links.push(link('first', 1));
  const slice = items.slice((number - 1) * perPage, number * perPage);
  return { status: 200, json: slice.map(show), ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}) };
}
