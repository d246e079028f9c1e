/** A private repository whose issue is an organisation's keyring, and copies of gists. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ORG, type Scene, startScene } from './harness.ts';
import { type Got, field, get, request } from './http.ts';

const NAME = `${ORG}/.teammate-sync`;
const COMMENTS = `/repos/${NAME}/issues/1/comments`;

let scene: Scene;
const ask = (token: string, path: string, method = 'GET', body?: unknown): Promise<Got> =>
  request(method, scene.standIn.url + path, { authorization: `Bearer ${token}` }, body);

beforeEach(async () => {
  let nowMs = Date.UTC(2026, 10, 22, 12);
  scene = await startScene({ now: () => (nowMs += 1000) });
  scene.standIn.addRepo(NAME);
  scene.standIn.addIssue(NAME, { author: 'Tomas', title: 'Device keys' });
});

describe('a private repository', () => {
  it('is there for members with the scope only', async () => {
    const { standIn, tokens } = scene;
    const repo = `/repos/${NAME}`;
    expect((await ask(tokens.marie, repo.toLowerCase())).json).toMatchObject({ full_name: NAME, private: true });
    const narrow = standIn.addToken('Marie-T', ['gist', 'read:org']).token;
    for (const path of [repo, `${repo}/issues`, COMMENTS, `${repo}/issues/comments/1`]) {
      expect([path, (await ask(tokens.olaf, path)).status]).toEqual([path, 404]);
      expect([path, (await ask(narrow, path)).status]).toEqual([path, 404]);
      expect([path, (await get(standIn.url + path)).status]).toEqual([path, 404]);
    }
    expect((await ask(narrow, repo)).headers.get('x-accepted-oauth-scopes')).toBe('repo');
    standIn.requireSso(ORG);
    expect((await ask(tokens.marie, repo)).headers.get('x-github-sso')).toMatch(/^required; url=/);
  });

  it('is found under its former name by a redirect, until the name is taken', async () => {
    const { standIn, tokens } = scene;
    standIn.renameRepo(NAME, 'keys');
    const moved = await ask(tokens.marie, COMMENTS);
    expect(moved.status).toBe(301);
    const location = moved.headers.get('location') ?? '';
    expect(location).toMatch(/\/repositories\/\d+\/issues\/1\/comments$/);
    expect(moved.json).toMatchObject({ message: 'Moved Permanently', url: location });
    expect((await ask(tokens.marie, new URL(location).pathname)).json).toEqual([]);
    const posted = await ask(tokens.marie, COMMENTS, 'POST', { body: 'a record' });
    expect([posted.status, posted.headers.get('location')]).toEqual([307, location]);
    expect((await ask(tokens.olaf, COMMENTS)).status).toBe(404);
    standIn.addRepo(NAME);
    expect((await ask(tokens.marie, COMMENTS)).status).toBe(404);
  });

  it('lists its issues by state', async () => {
    const { standIn, tokens } = scene;
    standIn.addIssue(NAME, { author: 'Ines', title: 'Done', state: 'closed' });
    const titles = async (query: string): Promise<unknown[]> => {
      const { json } = await ask(tokens.marie, `/repos/${NAME}/issues${query}`);
      return (Array.isArray(json) ? json : []).map((issue) => field(issue, 'title'));
    };
    expect(await titles('')).toEqual(['Device keys']);
    expect(await titles('?state=closed')).toEqual(['Done']);
    expect(await titles('?state=all')).toEqual(['Done', 'Device keys']);
    expect((await ask(tokens.marie, `/repos/${NAME}/issues?state=odd`)).status).toBe(422);
  });

  it('may have issues switched off', async () => {
    scene.standIn.addRepo(`${ORG}/quiet`, { hasIssues: false });
    const { marie } = scene.tokens;
    expect((await ask(marie, `/repos/${ORG}/quiet/issues`)).status).toBe(410);
    expect((await ask(marie, `/repos/${ORG}/quiet/issues/1/comments`)).status).toBe(410);
  });
});

describe('a comment', () => {
  it('carries who wrote it, is paged, and goes when its author or an owner says so', async () => {
    const { standIn, tokens } = scene;
    const made = await ask(tokens.marie, COMMENTS, 'POST', { body: 'a record' });
    expect(made).toMatchObject({ status: 201, json: { body: 'a record', user: { id: 1001, login: 'Marie-T' } } });
    expect(field(made.json, 'updated_at')).toBe(field(made.json, 'created_at'));
    expect(made.json).toMatchObject({ performed_via_github_app: null, author_association: 'MEMBER' });
    const one = new URL(made.headers.get('location') ?? '').pathname;
    expect((await ask(tokens.tomas, one)).json).toEqual(made.json);
    standIn.putComment(NAME, 1, { author: 'Tomas', body: 'another' });
    const page = await ask(tokens.marie, `${COMMENTS}?per_page=1`);
    expect(page.json).toEqual([made.json]);
    expect(page.headers.get('link')).toMatch(
      /\/repositories\/\d+\/issues\/1\/comments\?per_page=1&page=2>; rel="next"/,
    );
    expect((await ask(tokens.tomas, one, 'DELETE')).status).toBe(403);
    expect((await ask(tokens.olaf, one, 'DELETE')).status).toBe(404);
    standIn.addMember(ORG, { login: 'Tomas', role: 'admin' });
    expect(await ask(tokens.tomas, one, 'DELETE')).toMatchObject({ status: 204, text: '' });
    expect((await ask(tokens.marie, one)).status).toBe(404);
    expect(standIn.commentsOf(NAME, 1)).toEqual([expect.objectContaining({ uid: 1002 })]);
  });

  it('stays its author’s when somebody else edits it, and only its time tells', async () => {
    const { standIn, tokens } = scene;
    const { id } = standIn.putComment(NAME, 1, { author: 'Marie-T', body: 'a record' });
    standIn.editComment(NAME, id, 'another record');
    const { json } = await ask(tokens.tomas, `/repos/${NAME}/issues/comments/${id}`);
    expect(json).toMatchObject({ body: 'another record', user: { id: 1001 } });
    expect(field(json, 'updated_at')).not.toBe(field(json, 'created_at'));
  });

  it('says when an app wrote it', async () => {
    const { id } = scene.standIn.putComment(NAME, 1, { author: 'Marie-T', body: 'x', viaApp: 'some-bot' });
    const { json } = await ask(scene.tokens.tomas, `/repos/${NAME}/issues/comments/${id}`);
    expect(json).toMatchObject({ user: { id: 1001 }, performed_via_github_app: { slug: 'some-bot' } });
  });

  it('must have a text, and the issue must be there', async () => {
    const { marie, olaf } = scene.tokens;
    for (const body of ['', ' \n', 'x'.repeat(65_537), 7]) {
      expect((await ask(marie, COMMENTS, 'POST', { body })).status).toBe(422);
    }
    expect((await ask(marie, COMMENTS, 'POST', 'not JSON')).status).toBe(400);
    expect((await ask(marie, `/repos/${NAME}/issues/7/comments`, 'POST', { body: 'x' })).status).toBe(404);
    expect((await ask(olaf, COMMENTS, 'POST', { body: 'x' })).status).toBe(404);
    expect(scene.standIn.commentsOf(NAME, 1)).toEqual([]);
  });
});

describe('a copy of a gist', () => {
  it('has an owner of its own, and both tell of each other', async () => {
    const { standIn, tokens } = scene;
    const original = standIn.putGist({ owner: 'Tomas', files: { 'a.txt': 'A' } });
    const copy = standIn.putGist({ owner: 'Olaf', files: { 'a.txt': 'A' }, forkOf: original.id });
    const shown = await ask(tokens.marie, `/gists/${copy.id}`);
    expect(shown.json).toMatchObject({ owner: { id: 1009 }, fork_of: { id: original.id, owner: { id: 1002 } } });
    const forks = [expect.objectContaining({ id: copy.id, user: expect.objectContaining({ id: 1009 }) })];
    expect((await ask(tokens.marie, `/gists/${original.id}`)).json).toMatchObject({ forks });
    expect((await ask(tokens.marie, '/users/olaf/gists')).json).toHaveLength(1);
  });
});
