/** What the stand-in claims beyond the contract that can be checked read-only: scopes, writes, concealment, steering. */
import { beforeEach, describe, expect, it } from 'vitest';
import { field, get, request } from './http.ts';
import { ORG, type Scene, startScene } from './harness.ts';

let scene: Scene;
let base: string;
const as = (token: string, more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...more,
});

beforeEach(async () => {
  scene = await startScene();
  base = scene.standIn.url;
});

describe('sign-in and limits', () => {
  it('accepts both forms of the header and no other', async () => {
    const { marie } = scene.tokens;
    expect((await get(`${base}/user`, { authorization: `token ${marie}` })).status).toBe(200);
    expect((await get(`${base}/user`, { authorization: `Basic ${marie}` })).status).toBe(401);
    expect((await get(`${base}/user`)).json).toMatchObject({ message: 'Requires authentication' });
  });

  it('gives each token another ETag for the same thing', async () => {
    const one = await get(`${base}/users/tomas`, as(scene.tokens.marie));
    const two = await get(`${base}/users/tomas`, as(scene.tokens.tomas));
    expect(one.text).toBe(two.text);
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'));
  });

  it('counts by account, and refuses when nothing is left, except for the limits themselves', async () => {
    const { standIn, tokens } = scene;
    const { token: second } = standIn.addToken('Marie-T');
    standIn.setRateLimit(2);
    expect((await get(`${base}/user`, as(tokens.marie))).headers.get('x-ratelimit-remaining')).toBe('1');
    expect((await get(`${base}/user`, as(second))).headers.get('x-ratelimit-remaining')).toBe('0');
    const over = await get(`${base}/user`, as(tokens.marie));
    expect(over).toMatchObject({ status: 403, json: { message: expect.stringContaining('API rate limit exceeded') } });
    expect((await get(`${base}/user`, as(tokens.tomas))).status).toBe(200);
    expect((await get(`${base}/rate_limit`, as(tokens.marie))).status).toBe(200);
    standIn.setDateOffset(3_600_001);
    expect((await get(`${base}/user`, as(tokens.marie))).status).toBe(200);
  });

  it('follows the injected clock and the offset in its Date', async () => {
    const fixed = await startScene({ now: () => Date.UTC(2030, 0, 2, 3, 4, 5) });
    fixed.standIn.setDateOffset(-5000);
    const { headers } = await get(`${fixed.standIn.url}/user`, as(fixed.tokens.marie));
    expect(headers.get('date')).toBe('Wed, 02 Jan 2030 03:04:00 GMT');
  });

  it('names scopes, and those that would do; a fine-grained token has none', async () => {
    const { headers } = await get(`${base}/user/orgs`, as(scene.tokens.marie));
    expect(headers.get('x-oauth-scopes')).toBe('gist, read:org, repo');
    expect(headers.get('x-accepted-oauth-scopes')).toContain('read:org');
    const fine = scene.standIn.addToken('Marie-T', null).token;
    const own = await get(`${base}/user/orgs`, as(fine));
    expect(own).toMatchObject({ status: 200, json: [] });
    expect(own.headers.has('x-oauth-scopes')).toBe(false);
  });

  it('refuses a client without a User-Agent as GitHub does', async () => {
    // fetch always sends one, so the socket is spoken to directly.
    const { connect } = await import('node:net');
    const head = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1');
      socket.once('error', reject).once('data', (data) => {
        socket.destroy();
        resolve(String(data).split('\r\n')[0] ?? '');
      });
      socket.write('GET /rate_limit HTTP/1.1\r\nhost: x\r\n\r\n');
    });
    expect(head).toContain('403');
  });
});

describe('organisations', () => {
  it('hides concealed members from outsiders and from tokens without the scope', async () => {
    const { standIn, tokens } = scene;
    const logins = async (token: string): Promise<string[]> => {
      const { json } = await get(`${base}/orgs/${ORG}/members`, as(token));
      return (Array.isArray(json) ? json : []).map((member) => String(field(member, 'login')));
    };
    expect(await logins(tokens.marie)).toEqual(['Marie-T', 'Tomas', 'Ines']);
    expect(await logins(tokens.olaf)).toEqual(['Tomas']);
    const narrow = standIn.addToken('Marie-T', ['gist']).token;
    expect(await logins(narrow)).toEqual(['Tomas']);
    expect((await get(`${base}/user/orgs`, as(narrow))).status).toBe(403);
    expect((await get(`${base}/orgs/${ORG}/members/Ines`, as(narrow))).status).toBe(302);
    expect((await get(`${base}/orgs/${ORG}/memberships/Ines`, as(tokens.olaf))).status).toBe(403);
    expect((await get(`${base}/orgs/${ORG}/public_members/tomas`, as(tokens.olaf))).status).toBe(204);
    expect((await get(`${base}/orgs/${ORG}/public_members/ines`, as(tokens.olaf))).status).toBe(404);
  });

  it('filters by role, refuses the filter of owners, and leaves out who was only invited', async () => {
    const { standIn, tokens } = scene;
    standIn.addMember(ORG, { login: 'Tomas', role: 'admin' });
    standIn.addMember(ORG, { login: 'Olaf', state: 'pending' });
    const admins = await get(`${base}/orgs/${ORG}/members?role=admin`, as(tokens.marie));
    expect(admins.json).toEqual([expect.objectContaining({ login: 'Tomas' })]);
    expect((await get(`${base}/orgs/${ORG}/members?filter=2fa_disabled`, as(tokens.marie))).status).toBe(422);
    expect((await get(`${base}/orgs/${ORG}/members/Olaf`, as(tokens.marie))).status).toBe(404);
    const pending = await get(`${base}/user/memberships/orgs?state=pending`, as(tokens.olaf));
    expect(pending.json).toEqual([expect.objectContaining({ state: 'pending' })]);
  });
});

describe('gists', () => {
  const body = { description: 'd', public: true, files: { 'a.txt': { content: 'A' }, 'b.txt': { content: 'B' } } };

  it('creates, changes file by file, and deletes', async () => {
    const { marie, tomas } = scene.tokens;
    const made = await request('POST', `${base}/gists`, as(marie), body);
    expect(made).toMatchObject({ status: 201, json: { owner: { id: 1001 }, public: true } });
    const url = made.headers.get('location') ?? '';
    const other = await request('PATCH', url, as(tomas), { files: { 'a.txt': { content: 'mine' } } });
    expect(other.status).toBe(404);
    const files = { 'a.txt': null, 'c.txt': { content: 'C' } };
    expect((await request('PATCH', url, as(marie), { files })).status).toBe(200);
    expect(scene.standIn.gistsOf('marie-t')[0]?.files).toEqual({ 'b.txt': 'B', 'c.txt': 'C' });
    const none = { 'b.txt': null, 'c.txt': null };
    expect((await request('PATCH', url, as(marie), { files: none })).status).toBe(422);
    expect((await request('DELETE', url, as(tomas))).status).toBe(404);
    expect(await request('DELETE', url, as(marie))).toMatchObject({ status: 204, text: '' });
    expect((await get(url, as(marie))).status).toBe(404);
  });

  it('refuses what GitHub refuses', async () => {
    const { marie } = scene.tokens;
    const post = (sent: unknown, token = marie) => request('POST', `${base}/gists`, as(token), sent);
    expect((await post('{"files":')).status).toBe(400);
    expect((await post([])).status).toBe(400);
    expect((await post({ public: true })).status).toBe(422);
    expect((await post({ files: { 'a.txt': { content: '' } } })).status).toBe(422);
    expect((await post({ files: { 'a.txt': 'text' } })).status).toBe(422);
    const narrow = scene.standIn.addToken('Marie-T', ['read:org']).token;
    const hidden = await post(body, narrow);
    expect(hidden.status).toBe(404);
    expect(hidden.headers.get('x-accepted-oauth-scopes')).toBe('gist');
    expect((await request('POST', `${base}/gists`, {}, body)).status).toBe(401);
  });

  it('lists a secret gist to its owner only, and shows it to whoever knows the id', async () => {
    const { marie, tomas } = scene.tokens;
    const { id } = scene.standIn.putGist({ owner: 'Marie-T', public: false, files: { 'a.txt': 'A' } });
    expect((await get(`${base}/users/marie-t/gists`, as(marie))).json).toHaveLength(1);
    expect((await get(`${base}/users/marie-t/gists`, as(tomas))).json).toHaveLength(0);
    expect((await get(`${base}/gists/${id}`, as(tomas))).json).toMatchObject({ public: false });
  });

  it('cuts long files and says so', async () => {
    const { id } = scene.standIn.putGist({ owner: 'Tomas', files: { 'a.txt': 'x'.repeat(1024 * 1024 + 1) } });
    const { json } = await get(`${base}/gists/${id}`, as(scene.tokens.marie));
    expect(field(field(field(json, 'files'), 'a.txt'), 'truncated')).toBe(true);
  });
});

describe('people', () => {
  it('renames, deletes, and gives a free login to somebody else', async () => {
    const { standIn, tokens } = scene;
    const idOf = async (path: string) => field((await get(base + path, as(tokens.tomas))).json, 'id');
    standIn.rename('Marie-T', 'Marie-Tours');
    expect(await idOf('/users/marie-t')).toBeUndefined();
    expect(await idOf('/users/marie-tours')).toBe(1001);
    expect((await get(`${base}/user`, as(tokens.marie))).json).toMatchObject({ login: 'Marie-Tours' });
    standIn.addUser({ login: 'Marie-T', id: 2001 });
    expect(await idOf('/users/marie-t')).toBe(2001);
    standIn.deleteUser('Marie-Tours');
    expect(await idOf('/user/1001')).toBeUndefined();
    expect((await get(`${base}/user`, as(tokens.marie))).status).toBe(401);
    expect(() => standIn.addUser({ login: 'TOMAS', id: 2002 })).toThrow('taken');
  });
});

describe('the request log', () => {
  it('knows tokens by their hash only', async () => {
    const { standIn, tokens } = scene;
    await get(`${base}/users/tomas?x=1`, as(tokens.marie));
    expect(standIn.requests()).toEqual([
      {
        method: 'GET',
        path: '/users/tomas?x=1',
        status: 200,
        token: standIn.tokenHash(tokens.marie),
        conditional: false,
      },
    ]);
    expect(JSON.stringify(standIn.requests())).not.toContain(tokens.marie);
  });
});
