/** What GitHub counts and how it refuses: the hour, writes in a minute, conditional requests, pages. */
import { describe, expect, it } from 'vitest';
import { ORG, startScene } from './harness.ts';
import { type Got, field, get, request } from './http.ts';

const body = { public: true, files: { 'a.txt': { content: 'A' } } };

describe('the hour', () => {
  it.each([403, 429] as const)('ends in a %i that tells when the next begins', async (status) => {
    const nowMs = Date.UTC(2026, 10, 22, 12);
    const { standIn, tokens } = await startScene({ now: () => nowMs, rateLimit: 1 });
    standIn.setLimitStatus(status);
    const as = { authorization: `Bearer ${tokens.marie}` };
    await get(`${standIn.url}/user`, as);
    const over = await get(`${standIn.url}/user`, as);
    expect(over).toMatchObject({ status, json: { message: expect.stringContaining('API rate limit exceeded') } });
    expect(over.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(over.headers.get('x-ratelimit-reset')).toBe(String(nowMs / 1000 + 3600));
    expect(over.headers.has('retry-after')).toBe(false);
  });

  it('has 60 requests for who is not signed in, all together, and a 304 counts among them', async () => {
    const { standIn } = await startScene();
    const first = await get(`${standIn.url}/users/tomas`);
    expect(first.headers.get('x-ratelimit-limit')).toBe('60');
    const etag = first.headers.get('etag') ?? '';
    const again = await get(`${standIn.url}/users/tomas`, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    expect([first, again].map(({ headers }) => headers.get('x-ratelimit-used'))).toEqual(['1', '2']);
  });

  it('is not spent on a 304 by who is signed in', async () => {
    const { standIn, tokens } = await startScene();
    const as = { authorization: `Bearer ${tokens.marie}` };
    const first = await get(`${standIn.url}/users/tomas`, as);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[0-9a-f]+"$/);
    const again = await get(`${standIn.url}/users/tomas`, { ...as, 'if-none-match': etag });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(again.headers.get('x-ratelimit-used')).toBe('1');
    const other = { authorization: `Bearer ${tokens.tomas}`, 'if-none-match': etag };
    expect((await get(`${standIn.url}/users/tomas`, other)).status).toBe(200);
    standIn.rename('Tomas', 'Tom');
    expect((await get(`${standIn.url}/user/1002`, { ...as, 'if-none-match': etag })).status).toBe(200);
  });
});

describe('writes', () => {
  it.each([403, 429] as const)('too many in a minute end in a %i with a time to wait', async (status) => {
    let nowMs = Date.UTC(2026, 10, 22, 12);
    const { standIn, tokens } = await startScene({ now: () => nowMs });
    standIn.setWritesPerMinute(2);
    standIn.setLimitStatus(status);
    const write = (token: string): Promise<Got> =>
      request('POST', `${standIn.url}/gists`, { authorization: `Bearer ${token}` }, body);
    expect((await write(tokens.marie)).status).toBe(201);
    nowMs += 10_000;
    expect((await write(tokens.marie)).status).toBe(201);
    const over = await write(tokens.marie);
    expect(over).toMatchObject({ status, json: { message: expect.stringContaining('secondary rate limit') } });
    expect(over.headers.get('retry-after')).toBe('50');
    expect(Number(over.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(4000);
    expect((await write(tokens.tomas)).status).toBe(201);
    expect((await get(`${standIn.url}/user`, { authorization: `Bearer ${tokens.marie}` })).status).toBe(200);
    nowMs += 50_000;
    expect((await write(tokens.marie)).status).toBe(201);
    expect(standIn.gistsOf('Marie-T')).toHaveLength(3);
  });
});

describe('pages', () => {
  it('have 30 of a list unless asked otherwise, and never more than 100', async () => {
    const { standIn, tokens } = await startScene();
    for (let n = 0; n < 130; n++) {
      standIn.addUser({ login: `person-${n}`, id: 5000 + n });
      standIn.addMember(ORG, `person-${n}`);
    }
    const as = { authorization: `Bearer ${tokens.marie}` };
    const members = (query: string): Promise<Got> => get(`${standIn.url}/orgs/${ORG}/members${query}`, as);
    expect((await members('')).json).toHaveLength(30);
    const first = await members('?per_page=1000');
    expect(first.json).toHaveLength(100);
    const links = first.headers.get('link') ?? '';
    expect(links).toContain(`<${standIn.url}/organizations/9009/members?per_page=1000&page=2>; rel="next"`);
    expect(links).toContain('rel="last"');
    expect(links).not.toContain('rel="prev"');
    const last = await members('?per_page=100&page=2');
    expect(last.json).toHaveLength(33);
    expect(last.headers.get('link')).not.toContain('rel="next"');
    expect((await members('?per_page=100&page=9')).json).toEqual([]);
  });
});

describe('every answer', () => {
  it('has a date, an id of its own and the version; a list is not told apart by the token alone', async () => {
    const { standIn, tokens } = await startScene();
    const as = { authorization: `Bearer ${tokens.marie}` };
    const answers = [await get(`${standIn.url}/user`, as), await get(`${standIn.url}/users/nobody`, as)];
    const ids = answers.map(({ headers }) => headers.get('x-github-request-id'));
    expect(new Set(ids).size).toBe(2);
    for (const { headers } of answers) {
      expect(headers.get('date')).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      expect(headers.get('x-github-api-version-selected')).toBe('2022-11-28');
    }
    expect(answers[0]?.headers.get('vary')).toContain('Authorization');
    expect(field(answers[1]?.json, 'status')).toBe('404');
  });
});
