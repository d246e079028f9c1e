/**
 * Where GitHub does what its own description does not say. Each line is a claim about GitHub, not about the stand-in;
 * whatever is not here and not described is a mistake of the stand-in.
 */
import type { Schema } from './json-schema.ts';

/** Status that every operation may have, for reasons that are not the operation's. */
const ANYWHERE: ReadonlyMap<number, string> = new Map([
  [304, 'If-None-Match holds'],
  [400, 'an API version that is not there; a body that is not JSON'],
  [401, 'a token that is not known; none where one is needed'],
  [403, 'a limit, single sign-on, a suspended account, a token without the permission'],
  [429, 'a limit'],
]);

/** Status that an operation has beside those described. */
const ALSO: Readonly<Record<string, readonly number[]>> = {
  'get /users/{username}/gists': [404],
  'get /orgs/{org}/members': [404],
  'get /orgs/{org}/public_members': [404],
  // Not confirmed: what an administrator switched off is as if it were not there.
  'get /gists': [404],
  'delete /repos/{owner}/{repo}/issues/comments/{comment_id}': [404],
  'get /repos/{owner}/{repo}/issues': [410],
};

/** A repository that was renamed is redirected from its former name, whatever is asked of it. */
function isMoved(operation: string, status: number): boolean {
  return operation.includes(' /repos/') && status === (operation.startsWith('get ') ? 301 : 307);
}

export function isUndescribedStatus(operation: string, status: number): boolean {
  return ANYWHERE.has(status) || isMoved(operation, status) || (ALSO[operation]?.includes(status) ?? false);
}

/** Described without a body, but GitHub sends its error JSON: then it must be that. */
export function hasErrorBody(status: number): boolean {
  return status >= 400 || status === 301 || status === 307;
}

const orNull = (property: unknown): Schema => ({ anyOf: [{ type: 'null' }, property] });

const GIST_FIELDS = [
  ...['id', 'node_id', 'url', 'html_url', 'forks_url', 'files', 'public', 'created_at', 'updated_at', 'description'],
  ...['comments', 'comments_url', 'owner', 'truncated', 'user', 'forks', 'history'],
];

/** Changes described schemas to what GitHub sends. */
export function asSent(name: string, schema: Schema): Schema {
  // Described as text; null where an organisation has not filled it in, and the blog is then the empty text.
  if (name === 'organization-full') {
    const properties: Record<string, unknown> = { ...(schema['properties'] as object) };
    for (const field of ['name', 'company', 'location', 'email']) properties[field] = orNull(properties[field]);
    return { ...schema, properties: { ...properties, blog: { anyOf: [{ type: 'null' }, { type: 'string' }] } } };
  }
  // Described without any field that must be there.
  if (name === 'gist-simple') return { ...schema, required: GIST_FIELDS };
  // Described without fields that are needed: an error without a message would be none.
  if (name === 'basic-error') return { ...schema, required: ['message', 'documentation_url'] };
  return schema;
}

/** Fields that this version of the API does not have any more, by schema; the description is of 2022-11-28. */
export const DROPPED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '2026-03-10': {
    'rate-limit-overview': ['rate'],
    'gist-simple': ['user', 'forks', 'history'],
    'base-gist': ['user', 'forks', 'history'],
  },
};
