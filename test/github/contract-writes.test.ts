/**
 * What we rely on where we write, as contract.test.ts has it for reading: one gist, and one comment in the keyring if the org
 * has one, made and deleted; and device sign-in.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_GRANT } from '../support/github-stand-in/index.ts';
import { NOBODY, type Target, startTarget } from './contract-target.ts';
import { field, request } from './http.ts';

/** How often a list is read until it has a new gist. */
const LOOKS = 20;

let target: Target;

beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

describe('writing', () => {
  it('is refused for what is not a gist', async () => {
    expect((await target.send('POST', '/gists', 'not JSON')).json).toMatchObject({ message: 'Problems parsing JSON' });
    await sleep(target.pauseMs);
    expect((await target.send('POST', '/gists', { public: true, files: {} })).status).toBe(422);
    await sleep(target.pauseMs);
    expect((await target.send('DELETE', '/gists/00000000000000000000')).status).toBe(404);
  });

  it(
    'makes a gist, changes it file by file, lists it after a while, and deletes it',
    { timeout: 180_000 },
    async () => {
      await sleep(target.pauseMs);
      const files = { 'a.txt': { content: 'A' }, 'b.txt': { content: 'B' } };
      const description = 'teammate-sync contract test: will be deleted at once';
      const made = await target.send('POST', '/gists', { description, public: true, files });
      const path = `/gists/${String(field(made.json, 'id'))}`;
      try {
        expect(made.status).toBe(201);
        expect(made.headers.get('location')).toBe(target.base + path);
        const me = (await target.ask('/user')).json;
        expect(made.json).toMatchObject({ public: true, owner: { id: field(me, 'id') }, truncated: false });
        await sleep(target.pauseMs);
        const changes = { 'a.txt': null, 'c.txt': { content: 'C' } };
        expect((await target.send('PATCH', path, { files: changes })).status).toBe(200);
        const whole = await target.ask(path);
        expect(Object.keys(Object(field(whole.json, 'files'))).sort()).toEqual(['b.txt', 'c.txt']);
        // Anybody sees it.
        expect((await target.plain('GET', path, {})).status).toBe(200);
        expect(await looksUntilListed(`/users/${String(field(me, 'login'))}/gists`, made.json)).toBeLessThan(LOOKS);
      } finally {
        await sleep(target.pauseMs);
        const gone = await target.send('DELETE', path);
        expect([gone.status, gone.text]).toEqual([204, '']);
      }
      expect((await target.ask(path)).status).toBe(404);
    },
  );
});

describe('a keyring', () => {
  it('that is not there, or may not be seen, is a 404 that names the scope', async () => {
    const { status, headers } = await target.ask(`/repos/${target.org}/no-such-keyring-b7d1/issues/1/comments`);
    expect(status).toBe(404);
    // A fine-grained token has none.
    if (headers.has('x-oauth-scopes')) expect(headers.get('x-accepted-oauth-scopes')).toMatch(/\brepo\b/);
  });

  it('takes a comment, lists it unedited under its author, and deletes it', { timeout: 180_000 }, async (test) => {
    const keyring = `/repos/${target.org}/.teammate-sync/issues`;
    const before = await target.ask(`${keyring}/1/comments?per_page=100&page=1`);
    test.skip(before.status === 404, `${target.org} has no keyring, or the token may not see it`);
    const me = field((await target.ask('/user')).json, 'id');
    await sleep(target.pauseMs);
    const body = '```\nteammate-sync contract test: will be deleted at once\n```';
    const made = await target.send('POST', `${keyring}/1/comments`, { body });
    const one = `${keyring}/comments/${String(field(made.json, 'id'))}`;
    try {
      expect(made).toMatchObject({ status: 201, json: { body, user: { id: me }, performed_via_github_app: null } });
      const shown = await target.ask(one);
      // To see whether the times of a comment move by themselves.
      expect(field(shown.json, 'updated_at')).toBe(field(shown.json, 'created_at'));
      const etag = before.headers.get('etag') ?? '';
      const after = await target.ask(`${keyring}/1/comments?per_page=100&page=1`, { 'if-none-match': etag });
      const full = Array.isArray(before.json) && before.json.length === 100;
      expect(after.status).toBe(full ? 304 : 200);
    } finally {
      await sleep(target.pauseMs);
      expect((await target.send('DELETE', one)).status).toBe(204);
    }
    expect((await target.ask(one)).status).toBe(404);
  });
});

/** How often a list was read until it had the gist: lists lag behind. */
async function looksUntilListed(list: string, made: unknown): Promise<number> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const { json } = await target.ask(`${list}?per_page=100`);
    if (Array.isArray(json) && json.some((gist) => field(gist, 'id') === field(made, 'id'))) return looks;
    await sleep(target.pauseMs);
  }
  return LOOKS;
}

describe('device sign-in', () => {
  it.each([
    ['/login/device/code', { client_id: NOBODY, scope: 'gist' }],
    ['/login/oauth/access_token', { client_id: NOBODY, device_code: '0'.repeat(40), grant_type: DEVICE_GRANT }],
  ])('says in JSON what is wrong: %s', async (path, fields) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const { headers: sent, json } = await request('POST', target.web + path, headers, fields);
    expect(sent.get('content-type')).toContain('application/json');
    expect(json).toMatchObject({ error: expect.any(String) });
    expect(json).not.toHaveProperty('access_token');
  });
});
