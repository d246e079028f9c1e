/**
 * What we rely on in GitHub's API, as black-box assertions over HTTP. They run against the stand-in; a person with a
 * token runs the same ones against GitHub: `GITHUB_CONTRACT=live GH_TOKEN=… GITHUB_CONTRACT_ORG=<your org>`. They only
 * read, and name only GitHub's own demonstration account (octocat) and organisation (github).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { type Got, field, get } from './http.ts';

interface Target {
  base: string;
  token: string;
  /** An organisation of which the token's owner is a member; null skips. */
  org: string | null;
}

const OCTOCAT = 583231;
const NOBODY = 'no-such-account-b7d1f0c2a9';

let standIn: StandIn | null = null;

async function standInTarget(): Promise<Target> {
  standIn = await startGithubStandIn();
  standIn.addUser({ login: 'octocat', id: OCTOCAT, name: 'The Octocat' });
  for (const n of [1, 2, 3]) standIn.putGist({ owner: 'octocat', files: { [`hello-${n}.txt`]: `hello ${n}\n` } });
  standIn.addOrg({ login: 'github', id: 9919, members: [{ login: 'octocat', public: true }] });
  const { token } = standIn.addUser({ login: 'Marie-T', id: 1001 });
  standIn.addUser({ login: 'Ines', id: 1003 });
  standIn.addOrg({ login: 'Lighthouse', id: 9009, members: ['Marie-T', 'Ines'] });
  return { base: standIn.url, token, org: 'Lighthouse' };
}

const live = process.env.GITHUB_CONTRACT === 'live';

describe(`the GitHub API as we rely on it (${live ? 'live' : 'stand-in'})`, () => {
  let target: Target;
  const ask = (path: string, headers: Record<string, string> = {}): Promise<Got> =>
    get(target.base + path, { authorization: `Bearer ${target.token}`, ...headers });

  beforeAll(async () => {
    const { GH_TOKEN = '', GITHUB_CONTRACT_ORG } = process.env;
    target = live
      ? { base: 'https://api.github.com', token: GH_TOKEN, org: GITHUB_CONTRACT_ORG ?? null }
      : await standInTarget();
  });
  afterAll(async () => {
    await standIn?.close();
  });

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
    const unknown = await get(`${target.base}/user`, { authorization: `Bearer ghp_${'0'.repeat(36)}` });
    expect(unknown.status).toBe(401);
    expect(unknown.json).toMatchObject({ message: 'Bad credentials' });
    expect((await ask('/users/octocat', { 'x-github-api-version': '2001-01-01' })).status).toBe(400);
    expect((await ask('/users/octocat', { 'x-github-api-version': '2022-11-28' })).status).toBe(200);
  });

  it('tells the limits for free', async () => {
    const before = await ask('/rate_limit');
    expect(before.json).toMatchObject({ resources: { core: { limit: expect.any(Number), used: expect.any(Number) } } });
    const after = await ask('/rate_limit');
    expect(after.headers.get('x-ratelimit-used')).toBe(before.headers.get('x-ratelimit-used'));
  });

  it('redirects an outsider who asks for a member', async () => {
    const { status, headers } = await ask('/orgs/github/members/octocat');
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(/\/public_members\/octocat$/);
  });

  it('tells a member about the organisation', async (context) => {
    const { org } = target;
    context.skip(org === null, 'no organisation was named');
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
