/** The stand-in is held to GitHub's OpenAPI description: all of the extract is served, and a mistake is noticed. */
import { describe, expect, it } from 'vitest';
import { type StandIn, htmlPage, primaryLimit, secondaryLimit, ssoRequired } from '../support/github-stand-in/index.ts';
import { startGithubStandIn } from '../support/github-stand-in/index.ts';
import { descriptionOf } from '../support/github-stand-in/openapi/description.ts';
import { jsonSchema } from '../support/github-stand-in/openapi/json-schema.ts';
import { validateFor } from '../support/github-stand-in/openapi/validate.ts';
import { type Got, field, get, request } from './http.ts';

const REPO = '/repos/Lighthouse/.teammate-sync';

async function start(product: 'github.com' | 'ghes'): Promise<{ standIn: StandIn; ask: Ask }> {
  const standIn = await startGithubStandIn({ product });
  const { token } = standIn.addUser({ login: 'Marie-T', id: 1001, scopes: ['user', 'read:org', 'repo', 'gist'] });
  standIn.addOrg({ login: 'Lighthouse', id: 9009, members: [{ login: 'Marie-T', public: true }] });
  standIn.addRepo('Lighthouse/.teammate-sync');
  standIn.addIssue('Lighthouse/.teammate-sync', { author: 'Marie-T', title: 'Device keys' });
  const ask: Ask = (method, path, body) =>
    request(method, standIn.url + path, { authorization: `Bearer ${token}` }, body);
  return { standIn, ask };
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Got>;

/** Asks for everything that the extract has, once, so that it succeeds. */
async function everything(ask: Ask, product: 'github.com' | 'ghes'): Promise<string[]> {
  const made = await ask('POST', '/gists', { public: true, files: { 'a.txt': { content: 'A' } } });
  const comment = await ask('POST', `${REPO}/issues/1/comments`, { body: 'a record' });
  const gist = `/gists/${String(field(made.json, 'id'))}`;
  const posted = `${REPO}/issues/comments/${String(field(comment.json, 'id'))}`;
  const asked: [method: string, path: string, status: number, body?: unknown][] = [
    ['GET', '/user', 200],
    ['GET', '/user/1001', 200],
    ['GET', '/users/marie-t', 200],
    ['GET', '/users/lighthouse', 200],
    ['GET', '/users/marie-t/gists', 200],
    ['GET', '/user/1001/gists', 200],
    ['GET', '/gists', 200],
    ['GET', gist, 200],
    ['PATCH', gist, 200, { description: 'changed' }],
    ['DELETE', gist, 204],
    ['GET', '/user/orgs', 200],
    ['GET', '/user/memberships/orgs', 200],
    ['GET', '/user/memberships/orgs/lighthouse', 200],
    ['GET', '/orgs/lighthouse', 200],
    ['GET', '/orgs/lighthouse/members', 200],
    ['GET', '/orgs/lighthouse/members/marie-t', 204],
    ['GET', '/orgs/lighthouse/memberships/marie-t', 200],
    ['GET', '/orgs/lighthouse/public_members', 200],
    ['GET', '/orgs/lighthouse/public_members/marie-t', 204],
    ['GET', REPO, 200],
    ['GET', `${REPO}/issues`, 200],
    ['GET', `${REPO}/issues/1/comments`, 200],
    ['GET', posted, 200],
    ['DELETE', posted, 204],
    ['GET', '/rate_limit', product === 'ghes' ? 404 : 200],
    ['GET', '/meta', 200],
  ];
  expect([made.status, comment.status]).toEqual([201, 201]);
  const done = ['POST /gists', `POST ${REPO}/issues/1/comments`];
  for (const [method, path, status, body] of asked) {
    const got = await ask(method, path, body);
    expect([method, path, got.status, got.status === status ? '' : got.text]).toEqual([method, path, status, '']);
    done.push(`${method} ${path}`);
  }
  return done;
}

describe.each(['github.com', 'ghes'] as const)('all that the description of %s has', (product) => {
  it('is served, and fits it', async () => {
    const { standIn, ask } = await start(product);
    const done = await everything(ask, product);
    const left = descriptionOf(product).operations.filter(
      ({ name, pattern }) =>
        !done.some((one) => {
          const [method = '', path = ''] = one.split(' ');
          return name.startsWith(method.toLowerCase()) && pattern.test(path);
        }),
    );
    // Besides these, only the places that links lead to.
    expect(left.filter(({ pattern }) => !/organizations|repositories/.test(pattern.source))).toEqual([]);
    expect(standIn.mismatches()).toEqual([]);
    await standIn.close();
  });
});

describe('an answer that GitHub could not give', () => {
  const mistakes = [
    ['a status', '/users/marie-t', { status: 302 }, 'has no status 302'],
    ['no field that must be there', '/users/marie-t', { json: { login: undefined } }, "required property 'login'"],
    ['a field that must not be there', '/users/marie-t', { json: { ids: 1 } }, 'must NOT have additional properties'],
    ['another type', '/orgs/lighthouse', { json: { id: '9009' } }, '/id must be integer'],
    ['another value', '/user/memberships/orgs/lighthouse', { json: { state: 'here' } }, '/state must be equal'],
    ['a time that is none', '/orgs/lighthouse', { json: { created_at: 'today' } }, '/created_at must match format'],
    ['an error without a message', '/users/nobody', { json: { message: undefined } }, "required property 'message'"],
    ['a body where there is none', '/orgs/lighthouse/members/marie-t', { json: { yes: true } }, 'has no body with 204'],
    ['a path that is not in it', '/nowhere', { status: 200 }, 'no operation of the extract'],
  ] as const;

  it.each(mistakes)('%s: fails the one who asked, and the end of the stand-in', async (_what, path, alter, words) => {
    const { standIn, ask } = await start('github.com');
    standIn.addFault({ path, alter: structuredClone(alter) });
    const got = await ask('GET', path);
    expect(got.status).toBe(500);
    expect(field(got.json, 'message')).toContain(words);
    expect(standIn.mismatches()).toEqual([expect.stringContaining(words)]);
    await expect(standIn.close()).rejects.toThrow(words);
  });

  it('is not what the ready-made faults are', async () => {
    const { standIn, ask } = await start('github.com');
    const validate = validateFor('github.com');
    const faults = [primaryLimit(1), primaryLimit(1, 429), secondaryLimit(60), secondaryLimit(60, 429)];
    for (const fault of [...faults, ssoRequired('https://github.com/orgs/lighthouse/sso')]) {
      standIn.addFault(fault);
      const { status, text } = await ask('GET', '/user');
      expect(validate({ method: 'GET', path: '/user', status, body: text, version: '2022-11-28' })).toBeNull();
    }
    standIn.addFault(htmlPage(502));
    const { text } = await ask('GET', '/user');
    expect(validate({ method: 'GET', path: '/user', status: 502, body: text, version: '2022-11-28' })).not.toBeNull();
    await standIn.close();
  });
});

describe('from OpenAPI 3.0 to JSON Schema', () => {
  it('null is one more type, also beside a reference', () => {
    expect(jsonSchema({ type: 'string', nullable: true })).toEqual({ anyOf: [{ type: 'null' }, { type: 'string' }] });
    const one = { properties: { nullable: { $ref: '#/components/schemas/x' } }, additionalProperties: false };
    expect(jsonSchema(one)).toEqual({
      properties: { nullable: { $ref: 'github#/definitions/x' } },
      additionalProperties: false,
    });
  });

  it('what a property chooses is that, and nothing else will do', async () => {
    const { standIn, ask } = await start('github.com');
    expect((await ask('GET', '/user')).json).toMatchObject({ user_view_type: 'private', private_gists: 0 });
    standIn.addFault({ path: '/user', alter: { json: { user_view_type: 'public' } } });
    expect((await ask('GET', '/user')).status).toBe(500);
    standIn.addFault({ path: '/user', alter: { json: { user_view_type: 'other' } } });
    expect((await ask('GET', '/user')).status).toBe(500);
    await expect(standIn.close()).rejects.toThrow('is not as GitHub');
  });
});

describe('the newer version of the API', () => {
  it('has lost some fields, and is not there on GHES', async () => {
    const newer = { 'x-github-api-version': '2026-03-10', authorization: '' };
    const { standIn, ask } = await start('github.com');
    const headers = { ...newer, authorization: `Bearer ${standIn.addToken('Marie-T').token}` };
    const made = await ask('POST', '/gists', { public: true, files: { 'a.txt': { content: 'A' } } });
    expect(made.json).toMatchObject({ user: null, forks: [], history: [] });
    const gist = await get(`${standIn.url}/gists/${String(field(made.json, 'id'))}`, headers);
    expect(gist.headers.get('x-github-api-version-selected')).toBe('2026-03-10');
    for (const name of ['user', 'forks', 'history']) expect(gist.json).not.toHaveProperty(name);
    expect((await ask('GET', '/rate_limit')).json).toHaveProperty('rate');
    expect((await get(`${standIn.url}/rate_limit`, headers)).json).not.toHaveProperty('rate');
    await standIn.close();
    const ghes = await start('ghes');
    const token = ghes.standIn.addToken('Marie-T').token;
    const asked = await get(`${ghes.standIn.url}/user`, { ...newer, authorization: `Bearer ${token}` });
    expect(asked.status).toBe(400);
    await ghes.standIn.close();
  });
});
