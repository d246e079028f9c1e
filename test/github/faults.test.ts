/** What the directory makes of everything that is not a plain answer, and that the token stays where it belongs. */
import { describe, expect, it } from 'vitest';
import { exchange } from '../../src/github/exchange.ts';
import type { GithubDirectory } from '../../src/github/index.ts';
import { type Fault, htmlPage, primaryLimit, secondaryLimit, ssoRequired } from '../support/github-stand-in/index.ts';
import { FILE_A, ORG, everythingOf, failure, startOtherHost, startScene, testClock } from './harness.ts';

const TOMAS = { uid: 1002, login: 'Tomas' };
const NOON = Date.UTC(2026, 10, 22, 12);

/** Every method that throws. */
const METHODS: Record<string, (directory: GithubDirectory) => Promise<unknown>> = {
  whoAmI: (d) => d.whoAmI(),
  organisation: (d) => d.organisation(ORG),
  account: (d) => d.account('tomas'),
  accountByUid: (d) => d.accountByUid(1002),
  members: (d) => d.members(ORG),
  records: (d) => d.records(TOMAS),
  publish: (d) => d.publish(FILE_A, 'one'),
  unpublish: (d) => d.unpublish(FILE_A),
};

interface Case {
  fault: Fault;
  code: string;
  says: string | RegExp;
  hint?: string;
  /** A fault in the body says nothing about an answer without one. */
  membership?: 'yes';
}

const CASES: Record<string, Case> = {
  '401': { fault: { status: 401, body: { message: 'Bad credentials' } }, code: 'NO_TOKEN', says: 'does not accept' },
  'hourly limit': { fault: primaryLimit(NOON / 1000 + 1800), code: 'GITHUB_REFUSED', says: '2026-11-22T12:30:00Z' },
  'hourly limit as 429': { fault: primaryLimit(NOON / 1000 + 60, 429), code: 'GITHUB_REFUSED', says: '12:01:00Z' },
  'secondary limit': { fault: secondaryLimit(77), code: 'GITHUB_REFUSED', says: 'wait for 77 s' },
  'secondary limit as 429': { fault: secondaryLimit(5, 429), code: 'GITHUB_REFUSED', says: 'wait for 5 s' },
  '429 without a time, HTML': { fault: htmlPage(429), code: 'GITHUB_REFUSED', says: 'wait for a minute' },
  'single sign-on': {
    fault: ssoRequired('https://127.0.0.1/orgs/Lighthouse/sso?authorization_request=AbC'),
    code: 'GITHUB_REFUSED',
    says: 'single sign-on',
    hint: 'https://127.0.0.1/orgs/Lighthouse/sso?authorization_request=AbC',
  },
  'missing scope as 403': {
    fault: {
      status: 403,
      body: { message: 'You need at least read:org scope.' },
      headers: { 'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'admin:org, read:org' },
    },
    code: 'GITHUB_REFUSED',
    says: 'lacks the scope read:org',
    hint: 'gh auth refresh -h 127.0.0.1 -s gist,read:org',
  },
  'fine-grained token without the permission': {
    fault: {
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
      headers: { 'x-accepted-github-permissions': 'gists=write' },
    },
    code: 'GITHUB_REFUSED',
    says: /not accessible by personal access token.*gists=write/,
  },
  '400': { fault: { status: 400, body: { message: 'Bad version' } }, code: 'GITHUB_REFUSED', says: '400: Bad version' },
  '403 of a proxy': { fault: htmlPage(403), code: 'GITHUB_UNREACHABLE', says: '403' },
  '404 of a proxy': { fault: htmlPage(404), code: 'GITHUB_UNREACHABLE', says: '404' },
  // fetch makes a network error of it.
  '407': { fault: htmlPage(407), code: 'GITHUB_UNREACHABLE', says: 'cannot be reached' },
  '500': { fault: { status: 500, body: { message: 'Server Error' } }, code: 'GITHUB_UNREACHABLE', says: '500' },
  '502 HTML': { fault: htmlPage(502), code: 'GITHUB_UNREACHABLE', says: '502' },
  '200 HTML': { fault: htmlPage(200), code: 'GITHUB_UNREACHABLE', says: 'cannot be understood' },
  '200 of another shape': {
    fault: { status: 200, body: { id: 'x', login: 7 } },
    code: 'GITHUB_UNREACHABLE',
    says: 'cannot be understood',
  },
  '200 nested too deep': {
    fault: { status: 200, body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` },
    code: 'GITHUB_UNREACHABLE',
    says: 'nested deeper',
  },
  'cut JSON': {
    fault: { truncate: true },
    code: 'GITHUB_UNREACHABLE',
    says: 'cannot be understood',
    membership: 'yes',
  },
  'empty 202': { fault: { status: 202, body: '' }, code: 'GITHUB_UNREACHABLE', says: '' },
  'stray 304': { fault: { status: 304 }, code: 'GITHUB_UNREACHABLE', says: '304' },
  reset: { fault: { reset: true }, code: 'GITHUB_UNREACHABLE', says: 'cannot be reached' },
  silence: { fault: { hang: true }, code: 'GITHUB_UNREACHABLE', says: 'did not answer within 0.05 s' },
  'an answer that stops half way': { fault: { stall: true }, code: 'GITHUB_UNREACHABLE', says: 'did not answer' },
  redirect: {
    fault: { redirect: 'https://elsewhere.invalid/user', status: 301 },
    code: 'GITHUB_UNREACHABLE',
    says: 'redirect to elsewhere.invalid',
  },
  'too much': { fault: { status: 200, body: ' '.repeat(100_000) }, code: 'GITHUB_UNREACHABLE', says: 'longer than' },
};

/** With a short time-out for what never ends; nothing else here waits for it. */
async function faulty(fault: Fault): Promise<{ directory: () => GithubDirectory }> {
  const scene = await startScene({ now: () => NOON });
  scene.standIn.putGist({ owner: 'Marie-T', files: { [FILE_A]: 'zero' } });
  scene.standIn.addFault({ ...fault, times: null });
  const short = fault.hang === true || fault.stall === true ? { timeoutMs: 50 } : {};
  return { directory: () => scene.directory({ clock: testClock(NOON), responseMaxBytes: 50_000, ...short }) };
}

describe.each(Object.entries(CASES))('%s', (_name, { fault, code, says, hint = '', membership = 'unknown' }) => {
  it('is the right error for every method, and no answer about a membership', async () => {
    const { directory } = await faulty(fault);
    for (const [method, call] of Object.entries(METHODS)) {
      const error = await failure(call(directory()));
      expect(error, method).toMatchObject({ code, message: expect.stringMatching(says) });
      expect(error.hint, method).toContain(hint);
    }
    expect(await directory().membership(ORG, 'tomas')).toMatchObject({ is: membership });
  });
});

describe('the token', () => {
  it('is in no error, whatever GitHub says back', async () => {
    const { standIn, tokens, directory } = await startScene();
    const { marie } = tokens;
    const echoes: Fault[] = [
      ...Object.values(CASES).map((each) => each.fault),
      ...[400, 403, 404, 422, 500, 302].map((status) => ({
        status,
        body: { message: `no \u0007${marie} here`, errors: [marie] },
        headers: { location: `http://${marie}.invalid/${marie}`, 'x-accepted-github-permissions': marie },
      })),
    ];
    for (const fault of echoes) {
      if (fault.hang === true || fault.stall === true) continue;
      standIn.clearFaults();
      standIn.addFault({ ...fault, times: null });
      for (const call of Object.values(METHODS)) {
        const error = await failure(call(directory()));
        expect(everythingOf(error) + JSON.stringify(error.toBody())).not.toContain(marie);
      }
      expect(JSON.stringify(await directory().membership(ORG, 'tomas'))).not.toContain(marie);
    }
  });

  it('is in no error when there is nobody to talk to', async () => {
    const { standIn, tokens, directory } = await startScene();
    const alone = directory();
    await standIn.close();
    const error = await failure(alone.whoAmI());
    expect(error).toMatchObject({ code: 'GITHUB_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
    expect(everythingOf(error)).not.toContain(tokens.marie);
    // Not what fetch threw: nobody promises what that quotes.
    expect(error.cause).toEqual(new Error('ECONNREFUSED'));
  });

  it('is not sent beside the API base, whoever asks for it', async () => {
    const other = await startOtherHost();
    const options = {
      base: new URL('https://git.example.org/api/v3'),
      userAgent: 't',
      timeoutMs: 1000,
      maxBytes: 1000,
    };
    for (const url of [`${other.url}/api/v3/user`, 'https://git.example.org/user', 'https://git.example.org/api/v3x']) {
      const error = await failure(exchange(options, { method: 'GET', url: new URL(url), token: 'secret' }));
      expect(error.message).toContain('refused to send the token');
    }
    expect(other.requests).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i to another host', async (status) => {
    const { standIn, directory } = await startScene();
    const other = await startOtherHost();
    standIn.addFault({ redirect: `${other.url}/user`, status, times: null });
    for (const call of Object.values(METHODS))
      expect((await failure(call(directory()))).code).toBe('GITHUB_UNREACHABLE');
    expect((await directory().membership(ORG, 'tomas')).is).toBe('unknown');
    expect(other.requests).toEqual([]);
  });

  it('does not follow a next page to another host, nor beside the API base', async () => {
    const { standIn, directory } = await startScene();
    const other = await startOtherHost();
    for (const next of [`${other.url}/x`, `//${new URL(other.url).host}/x`, 'http://', 'javascript:1']) {
      standIn.addFault({ path: '/orgs/', headers: { link: `<${next}>; rel="next"` } });
      const { code, message } = await failure(directory().members(ORG));
      expect([code, message]).toEqual(['GITHUB_UNREACHABLE', expect.stringContaining('next page')]);
    }
    expect(other.requests).toEqual([]);
    const based = directory({ apiBase: `${standIn.url}/api/v3` });
    standIn.addFault({ status: 200, body: [], headers: { link: `<${standIn.url}/elsewhere>; rel="next"` } });
    expect((await failure(based.members(ORG))).code).toBe('GITHUB_UNREACHABLE');
    expect(standIn.requests().filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  it('ends a list that does not end', async () => {
    const { standIn, directory } = await startScene();
    const link = `<${standIn.url}/organizations/9009/members?page=2>; rel="next"`;
    standIn.addFault({ path: '/org', headers: { link }, times: null });
    expect((await failure(directory().members(ORG))).message).toContain('does not end');
    expect(standIn.requests()).toHaveLength(100);
  });
});

describe('single sign-on', () => {
  it.each([
    'https://evil.invalid/orgs/Lighthouse/sso',
    'https://127.0.0.1.evil.invalid/',
    'https://x@127.0.0.1/',
    'javascript:alert(1)',
    'nonsense',
  ])('does not show the link %s', async (url) => {
    const { standIn, directory } = await startScene();
    standIn.addFault(ssoRequired(url));
    const { hint, message } = await failure(directory().organisation(ORG));
    expect(message).toContain('single sign-on');
    expect(hint).toBe('authorise the token for the organisation in your GitHub settings');
  });
});
