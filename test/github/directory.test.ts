/** The directory against the stand-in: people, organisation, members. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ORG, type Scene, failure, startOtherHost, startScene, testClock } from './harness.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});

describe('whoAmI', () => {
  it("is the token's account as GitHub writes it", async () => {
    expect(await scene.directory().whoAmI()).toEqual({ uid: 1001, login: 'Marie-T' });
    expect(scene.directory().host).toBe('127.0.0.1');
  });

  it('says that the token is not accepted', async () => {
    const error = await failure(scene.directory({ as: 'ghp_unknown' }).whoAmI());
    expect(error).toMatchObject({ code: 'NO_TOKEN', message: 'GitHub does not accept the token' });
  });

  it('asks again with the next token when one is refused, once', async () => {
    const tokens = ['ghp_old', scene.tokens.marie];
    const refused: string[] = [];
    const directory = scene.directory({
      token: () => Promise.resolve(tokens[Math.min(refused.length, 1)] ?? ''),
      refused: (token) => refused.push(token),
    });
    expect(await directory.whoAmI()).toMatchObject({ uid: 1001 });
    expect(refused).toEqual(['ghp_old']);
    expect(scene.seen()).toEqual(['GET /user 401', 'GET /user 200']);
  });

  it.each(['', 'two words', 'line\nbreak', 'ünïcode', 'x'.repeat(2000)])('sends nothing for a token %j', async (as) => {
    const error = await failure(scene.directory({ as }).whoAmI());
    expect(error.code).toBe('NO_TOKEN');
    expect(scene.seen()).toEqual([]);
  });

  it('passes on what the token source throws', async () => {
    const gone = new Error('gh is gone');
    const directory = scene.directory({ token: () => Promise.reject(gone) });
    await expect(directory.whoAmI()).rejects.toBe(gone);
  });
});

describe('account', () => {
  it.each(['marie-t', 'MARIE-T', '@Marie-T', ' marie-t '])('finds %j', async (typed) => {
    expect(await scene.directory().account(typed)).toEqual({ uid: 1001, login: 'Marie-T' });
  });

  it.each(['nobody', ORG, 'a/../b', 'a?b', '', '%2e%2e', 'x'.repeat(80)])('finds nobody for %j', async (typed) => {
    expect((await failure(scene.directory().account(typed))).code).toBe('NO_SUCH_PERSON');
  });

  it('never lets what was typed become another path', async () => {
    const directory = scene.directory();
    const hostile = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webPath(), fc.constantFrom('..', '.', '/'));
    await fc.assert(
      fc.asyncProperty(hostile, async (typed) => {
        await directory.account(typed).catch(() => undefined);
        await directory.membership(typed, typed);
        for (const line of scene.seen())
          expect(line).toMatch(/^GET \/(users|orgs)\/[a-z0-9_-]+(\/members\/[a-z0-9_-]+)? /);
      }),
      { numRuns: 100 },
    );
  });

  it('is found by its id after a rename', async () => {
    const directory = scene.directory();
    scene.standIn.rename('Tomas', 'Tomas-K');
    expect(await directory.accountByUid(1002)).toEqual({ uid: 1002, login: 'Tomas-K' });
    expect((await failure(directory.account('tomas'))).code).toBe('NO_SUCH_PERSON');
    for (const uid of [4242, 0, -1, 1.5, Number.NaN]) {
      expect((await failure(directory.accountByUid(uid))).code).toBe('NO_SUCH_PERSON');
    }
  });

  it('is not taken from an answer about somebody else', async () => {
    scene.standIn.addFault({ status: 200, body: { id: 1002, login: 'Tomas', type: 'User' }, times: 2 });
    expect((await failure(scene.directory().account('ines'))).code).toBe('GITHUB_UNREACHABLE');
    expect((await failure(scene.directory().accountByUid(1003))).code).toBe('NO_SUCH_PERSON');
  });

  it('is another account when the login was given to somebody else', async () => {
    const { standIn } = scene;
    standIn.deleteUser('Tomas');
    standIn.addUser({ login: 'tomas', id: 5002 });
    expect(await scene.directory().account('Tomas')).toEqual({ uid: 5002, login: 'tomas' });
  });
});

describe('organisation', () => {
  it('is found by an active member, whatever the case', async () => {
    expect(await scene.directory().organisation('lighthouse')).toEqual({ id: 9009, login: ORG });
  });

  it('says which: unknown, not a member, invited, or a token that may not see', async () => {
    const { standIn, tokens } = scene;
    const unknown = await failure(scene.directory().organisation('no-such-org'));
    expect(unknown).toMatchObject({ code: 'NOT_A_MEMBER', message: expect.stringContaining('no-such-org') });
    const outside = await failure(scene.directory({ as: tokens.olaf }).organisation(ORG));
    expect(outside.code).toBe('NOT_A_MEMBER');
    standIn.addMember(ORG, { login: 'Olaf', state: 'pending' });
    const invited = await failure(scene.directory({ as: tokens.olaf }).organisation(ORG));
    expect(invited).toMatchObject({ code: 'NOT_A_MEMBER', message: expect.stringContaining('not accepted yet') });
    expect(invited.hint).toContain(`https://127.0.0.1/orgs/${ORG}/invitation`);
    const narrow = standIn.addToken('Marie-T', ['gist']).token;
    const scope = await failure(scene.directory({ as: narrow }).organisation(ORG));
    expect(scope).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('read:org') });
    expect(scope.hint).toContain('gh auth refresh -h 127.0.0.1 -s gist,read:org');
    expect((await failure(scene.directory().organisation('a b'))).code).toBe('NOT_A_MEMBER');
  });
});

describe('an organisation that was not asked for', () => {
  it('is not taken', async () => {
    const body = { state: 'active', organization: { id: 1, login: 'Other' } };
    scene.standIn.addFault({ status: 200, body });
    expect((await failure(scene.directory().organisation(ORG))).code).toBe('GITHUB_UNREACHABLE');
  });
});

describe('membership', () => {
  it('is yes for a member and no for others, whatever the case', async () => {
    const directory = scene.directory();
    expect(await directory.membership('LIGHTHOUSE', 'TOMAS')).toEqual({ is: 'yes' });
    expect(await directory.membership(ORG, 'olaf')).toEqual({ is: 'no' });
    expect(await directory.membership(ORG, 'nobody')).toEqual({ is: 'no' });
    scene.standIn.removeMember(ORG, 'Tomas');
    expect(await directory.membership(ORG, 'tomas')).toEqual({ is: 'no' });
  });

  it('is unknown to an outsider and to a token without the scope: the redirect is not followed', async () => {
    const narrow = scene.standIn.addToken('Marie-T', ['gist']).token;
    for (const as of [scene.tokens.olaf, narrow]) {
      const answer = await scene.directory({ as }).membership(ORG, 'ines');
      expect(answer).toMatchObject({ is: 'unknown', why: expect.stringContaining('not a member') });
      expect(scene.seen()).toEqual([`GET /orgs/lighthouse/members/ines 302`]);
    }
  });

  it.each(['', 'a b', '../user'])('is unknown for %j, and nothing is asked', async (typed) => {
    expect(await scene.directory().membership(ORG, typed)).toMatchObject({ is: 'unknown' });
    expect(await scene.directory().membership(typed, 'tomas')).toMatchObject({ is: 'unknown' });
    expect(scene.seen()).toEqual([]);
  });
});

describe('members', () => {
  it('finds who is on a new page behind a full one that has not changed', async () => {
    const { standIn } = scene;
    for (let n = 0; n < 98; n++) {
      standIn.addUser({ login: `member-${n}`, id: 20_000 + n });
      if (n < 97) standIn.addMember(ORG, `member-${n}`);
    }
    const directory = scene.directory();
    expect(await directory.members(ORG)).toHaveLength(100);
    standIn.addMember(ORG, 'member-97');
    scene.seen();
    expect(await directory.members(ORG)).toHaveLength(101);
    expect(scene.seen().map((line) => line.slice(-3))).toEqual(['304', '200']);
  });

  it('reads all pages of 250, and then only asks whether they changed', async () => {
    const { standIn } = scene;
    for (let n = 0; n < 247; n++) {
      standIn.addUser({ login: `member-${n}`, id: 20_000 + n });
      standIn.addMember(ORG, `member-${n}`);
    }
    const directory = scene.directory();
    const all = await directory.members(ORG);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(250);
    expect(all).toContainEqual({ uid: 20_246, login: 'member-246' });
    expect(scene.seen()).toEqual([
      'GET /orgs/lighthouse/members?per_page=100 200',
      'GET /organizations/9009/members?per_page=100&page=2 200',
      'GET /organizations/9009/members?per_page=100&page=3 200',
    ]);
    expect(await directory.members(ORG)).toEqual(all);
    expect(scene.seen().map((line) => line.slice(-3))).toEqual(['304', '304', '304']);
    standIn.removeMember(ORG, 'member-246');
    expect(await directory.members(ORG)).toHaveLength(249);
    expect(scene.seen().map((line) => line.slice(-3))).toEqual(['304', '304', '200']);
  });

  it('follows a next page as GitHub wrote it, and says nothing on the console', async () => {
    const { standIn } = scene;
    const spoken = (['warn', 'error', 'log'] as const).map((name) => vi.spyOn(console, name));
    const next = '/organizations/9009/members?after=Y:abc{x}&page=2';
    const headers = {
      link: `<${standIn.url}${next}>; rel="next"`,
      deprecation: '@1',
      sunset: 'Sat, 01 Jan 2028 00:00:00 GMT',
    };
    standIn.addFault({ path: '/orgs/', headers });
    await scene.directory().members(ORG);
    const asked = new URL(standIn.requests().at(-1)?.path ?? '', standIn.url);
    expect([asked.pathname, asked.searchParams.get('after')]).toEqual(['/organizations/9009/members', 'Y:abc{x}']);
    for (const spy of spoken) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('names nobody twice when a page boundary moved while reading', async () => {
    const { standIn } = scene;
    const link = `<${standIn.url}/organizations/9009/members?page=1>; rel="next"`;
    standIn.addFault({ path: '/orgs/', headers: { link } });
    expect(await scene.directory().members(ORG)).toHaveLength(3);
    expect(scene.seen()).toHaveLength(2);
  });

  it('leaves out what nobody can name, and refuses an organisation that is not shown', async () => {
    const { standIn } = scene;
    standIn.addUser({ login: 'robot[bot]', id: 3000 });
    standIn.addMember(ORG, 'robot[bot]');
    expect((await scene.directory().members(ORG)).map(({ login }) => login)).toEqual(['Marie-T', 'Tomas', 'Ines']);
    expect((await failure(scene.directory().members('no-such-org'))).code).toBe('NOT_A_MEMBER');
  });
});

describe('every request', () => {
  it('carries the API version, Accept, User-Agent and the token', async () => {
    const host = await startOtherHost();
    await scene.directory({ apiBase: `${host.url}/api/v3/`, version: '9.9.9' }).members(ORG);
    expect(host.requests).toEqual([
      {
        line: 'GET /api/v3/orgs/lighthouse/members?per_page=100',
        headers: expect.objectContaining({
          'x-github-api-version': '2022-11-28',
          accept: 'application/vnd.github+json',
          'user-agent': 'teammate-sync/9.9.9',
          authorization: `Bearer ${scene.tokens.marie}`,
        }),
      },
    ]);
  });

  it('is conditional by the ETag of this token only', async () => {
    const { tokens, standIn } = scene;
    const both = [tokens.marie, tokens.tomas];
    let turn = 0;
    const directory = scene.directory({ token: () => Promise.resolve(both[turn] ?? '') });
    await directory.account('ines');
    await directory.account('ines');
    turn = 1;
    await directory.account('ines');
    expect(standIn.requests().map(({ status, conditional }) => [status, conditional])).toEqual([
      [200, false],
      [304, true],
      [200, false],
    ]);
  });

  it("measures GitHub's clock against ours", async () => {
    const clock = testClock();
    const dated = await startScene({ now: () => clock.now() });
    const directory = dated.directory({ clock });
    expect(directory.dateSkewMs()).toBeNull();
    await directory.whoAmI();
    expect(directory.dateSkewMs()).toBe(0);
    dated.standIn.setDateOffset(-7_200_000);
    await directory.account('tomas');
    expect(directory.dateSkewMs()).toBe(-7_200_000);
    dated.standIn.setDateOffset(0);
    dated.standIn.addFault({ status: 502, body: '<html>', fromGithub: false, times: null });
    await failure(directory.account('ines'));
    expect(directory.dateSkewMs()).toBe(-7_200_000);
  });
});
