/** Whom GitHub lets near what: single sign-on, restricted apps, fine-grained tokens, managed and suspended accounts. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startGithubStandIn } from '../support/github-stand-in/index.ts';
import { ORG, type Scene, startScene } from './harness.ts';
import { type Got, field, get, request } from './http.ts';

let scene: Scene;
const ask = (token: string, path: string): Promise<Got> =>
  get(scene.standIn.url + path, { authorization: `Bearer ${token}` });
const newGist = (token: string): Promise<Got> => {
  const body = { public: true, files: { 'a.txt': { content: 'A' } } };
  return request('POST', `${scene.standIn.url}/gists`, { authorization: `Bearer ${token}` }, body);
};
const statuses = async (token: string, paths: string[]): Promise<number[]> => {
  const all: number[] = [];
  for (const path of paths) all.push((await ask(token, path)).status);
  return all;
};

beforeEach(async () => {
  scene = await startScene();
});

const INSIDE = [`/orgs/${ORG}/members`, `/orgs/${ORG}/members/Tomas`, `/orgs/${ORG}/memberships/Tomas`];

describe('single sign-on', () => {
  it('is required of a member, with the page to do it on; what is public stays so', async () => {
    const { standIn, tokens } = scene;
    standIn.requireSso(ORG);
    for (const path of [...INSIDE, `/user/memberships/orgs/${ORG}`]) {
      const { status, headers, json } = await ask(tokens.marie, path);
      expect([path, status]).toEqual([path, 403]);
      expect(field(json, 'message')).toContain('SAML enforcement');
      const url = /^required; url=(\S+)$/.exec(headers.get('x-github-sso') ?? '')?.[1] ?? '';
      expect(new URL(url).origin).toBe(standIn.web);
    }
    expect(await statuses(tokens.olaf, INSIDE)).toEqual([200, 302, 403]);
    expect((await ask(tokens.olaf, `/orgs/${ORG}/memberships/Tomas`)).headers.has('x-github-sso')).toBe(false);
    expect(await statuses(tokens.marie, [`/orgs/${ORG}`, `/orgs/${ORG}/public_members/tomas`])).toEqual([200, 204]);
    standIn.authorizeSso(tokens.marie, ORG);
    expect(await statuses(tokens.marie, INSIDE)).toEqual([200, 204, 200]);
    expect((await ask(tokens.tomas, INSIDE[0] ?? '')).status).toBe(403);
  });

  it('leaves organisations out of lists, and says which', async () => {
    const { standIn, tokens } = scene;
    standIn.addOrg({ login: 'Harbour', id: 9010, members: ['Marie-T'] });
    standIn.requireSso(ORG);
    for (const path of ['/user/orgs', '/user/memberships/orgs']) {
      const { status, headers, json } = await ask(tokens.marie, path);
      expect(status).toBe(200);
      expect(json).toHaveLength(1);
      expect(JSON.stringify(json)).toContain('Harbour');
      expect(headers.get('x-github-sso')).toBe('partial-results; organizations=9009');
    }
    standIn.authorizeSso(tokens.marie, ORG);
    const all = await ask(tokens.marie, '/user/orgs');
    expect(all.json).toHaveLength(2);
    expect(all.headers.has('x-github-sso')).toBe(false);
  });
});

describe('an organisation that restricts OAuth apps', () => {
  it('refuses the token of an app it did not approve, and is not listed for it', async () => {
    const { standIn, tokens } = scene;
    standIn.addOauthApp({ clientId: 'app' });
    const asked = { client_id: 'app', scope: 'read:org' };
    const json = { accept: 'application/json', 'content-type': 'application/json' };
    const begun = await request('POST', `${standIn.web}/login/device/code`, json, asked);
    standIn.approveDevice(String(field(begun.json, 'user_code')), 'Marie-T');
    const given = await request('POST', `${standIn.web}/login/oauth/access_token`, json, {
      client_id: 'app',
      device_code: field(begun.json, 'device_code'),
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
    const token = String(field(given.json, 'access_token'));
    expect(await statuses(token, INSIDE)).toEqual([200, 204, 200]);
    standIn.restrictApps(ORG, []);
    const refused = await ask(token, `/orgs/${ORG}/members`);
    expect(refused.status).toBe(403);
    expect(field(refused.json, 'message')).toContain('OAuth App access restrictions');
    expect((await ask(token, '/user/orgs')).json).toEqual([]);
    // A token that the person made is not an app's.
    expect(await statuses(tokens.marie, INSIDE)).toEqual([200, 204, 200]);
    standIn.restrictApps(ORG, ['app']);
    expect((await ask(token, '/user/orgs')).json).toHaveLength(1);
  });
});

describe('a fine-grained token', () => {
  it('may do what it was given, and GitHub says what it lacks', async () => {
    const { standIn } = scene;
    const { token } = standIn.addToken('Marie-T', null);
    standIn.setPermissions(token, ['members=read']);
    const refused = await newGist(token);
    expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('not accessible') } });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('gists=write');
    expect(refused.headers.has('x-accepted-oauth-scopes')).toBe(false);
    expect((await ask(token, `/orgs/${ORG}/members`)).json).toHaveLength(3);
    standIn.setPermissions(token, ['gists=write']);
    expect((await newGist(token)).status).toBe(201);
    const members = await ask(token, `/orgs/${ORG}/members`);
    expect(members.status).toBe(403);
    expect(members.headers.get('x-accepted-github-permissions')).toBe('members=read');
    expect((await ask(token, '/users/tomas/gists')).status).toBe(200);
  });
});

describe('a managed account', () => {
  it('is not there for anybody outside its enterprise, and has no gists', async () => {
    const { standIn, tokens } = scene;
    const { token: nora } = standIn.addUser({ login: 'nora_acme', id: 3001, enterprise: 'acme' });
    const { token: otto } = standIn.addUser({ login: 'otto_acme', id: 3002, enterprise: 'acme' });
    const her = ['/users/nora_acme', '/user/3001', '/users/nora_acme/gists', '/user/3001/gists'];
    expect(await statuses(tokens.marie, her)).toEqual([404, 404, 404, 404]);
    expect((await get(`${standIn.url}/users/nora_acme`)).status).toBe(404);
    expect(await statuses(otto, her)).toEqual([200, 200, 200, 200]);
    expect(await statuses(nora, ['/user', '/users/marie-t'])).toEqual([200, 200]);
    expect((await newGist(nora)).status).toBe(403);
  });
});

describe('a suspended account', () => {
  it('can do nothing, and is hidden on github.com', async () => {
    const { standIn, tokens } = scene;
    const { id } = standIn.putGist({ owner: 'Tomas', files: { 'a.txt': 'A' } });
    standIn.suspend('Tomas');
    expect(await ask(tokens.tomas, '/user')).toMatchObject({
      status: 403,
      json: { message: expect.stringContaining('suspended') },
    });
    const his = ['/users/tomas', '/user/1002', '/users/tomas/gists', `/gists/${id}`, `/orgs/${ORG}/members/Tomas`];
    expect(await statuses(tokens.marie, his)).toEqual([404, 404, 404, 404, 404]);
    standIn.suspend('Tomas', false);
    expect(await statuses(tokens.marie, his)).toEqual([200, 200, 200, 200, 204]);
  });
});

describe('GitHub Enterprise Server', () => {
  it('is below /api/v3, tells its version, has no limits, and shows suspended accounts', async () => {
    const { standIn, tokens } = await startScene({ product: 'ghes' });
    const as = { authorization: `Bearer ${tokens.marie}` };
    expect(standIn.url).toBe(`${standIn.web}/api/v3`);
    expect((await get(`${standIn.web}/user`, as)).headers.get('content-type')).toBe('text/html');
    const me = await get(`${standIn.url}/user`, as);
    expect(me.json).toMatchObject({ login: 'Marie-T', html_url: `${standIn.web}/Marie-T` });
    expect([...me.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    expect((await get(`${standIn.url}/rate_limit`, as)).status).toBe(404);
    expect((await get(`${standIn.url}/meta`)).json).toHaveProperty('installed_version');
    standIn.suspend('Tomas');
    expect((await get(`${standIn.url}/users/tomas`, as)).status).toBe(200);
    const first = await get(`${standIn.url}/orgs/${ORG}/members?per_page=1`, as);
    expect(first.headers.get('link')).toContain(`<${standIn.url}/organizations/9009/members?`);
  });

  it('in private mode shows nothing to who is not signed in', async () => {
    const standIn = await startGithubStandIn({ product: 'ghes' });
    onTestFinished(() => standIn.close());
    standIn.addUser({ login: 'Marie-T', id: 1001 });
    expect((await get(`${standIn.url}/users/marie-t`)).status).toBe(200);
    standIn.setPrivateMode(true);
    expect((await get(`${standIn.url}/users/marie-t`)).status).toBe(401);
  });

  it('may have gists switched off', async () => {
    const { standIn, tokens } = scene;
    const { id } = standIn.putGist({ owner: 'Tomas', files: { 'a.txt': 'A' } });
    standIn.setGists(false);
    expect(await statuses(tokens.marie, [`/gists/${id}`, '/users/tomas/gists', '/gists'])).toEqual([404, 404, 404]);
    expect((await newGist(tokens.marie)).status).toBe(404);
    standIn.setGists(true);
    expect((await newGist(tokens.marie)).status).toBe(201);
  });
});
