/** Whom the contract is checked against: the stand-in, or, by `npm run test:github-live`, GitHub itself. */
import { expect } from 'vitest';
import { type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { validateFor } from '../support/github-stand-in/openapi/validate.ts';
import { type Got, request } from './http.ts';

interface Place {
  /** Of the API. */
  base: string;
  /** Where devices sign in. */
  web: string;
  token: string;
  /** An organisation of which the token's owner is a member. */
  org: string;
  /** Between two looks at a list that lags behind, and between two writes; GitHub asks for a second at least. */
  pauseMs: number;
  close(): Promise<void>;
}

/** Every answer is held against GitHub's OpenAPI description, GitHub's own too: so it shows where that is not true. */
export interface Target extends Place {
  /** With these headers and no others. */
  plain(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Got>;
  /** GET, with the token. */
  ask(path: string, headers?: Record<string, string>): Promise<Got>;
  /** With the token. */
  send(method: string, path: string, body?: unknown): Promise<Got>;
}

/** What GitHub takes when no version is named. */
const VERSION = '2022-11-28';

/** GitHub's own demonstration account. */
export const OCTOCAT = 583231;
export const NOBODY = 'no-such-account-b7d1f0c2a9';

/** Set by test/github/live.mjs alone; `npm test` takes all of GITHUB_* away. */
const { GITHUB_CONTRACT, GITHUB_LIVE_TOKEN, GITHUB_LIVE_ORG } = process.env;
export const live = GITHUB_CONTRACT === 'live';

/** As much of GitHub as the contract names. */
function asOnGithub(standIn: StandIn): void {
  standIn.addUser({ login: 'octocat', id: OCTOCAT, name: 'The Octocat' });
  for (const n of [1, 2, 3]) standIn.putGist({ owner: 'octocat', files: { [`hello-${n}.txt`]: `hello ${n}\n` } });
  standIn.addOrg({ login: 'github', id: 9919 });
  for (let n = 0; n < 120; n++) {
    standIn.addUser({ login: `hubber-${n}`, id: 20_000 + n });
    standIn.addMember('github', { login: `hubber-${n}`, public: true });
  }
  standIn.addRepo('github/github');
  standIn.addRepo('github/linguist', { private: false });
  standIn.renameRepo('github/linguist', 'languages');
  standIn.addRepo('github/docs', { private: false });
  standIn.addIssue('github/docs', { author: 'octocat', title: 'A mistake' });
  standIn.putComment('github/docs', 1, { author: 'octocat', body: 'Here it is.' });
}

async function standInPlace(): Promise<Place> {
  const standIn = await startGithubStandIn();
  asOnGithub(standIn);
  const { token } = standIn.addUser({ login: 'Marie-T', id: 1001 });
  standIn.addUser({ login: 'Ines', id: 1003 });
  standIn.addOrg({ login: 'Lighthouse', id: 9009, members: ['Marie-T', 'Ines'] });
  standIn.addRepo('Lighthouse/.teammate-sync');
  standIn.addIssue('Lighthouse/.teammate-sync', { author: 'Ines', title: 'Device records' });
  standIn.setListLag(2);
  const { url: base, web } = standIn;
  return { base, web, token, org: 'Lighthouse', pauseMs: 0, close: () => standIn.close() };
}

function livePlace(): Place {
  if (!GITHUB_LIVE_TOKEN || !GITHUB_LIVE_ORG) throw new Error('run it by `npm run test:github-live`');
  return {
    base: 'https://api.github.com',
    web: 'https://github.com',
    token: GITHUB_LIVE_TOKEN,
    org: GITHUB_LIVE_ORG,
    pauseMs: 5000,
    close: () => Promise.resolve(),
  };
}

export async function startTarget(): Promise<Target> {
  const place = live ? livePlace() : await standInPlace();
  const validate = validateFor('github.com');
  const authorization = `Bearer ${place.token}`;
  const plain: Target['plain'] = async (method, path, headers, body) => {
    const got = await request(method, place.base + path, headers, body);
    const version = headers['x-github-api-version'] ?? VERSION;
    const sent = { method, path: path.split('?')[0] ?? '', status: got.status, body: got.text, version };
    expect(validate(sent)).toBeNull();
    return got;
  };
  return {
    ...place,
    plain,
    ask: (path, headers) => plain('GET', path, { authorization, ...headers }),
    send: (method, path, body) => plain(method, path, { authorization }, body),
  };
}
