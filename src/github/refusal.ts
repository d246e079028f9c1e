/** From an answer that is not the wished one to the error that says what happened and what to do. */
import { TeammateSyncError } from '../errors.ts';
import type { ApiBase } from '../platform/api-host.ts';
import { unreachable } from './bounded-fetch.ts';
import type { Answer } from './octokit.ts';
import { lacksScope, SCOPES } from './scopes.ts';

const HOUR_MS = 3_600_000;
/** What GitHub asks for when it names no time. */
const WAIT_DEFAULT_MS = 60_000;

/** GitHub itself said no to what was asked, and not for a limit, single sign-on or a restriction of apps, which pass. */
export class GithubRefusal extends TeammateSyncError {
  readonly answered: number;
  /** The scope that the token lacks for it; null: it is not about scopes. */
  readonly scope: string | null;

  constructor(answered: number, scope: string | null, { message, hint }: { message: string; hint?: string }) {
    super('GITHUB_REFUSED', message, hint === undefined ? {} : { hint });
    this.answered = answered;
    this.scope = scope;
  }
}

/** Text from outside for a message: one line of printable ASCII, short, and never with the token in it. */
function clean(foreign: string, token: string): string {
  const line = foreign.replace(/[^\x20-\x7e]+/g, ' ').replaceAll(token, '***');
  return line.slice(0, 200).trim();
}

/** True only for GitHub's own JSON 404; a proxy's "not found" page says nothing about GitHub. */
export function isClearNotFound(answer: Answer): boolean {
  return answer.status === 404 && answer.message !== null && missingScope(answer) === null;
}

function words(header: string | null): string[] {
  return (header ?? '').split(/[\s,]+/).filter((word) => /^[a-z:_]{1,40}$/.test(word));
}

/**
 * The scope that the token lacks, or null. GitHub says which would do in x-accepted-oauth-scopes; it hides some
 * refusals as 404. Tokens without scopes in the header (fine-grained ones, those of apps) are not judged.
 */
function missingScope(answer: Answer): string | null {
  const granted = answer.headers.get('x-oauth-scopes');
  const accepted = words(answer.headers.get('x-accepted-oauth-scopes'));
  if (granted === null || granted.trim() === '' || accepted.length === 0) return null;
  const has = new Set(words(granted));
  if (accepted.some((scope) => has.has(scope))) return null;
  return accepted.find((scope) => scope === 'gist' || scope === 'read:org') ?? accepted[0] ?? null;
}

export interface Limit {
  /** How long to leave GitHub alone. */
  waitMs: number;
  error: TeammateSyncError;
}

function limited(waitMs: number, message: string): Limit {
  const hint = 'wait until then; nothing was changed, existing connections go on';
  return {
    waitMs: Math.min(Math.max(waitMs, 0), HOUR_MS),
    error: new TeammateSyncError('GITHUB_REFUSED', message, { hint }),
  };
}

/** The hourly (primary) or the too-fast (secondary) limit; null for other answers. */
export function limitOf(answer: Answer, nowMs: number): Limit | null {
  if (answer.status !== 403 && answer.status !== 429) return null;
  const retryAfter = answer.headers.get('retry-after');
  if (retryAfter !== null && /^\d{1,6}$/.test(retryAfter)) {
    return limited(Number(retryAfter) * 1000, `GitHub asks to wait for ${retryAfter} s (too many requests)`);
  }
  const reset = answer.headers.get('x-ratelimit-reset');
  if (answer.headers.get('x-ratelimit-remaining') === '0' && reset !== null && /^\d{1,11}$/.test(reset)) {
    const until = Number(reset) * 1000;
    const date = Date.parse(answer.headers.get('date') ?? '');
    const at = new Date(until).toISOString().replace('.000', '');
    return limited(until - (Number.isNaN(date) ? nowMs : date), `GitHub's hourly limit is used up until ${at}`);
  }
  if (answer.status === 429 || answer.message?.includes('rate limit') === true) {
    return limited(WAIT_DEFAULT_MS, 'GitHub asks to wait for a minute (too many requests)');
  }
  return null;
}

/** The sign-on link, only when it leads to the configured host: a refusal must not become a phishing link. */
function ssoUrl(answer: Answer, base: ApiBase): string | null {
  const given = /^required;\s*url=(\S+)$/.exec(answer.headers.get('x-github-sso') ?? '')?.[1];
  if (given === undefined || given.length > 500 || !URL.canParse(given)) return null;
  const url = new URL(given);
  const secure = url.protocol === 'https:' || (base.loopback && url.protocol === 'http:');
  return secure && url.hostname === base.webHost && url.username === '' && url.password === '' ? url.href : null;
}

/** GitHub has no header for it. */
const APP_RESTRICTION = /\bOAuth App access restrictions\b/i;

function refused(message: string, hint: string): TeammateSyncError {
  return new TeammateSyncError('GITHUB_REFUSED', message, { hint });
}

/** A 403, and the 404 behind which GitHub hides some, whose reason is known; null for others. */
function forbidden(answer: Answer, what: string, base: ApiBase): TeammateSyncError | null {
  const scope = missingScope(answer);
  if (scope !== null) return new GithubRefusal(answer.status, scope, lacksScope(`${scope} (${what})`, base));
  if (answer.headers.get('x-github-sso')?.startsWith('required') === true) {
    const url = ssoUrl(answer, base);
    return refused(
      'the organisation wants single sign-on for this token',
      url === null
        ? 'authorise the token for the organisation in your GitHub settings'
        : `authorise the token at ${url}`,
    );
  }
  if (answer.message === null || !APP_RESTRICTION.test(answer.message)) return null;
  return refused(
    'the organisation restricts OAuth apps, and does not allow the one that made this token',
    'ask an owner of the organisation to approve that app (for gh: GitHub CLI), or use a personal access token',
  );
}

const ghHost = (base: ApiBase): string => (base.host === 'github.com' ? '' : `-h ${base.webHost} `);

/** The error for an answer that is neither success nor a 404 that the caller understands. */
export function refusal(answer: Answer, what: string, token: string, base: ApiBase): TeammateSyncError {
  const { status, headers } = answer;
  if (status === 401) {
    return new TeammateSyncError('NO_TOKEN', 'GitHub does not accept the token', {
      hint: `it ended, was revoked, or is of another host: run \`gh auth login ${ghHost(base)}-s ${SCOPES.join(',')}\`, or set another one`,
    });
  }
  const known = status === 403 || status === 404 ? forbidden(answer, what, base) : null;
  if (known) return known;
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? '';
    const host = URL.canParse(to, base.url.href) ? new URL(to, base.url).host : 'an unknown place';
    return unreachable(`GitHub answered ${what} with a redirect to ${clean(host, token)}, which is not followed`, {
      hint: 'sign in to the network that you are in, or correct `apiBase` in config.json; nothing was changed',
    });
  }
  const quoted = answer.message === null ? '' : `: ${clean(answer.message, token)}`;
  // A 403 of a proxy or a captive portal is not GitHub's word.
  const github = answer.message !== null || headers.get('x-github-request-id') !== null;
  if (status >= 400 && status < 500 && status !== 404 && github) {
    const permission = headers.get('x-accepted-github-permissions');
    const needs = permission === null ? '' : ` (needs ${clean(permission, token)})`;
    const hint = status === 403 ? undefined : 'nothing was changed; see `teammate-sync doctor`';
    const message = `GitHub refused ${what} with ${status}${quoted}${needs}`;
    return new GithubRefusal(status, null, hint === undefined ? { message } : { message, hint });
  }
  const trouble = 'GitHub has trouble: try again in a while; nothing was changed, existing connections go on';
  return unreachable(`GitHub answered ${what} with ${status}${quoted}`, status < 500 ? {} : { hint: trouble });
}
