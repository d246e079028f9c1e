/** What GitHub, a proxy or the network may answer in place of the wished answer, and what a person is then told. */
import { type Fault, htmlPage, primaryLimit, secondaryLimit, ssoRequired } from '../support/github-stand-in/index.ts';

/** When it is, for limits that name a time. */
export const NOON = Date.UTC(2026, 10, 22, 12);

export interface FaultCase {
  fault: Fault;
  code: string;
  says: string | RegExp;
  /** What to do, or to type. */
  hint: string;
  /** A fault in the body says nothing about an answer without one. */
  membership?: 'yes';
}

const WAIT = 'wait until then; nothing was changed';
const NETWORK = 'check the network; nothing was changed';
const TROUBLE = 'try again in a while; nothing was changed';
const DOCTOR = 'nothing was changed; see `teammate-sync doctor`';

export const FAULT_CASES: Record<string, FaultCase> = {
  '401': {
    fault: { status: 401, body: { message: 'Bad credentials' } },
    code: 'NO_TOKEN',
    says: 'does not accept the token',
    hint: 'gh auth login -h 127.0.0.1 -s gist,read:org',
  },
  '403, missing scope': {
    fault: {
      status: 403,
      body: { message: 'You need at least read:org scope.' },
      headers: { 'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'admin:org, read:org' },
    },
    code: 'GITHUB_REFUSED',
    says: 'lacks the scope read:org',
    hint: 'gh auth refresh -h 127.0.0.1 -s gist,read:org',
  },
  '403, missing permission of a fine-grained token': {
    fault: {
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
      headers: { 'x-accepted-github-permissions': 'gists=write' },
    },
    code: 'GITHUB_REFUSED',
    says: /not accessible by personal access token.*gists=write/,
    hint: 'check the token',
  },
  '403, single sign-on': {
    fault: ssoRequired('https://127.0.0.1/orgs/Lighthouse/sso?authorization_request=AbC'),
    code: 'GITHUB_REFUSED',
    says: 'single sign-on',
    hint: 'https://127.0.0.1/orgs/Lighthouse/sso?authorization_request=AbC',
  },
  '403, restriction of OAuth apps': {
    fault: {
      status: 403,
      body: {
        message:
          'Although you appear to have the correct authorization credentials, the `Lighthouse` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited.',
      },
    },
    code: 'GITHUB_REFUSED',
    says: 'the organisation restricts OAuth apps',
    hint: 'ask an owner of the organisation',
  },
  '403, hourly limit': {
    fault: primaryLimit(NOON / 1000 + 1800),
    code: 'GITHUB_REFUSED',
    says: '2026-11-22T12:30:00Z',
    hint: WAIT,
  },
  '403, secondary limit': { fault: secondaryLimit(77), code: 'GITHUB_REFUSED', says: 'wait for 77 s', hint: WAIT },
  '403 of a proxy': { fault: htmlPage(403), code: 'GITHUB_UNREACHABLE', says: '403', hint: NETWORK },
  '404 of a proxy': { fault: htmlPage(404), code: 'GITHUB_UNREACHABLE', says: '404', hint: NETWORK },
  // fetch makes a network error of it.
  '407': { fault: htmlPage(407), code: 'GITHUB_UNREACHABLE', says: 'cannot be reached', hint: NETWORK },
  '400': {
    fault: { status: 400, body: { message: 'Bad version' } },
    code: 'GITHUB_REFUSED',
    says: '400: Bad version',
    hint: DOCTOR,
  },
  '409': {
    fault: { status: 409, body: { message: 'Conflict' } },
    code: 'GITHUB_REFUSED',
    says: '409: Conflict',
    hint: DOCTOR,
  },
  '422': {
    fault: { status: 422, body: { message: 'Validation Failed', errors: [{ code: 'invalid' }] } },
    code: 'GITHUB_REFUSED',
    says: '422: Validation Failed',
    hint: DOCTOR,
  },
  '429, hourly limit': {
    fault: primaryLimit(NOON / 1000 + 60, 429),
    code: 'GITHUB_REFUSED',
    says: '12:01:00Z',
    hint: WAIT,
  },
  '429, secondary limit': { fault: secondaryLimit(5, 429), code: 'GITHUB_REFUSED', says: 'wait for 5 s', hint: WAIT },
  '429 without a time, HTML': { fault: htmlPage(429), code: 'GITHUB_REFUSED', says: 'wait for a minute', hint: WAIT },
  '500': {
    fault: { status: 500, body: { message: 'Server Error' } },
    code: 'GITHUB_UNREACHABLE',
    says: '500: Server Error',
    hint: TROUBLE,
  },
  '502, HTML': { fault: htmlPage(502), code: 'GITHUB_UNREACHABLE', says: '502', hint: TROUBLE },
  '503 with a megabyte': {
    fault: { status: 503, body: { message: 'Server Error', more: 'x'.repeat(1_000_000) } },
    code: 'GITHUB_UNREACHABLE',
    says: /with 503$/,
    hint: TROUBLE,
  },
  '504 without a body': {
    fault: { status: 504, body: '' },
    code: 'GITHUB_UNREACHABLE',
    says: /with 504$/,
    hint: TROUBLE,
  },
  '500 nested deep': {
    fault: { status: 500, body: '['.repeat(60_000), headers: { 'content-type': 'application/json' } },
    code: 'GITHUB_UNREACHABLE',
    says: /with 500$/,
    hint: TROUBLE,
  },
  '200, HTML': { fault: htmlPage(200), code: 'GITHUB_UNREACHABLE', says: 'cannot be understood', hint: NETWORK },
  '200 of another shape': {
    fault: { status: 200, body: { id: 'x', login: 7 } },
    code: 'GITHUB_UNREACHABLE',
    says: 'cannot be understood',
    hint: NETWORK,
  },
  '200 nested too deep': {
    fault: { status: 200, body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` },
    code: 'GITHUB_UNREACHABLE',
    says: 'nested deeper',
    hint: NETWORK,
  },
  'cut JSON': {
    fault: { truncate: true },
    code: 'GITHUB_UNREACHABLE',
    says: 'cannot be understood',
    hint: NETWORK,
    membership: 'yes',
  },
  'empty 202': { fault: { status: 202, body: '' }, code: 'GITHUB_UNREACHABLE', says: '', hint: NETWORK },
  'stray 304': { fault: { status: 304 }, code: 'GITHUB_UNREACHABLE', says: '304', hint: NETWORK },
  'a status that is none': { fault: { status: 999 }, code: 'GITHUB_UNREACHABLE', says: 'GitHub', hint: NETWORK },
  reset: { fault: { reset: true }, code: 'GITHUB_UNREACHABLE', says: 'cannot be reached', hint: NETWORK },
  silence: {
    fault: { hang: true },
    code: 'GITHUB_UNREACHABLE',
    says: 'did not answer within 0.05 s',
    hint: NETWORK,
  },
  'a slow answer': { fault: { delayMs: 60_000 }, code: 'GITHUB_UNREACHABLE', says: 'did not answer', hint: NETWORK },
  'an answer that stops half way': {
    fault: { stall: true },
    code: 'GITHUB_UNREACHABLE',
    says: 'did not answer',
    hint: NETWORK,
  },
  redirect: {
    fault: { redirect: 'https://elsewhere.invalid/user', status: 301 },
    code: 'GITHUB_UNREACHABLE',
    says: 'redirect to elsewhere.invalid',
    hint: '`apiBase` in config.json; nothing was changed',
  },
  'too much': {
    fault: { status: 200, body: ' '.repeat(100_000) },
    code: 'GITHUB_UNREACHABLE',
    says: 'longer than',
    hint: NETWORK,
  },
};

/** Faults that end only with a time-out. */
export const isEndless = ({ hang, stall, delayMs }: Fault): boolean =>
  hang === true || stall === true || delayMs !== undefined;
