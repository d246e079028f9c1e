/** What the directory makes of everything that is not a plain answer, and that the token stays where it belongs. */
import { describe, expect, it } from 'vitest';
import { boundedFetch } from '../../src/github/bounded-fetch.ts';
import type { GithubDirectory } from '../../src/github/index.ts';
import { GITHUB_RETRIES } from '../../src/protocol/limits.ts';
import { type Fault, secondaryLimit, ssoRequired } from '../support/github-stand-in/index.ts';
import { FAULT_CASES, NOON, isEndless } from './fault-cases.ts';
import { FILE_A, ORG, type Scene, everythingOf, failure, startOtherHost, startScene, testClock } from './harness.ts';

const TOMAS = { uid: 1002, login: 'Tomas' };

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

/** With a short time-out for what never ends; nothing else here waits for it. */
async function faulty(fault: Fault): Promise<{ scene: Scene; directory: () => GithubDirectory }> {
  const scene = await startScene({ now: () => NOON });
  scene.standIn.putGist({ owner: 'Marie-T', files: { [FILE_A]: 'zero' } });
  scene.standIn.addFault({ ...fault, times: null });
  const short = isEndless(fault) ? { timeoutMs: 50 } : {};
  return { scene, directory: () => scene.directory({ clock: testClock(NOON), responseMaxBytes: 50_000, ...short }) };
}

describe.each(Object.entries(FAULT_CASES))('%s', (_name, { fault, code, says, hint, membership = 'unknown' }) => {
  it('is the right error for every method, and no answer about a membership', async () => {
    const { scene, directory } = await faulty(fault);
    for (const [method, call] of Object.entries(METHODS)) {
      const error = await failure(call(directory()));
      expect(error, method).toMatchObject({ code, message: expect.stringMatching(says) });
      expect(error.hint, method).toContain(hint);
    }
    expect(await directory().membership(ORG, 'tomas')).toMatchObject({ is: membership });
    // On the wire: always this token, nowhere but in its header, and nothing was written.
    const { standIn, tokens } = scene;
    expect(new Set(standIn.requests().map(({ token }) => token))).toEqual(new Set([standIn.tokenHash(tokens.marie)]));
    expect(standIn.requests().filter(({ path }) => path.includes(tokens.marie))).toEqual([]);
    expect(standIn.gistsOf('Marie-T').map(({ files }) => files)).toEqual([{ [FILE_A]: 'zero' }]);
  });
});

describe('the comments of a keyring', () => {
  /** Somebody who is known to publish there. */
  const known = new Map([[FILE_A, 'keyring']] as const);

  it.each(Object.entries(FAULT_CASES))('with %s are no answer', async (_name, { fault, code, says, hint }) => {
    const scene = await startScene({ now: () => NOON });
    const { standIn, tokens } = scene;
    standIn.addRepo(`${ORG}/.teammate-sync`);
    standIn.addIssue(`${ORG}/.teammate-sync`, { author: 'Tomas', title: 'Device records' });
    standIn.addFault({ ...fault, path: '/repos/', times: null });
    const short = isEndless(fault) ? { timeoutMs: 50 } : {};
    const bounds = { clock: testClock(NOON), responseMaxBytes: 50_000, ...short };
    const error = await failure(scene.directory({ ...bounds, workspace: () => ORG }).records(TOMAS, { known }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(error.hint).toContain(hint);
    expect(everythingOf(error)).not.toContain(tokens.marie);
    expect(new Set(standIn.requests().map(({ token }) => token))).toEqual(new Set([standIn.tokenHash(tokens.marie)]));
  });
});

describe("GitHub's own 404", () => {
  it('is an answer, and what it says depends on what was asked', async () => {
    const { directory } = await faulty({ status: 404, body: { message: 'Not Found' } });
    const codes: Record<string, string> = {};
    for (const [method, call] of Object.entries(METHODS)) codes[method] = (await failure(call(directory()))).code;
    expect(codes).toEqual({
      whoAmI: 'GITHUB_UNREACHABLE',
      organisation: 'NOT_A_MEMBER',
      account: 'NO_SUCH_PERSON',
      accountByUid: 'NO_SUCH_PERSON',
      members: 'NOT_A_MEMBER',
      records: 'NO_SUCH_PERSON',
      publish: 'GITHUB_UNREACHABLE',
      unpublish: 'GITHUB_UNREACHABLE',
    });
    expect(await directory().membership(ORG, 'tomas')).toEqual({ is: 'no' });
  });
});

describe('a request that failed', () => {
  const PASSING: Record<string, Fault> = { '503': { status: 503 }, reset: { reset: true } };
  it.each(Object.entries(PASSING))('with a %s is made again, and then answers', async (_name, fault) => {
    const { standIn, directory } = await startScene();
    standIn.addFault({ ...fault, times: GITHUB_RETRIES });
    expect(await directory().account('tomas')).toEqual({ uid: 1002, login: 'Tomas' });
    expect(standIn.requests()).toHaveLength(1 + GITHUB_RETRIES);
    standIn.clearLog();
    standIn.addFault({ ...fault, path: '/orgs/', times: GITHUB_RETRIES });
    expect(await directory().membership(ORG, 'tomas')).toEqual({ is: 'yes' });
    standIn.addFault({ ...fault, times: GITHUB_RETRIES + 1 });
    expect((await failure(directory().account('tomas'))).code).toBe('GITHUB_UNREACHABLE');
    expect(standIn.requests()).toHaveLength(2 * (1 + GITHUB_RETRIES));
  });

  it('is not made again when it writes: it may have been done', async () => {
    const { standIn, directory } = await startScene();
    for (const fault of Object.values(PASSING)) {
      standIn.addFault({ ...fault, method: 'POST', times: null });
      expect((await failure(directory().publish(FILE_A, 'one'))).code).toBe('GITHUB_UNREACHABLE');
      expect(standIn.requests().filter(({ method }) => method === 'POST')).toHaveLength(1);
      standIn.clearFaults();
      standIn.clearLog();
    }
  });

  it('is not made again when GitHub refused it, took too long or said too much', async () => {
    const { standIn, directory } = await startScene();
    const final: Fault[] = [
      secondaryLimit(1),
      ...[400, 401, 403, 404, 409, 422, 429].map((status) => ({ status, body: { message: 'no' } })),
      { hang: true },
      { status: 200, body: ' '.repeat(100_000) },
    ];
    for (const fault of final) {
      standIn.addFault({ ...fault, times: null });
      const options = { responseMaxBytes: 50_000, ...(isEndless(fault) ? { timeoutMs: 50 } : {}) };
      await failure(directory(options).account('tomas'));
      expect(standIn.requests(), JSON.stringify(fault).slice(0, 80)).toHaveLength(1);
      standIn.clearFaults();
      standIn.clearLog();
    }
  });
});

describe('the token', () => {
  it('is in no error, whatever GitHub says back', async () => {
    const { standIn, tokens, directory } = await startScene();
    const { marie } = tokens;
    const echoes: Fault[] = [
      ...Object.values(FAULT_CASES).map((each) => each.fault),
      ...[400, 403, 404, 422, 500, 302].map((status) => ({
        status,
        body: { message: `no \u0007${marie} here`, errors: [marie] },
        headers: { location: `http://${marie}.invalid/${marie}`, 'x-accepted-github-permissions': marie },
      })),
    ];
    for (const fault of echoes) {
      if (isEndless(fault)) continue;
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
    const base = new URL('https://git.example.org/api/v3');
    const guarded = boundedFetch({ base, timeoutMs: 1000, maxBytes: 1000 });
    for (const url of [`${other.url}/api/v3/user`, 'https://git.example.org/user', 'https://git.example.org/api/v3x']) {
      const error = await failure(guarded(url, { method: 'GET', headers: { authorization: 'Bearer secret' } }));
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
