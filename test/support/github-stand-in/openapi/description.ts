/** The extracts of GitHub's OpenAPI description (see NOTICE.md), and which operation a request is. */
import type { Product } from '../state.ts';
import github from './api.github.com.json' with { type: 'json' };
import ghes from './ghes-3.19.json' with { type: 'json' };
import { type Schema, jsonSchema } from './json-schema.ts';

/** Status → JSON schema of the body; null where the answer has none. */
export type Responses = ReadonlyMap<number, Schema | null>;

export interface Operation {
  /** `get /users/{username}`. */
  name: string;
  pattern: RegExp;
  responses: Responses;
}

export interface Description {
  operations: readonly Operation[];
  schemas: Readonly<Record<string, Schema>>;
}

interface Extract {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { schemas: Record<string, object> };
}

interface Response {
  content?: { 'application/json': { schema: object } };
}

/** Where the links of a list lead: GitHub puts the numeric id in place of the name, and describes only the other. */
const ALIASES: Readonly<Record<string, string>> = {
  '/user/{account_id}/gists': '/users/{username}/gists',
  '/organizations/{org_id}/members': '/orgs/{org}/members',
  '/organizations/{org_id}/public_members': '/orgs/{org}/public_members',
  '/repositories/{repo_id}': '/repos/{owner}/{repo}',
  '/repositories/{repo_id}/issues': '/repos/{owner}/{repo}/issues',
  '/repositories/{repo_id}/issues/{issue_number}/comments': '/repos/{owner}/{repo}/issues/{issue_number}/comments',
};

/** `{x_id}` and the like are numbers, so that `/user/orgs` is not the account "orgs". */
function patternOf(path: string): RegExp {
  const source = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    /^(?:account_id|org_id|repo_id|issue_number|comment_id)$/.test(name) ? '\\d+' : '[^/]+',
  );
  return new RegExp(`^${source}$`);
}

function describe(extracts: readonly Extract[]): Description {
  const paths: Extract['paths'] = Object.assign({}, ...extracts.map((extract) => extract.paths));
  const given: Record<string, object> = Object.assign({}, ...extracts.map(({ components }) => components.schemas));
  const schemas: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(given)) schemas[name] = jsonSchema(schema);
  const operations: Operation[] = [];
  const places = [...Object.keys(paths).map((path) => [path, path] as const), ...Object.entries(ALIASES)];
  for (const [place, path] of places) {
    for (const [method, { responses }] of Object.entries(paths[path] ?? {})) {
      operations.push({
        name: `${method} ${path}`,
        pattern: patternOf(place),
        responses: new Map(
          Object.entries(responses).map(([status, { content }]) => [
            Number(status),
            content ? jsonSchema(content['application/json'].schema) : null,
          ]),
        ),
      });
    }
  }
  return { operations, schemas };
}

/** The description of github.com, or of GitHub Enterprise Server: the same with what is otherwise laid over. */
export function descriptionOf(product: Product): Description {
  // Not typed by what is in the file: the two have different keys.
  const extracts: unknown[] = product === 'ghes' ? [github, ghes] : [github];
  return describe(extracts as Extract[]);
}

/** The operation that a request is; undefined where the extract has none. */
export function operationOf(description: Description, method: string, path: string): Operation | undefined {
  const prefix = `${method.toLowerCase()} `;
  return description.operations.find(({ name, pattern }) => name.startsWith(prefix) && pattern.test(path));
}
