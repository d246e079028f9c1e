/**
 * Makes the extract of GitHub's OpenAPI description that the tests' stand-in for GitHub is held to: the operations below
 * with their statuses and bodies, and the schemas that these refer to, without prose and examples.
 *
 *     node scripts/openapi-extract.mjs <description.json> <extract.json> [<extract to differ from>]
 *
 * The description is `generated/api.github.com.json` or `generated/ghes-<version>.json` of the npm package
 * @octokit/openapi (see test/support/github-stand-in/openapi/NOTICE.md). With a third argument only the operations and
 * schemas that are not the same there are written; the reader lays them over the other extract.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';

/** What the product asks for, or may ask for; nothing else is extracted. */
const OPERATIONS = {
  '/user': ['get'],
  '/user/{account_id}': ['get'],
  '/users/{username}': ['get'],
  '/users/{username}/gists': ['get'],
  '/gists': ['get', 'post'],
  '/gists/{gist_id}': ['get', 'patch', 'delete'],
  '/user/orgs': ['get'],
  '/user/memberships/orgs': ['get'],
  '/user/memberships/orgs/{org}': ['get'],
  '/orgs/{org}': ['get'],
  '/orgs/{org}/members': ['get'],
  '/orgs/{org}/members/{username}': ['get'],
  '/orgs/{org}/memberships/{username}': ['get'],
  '/orgs/{org}/public_members': ['get'],
  '/orgs/{org}/public_members/{username}': ['get'],
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/issues': ['get'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['get', 'delete'],
  '/rate_limit': ['get'],
  '/meta': ['get'],
};

/** Error bodies that the stand-in also sends where an operation does not list them (a limit, a maintenance page). */
const ALWAYS = ['basic-error', 'validation-error'];

const SCHEMA_REF = '#/components/schemas/';
const RESPONSE_REF = '#/components/responses/';
const PROSE = new Set(['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'default']);

/** A schema without what does not decide whether a value fits. Names of properties are not keywords and stay. */
function bare(schema) {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = {};
  for (const [key, value] of Object.entries(schema)) {
    if (PROSE.has(key) || key.startsWith('x-')) continue;
    if (key === 'properties') {
      kept[key] = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, bare(property)]));
    } else kept[key] = key === 'enum' || key === 'required' ? value : bare(value);
  }
  return kept;
}

function referredTo(value, into = new Set()) {
  if (typeof value !== 'object' || value === null) return into;
  for (const inner of Object.values(value)) {
    if (typeof inner === 'string' && inner.startsWith(SCHEMA_REF)) into.add(inner.slice(SCHEMA_REF.length));
    else referredTo(inner, into);
  }
  return into;
}

function responsesOf(description, operation) {
  const found = {};
  for (const [status, given] of Object.entries(operation.responses)) {
    const response = given.$ref ? description.components.responses[given.$ref.slice(RESPONSE_REF.length)] : given;
    const schema = response.content?.['application/json']?.schema;
    found[status] = schema ? { content: { 'application/json': { schema: bare(schema) } } } : {};
  }
  return found;
}

function extract(description) {
  const paths = {};
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    paths[path] = {};
    for (const method of methods) {
      const operation = description.paths[path]?.[method];
      if (!operation) throw new Error(`the description has no ${method} ${path}`);
      paths[path][method] = { responses: responsesOf(description, operation) };
    }
  }
  const schemas = {};
  const left = [...referredTo(paths), ...ALWAYS];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (Object.hasOwn(schemas, name)) continue;
    schemas[name] = bare(description.components.schemas[name]);
    left.push(...referredTo(schemas[name]));
  }
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { version, license } = description.info;
  const { 'x-github-plan': plan, 'x-github-release': release } = description.info;
  const info = { title: [plan, release].filter(Boolean).join('-'), version, license };
  return { openapi: description.openapi, info, paths, components: { schemas: sorted } };
}

const unlike = (entries, other) =>
  Object.fromEntries(Object.entries(entries).filter(([name, value]) => !isDeepStrictEqual(value, other[name])));

/** What must be laid over `base` to have `whole`. */
function difference(whole, base) {
  const schemas = unlike(whole.components.schemas, base.components.schemas);
  return { ...whole, paths: unlike(whole.paths, base.paths), components: { schemas } };
}

const [from, to, base] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('usage: node scripts/openapi-extract.mjs <description.json> <extract.json> [<extract to differ from>]');
  process.exit(2);
}
const read = async (file) => JSON.parse(await readFile(file, 'utf8'));
const whole = extract(await read(from));
const written = base === undefined ? whole : difference(whole, await read(base));
await writeFile(to, `${JSON.stringify(written)}\n`);
console.log(
  `${to}: ${Object.keys(written.paths).length} paths, ${Object.keys(written.components.schemas).length} schemas`,
);
