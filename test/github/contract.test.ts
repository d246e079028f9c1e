/**
 * What we rely on in GitHub's API, as black-box assertions over HTTP: what is read. What is written is in
 * contract-writes.test.ts. They run against the stand-in; a person with a token runs the same ones against GitHub with
 * `npm run test:github-live` (CONTRIBUTING.md). They name only GitHub's own account (octocat) and organisation (github).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOBODY, OCTOCAT, type Target, live, startTarget } from './contract-target.ts';
import { field } from './http.ts';

let target: Target;
const ask: Target['ask'] = (path, headers) => target.ask(path, headers);
const plain: Target['plain'] = (method, path, headers, sent) => target.plain(method, path, headers, sent);

beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

describe(`the GitHub API as we rely on it (${live ? 'live' : 'stand-in'})`, () => {
  it('says who the token is, with the headers that we read', async () => {
    const { status, headers, json } = await ask('/user');
    expect(status).toBe(200);
    expect(json).toMatchObject({ login: expect.any(String), id: expect.any(Number), type: 'User' });
    expect(headers.get('etag')).toMatch(/^W\/"[^"]+"$/);
    expect(Date.parse(headers.get('date') ?? '')).toBeGreaterThan(0);
    expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F:]+$/i);
    expect(headers.get('x-ratelimit-resource')).toBe('core');
    for (const name of ['limit', 'remaining', 'used', 'reset']) {
      expect(headers.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/);
    }
  });

  it('finds a login whatever its case and answers with the right one', async () => {
    const byLogin = await ask('/users/OctoCAT');
    expect(byLogin.status).toBe(200);
    expect(byLogin.json).toMatchObject({ login: 'octocat', id: OCTOCAT, type: 'User' });
    const byId = await ask(`/user/${OCTOCAT}`);
    expect(byId.json).toMatchObject({ login: 'octocat', id: OCTOCAT });
  });

  it('names an organisation in the same namespace', async () => {
    expect((await ask('/users/github')).json).toMatchObject({ type: 'Organization', id: 9919 });
  });

  it.each([`/users/${NOBODY}`, `/users/${NOBODY}/gists`, '/gists/00000000000000000000', `/orgs/${NOBODY}`])(
    'has a JSON 404 for %s',
    async (path) => {
      const { status, json } = await ask(path);
      expect(status).toBe(404);
      expect(json).toMatchObject({ message: 'Not Found', documentation_url: expect.any(String) });
    },
  );

  it('pages a list by a Link header on the same origin, under the numeric id', async () => {
    const first = await ask('/users/octocat/gists?per_page=1');
    expect(first.json).toHaveLength(1);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(next).toContain(`${target.base}/user/${OCTOCAT}/gists?`);
    expect(new URL(next).searchParams.get('page')).toBe('2');
    const second = await ask(next.slice(target.base.length));
    expect(second.json).toHaveLength(1);
    expect(second.json).not.toEqual(first.json);
    expect(second.headers.get('link')).toContain('rel="prev"');
  });

  it('lists gists without, and shows a gist with, the content', async () => {
    const { json } = await ask('/users/octocat/gists?per_page=1');
    const listed = field(json, 0);
    const id = String(field(listed, 'id'));
    const files = Object(field(listed, 'files'));
    expect(listed).toMatchObject({ id: expect.any(String), public: true, owner: { id: OCTOCAT }, truncated: false });
    const [name = '', file] = Object.entries(files)[0] ?? [];
    expect(file).toMatchObject({ filename: expect.any(String), size: expect.any(Number) });
    expect(file).not.toHaveProperty('content');
    const whole = await ask(`/gists/${id}`);
    expect(whole.json).toMatchObject({ id, public: true, owner: { id: OCTOCAT }, truncated: false });
    expect(whole.json).toHaveProperty(['files', name, 'content'], expect.any(String));
    expect(whole.json).toHaveProperty(['files', name, 'truncated'], false);
  });

  it('answers If-None-Match with an empty 304 that costs nothing', async () => {
    const first = await ask('/users/octocat');
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('/users/octocat', { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    expect(again.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
    expect((await ask('/users/octocat', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('refuses an unknown token and an unknown API version', async () => {
    const unknown = await plain('GET', '/user', { authorization: `Bearer ghp_${'0'.repeat(36)}` });
    expect(unknown.status).toBe(401);
    expect(unknown.json).toMatchObject({ message: 'Bad credentials' });
    expect((await ask('/users/octocat', { 'x-github-api-version': '2001-01-01' })).status).toBe(400);
    expect((await ask('/users/octocat', { 'x-github-api-version': '2022-11-28' })).status).toBe(200);
  });

  it('gives who is not signed in less, another ETag, and no account of their own', async () => {
    const mine = await ask('/users/octocat');
    const theirs = await plain('GET', '/users/octocat', {});
    expect(theirs.headers.get('x-ratelimit-limit')).toBe('60');
    expect(theirs.headers.get('etag')).not.toBe(mine.headers.get('etag'));
    expect(theirs.headers.has('x-oauth-scopes')).toBe(false);
    for (const path of ['/user', '/user/orgs']) expect((await plain('GET', path, {})).status).toBe(401);
    expect((await plain('POST', '/gists', {}, { public: true, files: { a: { content: 'a' } } })).status).toBe(401);
  });

  it('names the scopes of a classic token, and those that would do', async (context) => {
    const { headers } = await ask('/user/orgs');
    context.skip(!headers.has('x-oauth-scopes'), 'a fine-grained token has none');
    const scopes = (headers.get('x-oauth-scopes') ?? '').split(', ');
    expect(scopes).toEqual(expect.arrayContaining(['gist']));
    expect((headers.get('x-accepted-oauth-scopes') ?? '').split(', ')).toContain('read:org');
  });

  it('has 30 on a page unless asked otherwise, and never more than 100', async () => {
    const list = '/orgs/github/public_members';
    const first = await ask(list);
    expect(first.json).toHaveLength(30);
    expect((await ask(`${list}?per_page=1000`)).json).toHaveLength(100);
    const login = String(field(field(first.json, 0), 'login'));
    expect(await ask(`${list}/${login}`)).toMatchObject({ status: 204, text: '' });
  });

  it('hides a private repository, and leads from a former name to the repository', async () => {
    expect((await ask('/repos/github/github')).status).toBe(404);
    const moved = await ask('/repos/github/linguist');
    expect(moved.status).toBe(301);
    expect(moved.headers.get('location')).toMatch(/\/repositories\/\d+$/);
  });

  it('lists issues, and comments with who wrote them and when they were changed', async () => {
    const { json } = await ask('/repos/github/docs/issues?state=all&per_page=100');
    const discussed = Array.isArray(json) ? json.find((issue) => Number(field(issue, 'comments')) > 0) : undefined;
    const path = `/repos/github/docs/issues/${String(field(discussed, 'number'))}/comments?per_page=1`;
    const comment = field((await ask(path)).json, 0);
    expect(comment).toMatchObject({
      body: expect.any(String),
      user: { id: expect.any(Number), login: expect.any(String) },
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(comment).toHaveProperty('performed_via_github_app');
    const one = await ask(`/repos/github/docs/issues/comments/${String(field(comment, 'id'))}`);
    expect(one.json).toMatchObject({ id: field(comment, 'id'), user: field(comment, 'user') });
  });

  it('says what runs there', async () => {
    expect((await ask('/meta')).json).toMatchObject({ verifiable_password_authentication: expect.any(Boolean) });
  });

  it('tells the limits for free', async () => {
    const before = await ask('/rate_limit');
    expect(before.json).toMatchObject({ resources: { core: { limit: expect.any(Number), used: expect.any(Number) } } });
    const after = await ask('/rate_limit');
    expect(after.headers.get('x-ratelimit-used')).toBe(before.headers.get('x-ratelimit-used'));
  });

  it('redirects an outsider who asks for a member', async () => {
    const { status, headers, text } = await ask('/orgs/github/members/octocat');
    expect([status, text]).toEqual([302, '']);
    expect(headers.get('location')).toMatch(/\/public_members\/octocat$/);
    expect((await ask('/orgs/github/memberships/octocat')).status).toBe(403);
  });

  it('tells a member about the organisation', async () => {
    const { org } = target;
    const mine = await ask(`/user/memberships/orgs/${org}`);
    expect(mine.json).toMatchObject({ state: 'active', organization: { id: expect.any(Number) } });
    expect((await ask('/user/memberships/orgs')).json).toEqual(expect.arrayContaining([mine.json]));
    expect((await ask('/user/orgs')).status).toBe(200);
    expect((await ask(`/orgs/${org}`)).json).toMatchObject({ type: 'Organization', login: expect.any(String) });
    const me = await ask('/user');
    const login = String(field(me.json, 'login'));
    const id = field(me.json, 'id');
    const members = await ask(`/orgs/${org}/members?filter=all&role=all&per_page=100`);
    expect(members.json).toEqual(expect.arrayContaining([expect.objectContaining({ login, id })]));
    expect(await ask(`/orgs/${org}/members/${login}`)).toMatchObject({ status: 204, text: '' });
    expect((await ask(`/orgs/${org}/memberships/${login}`)).json).toMatchObject({ state: 'active', user: { id } });
    const nobody = await ask(`/orgs/${org}/members/${NOBODY}`);
    expect(nobody).toMatchObject({ status: 404, json: { message: 'Not Found' } });
    expect((await ask(`/orgs/${org}/public_members/${NOBODY}`)).status).toBe(404);
  });
});
