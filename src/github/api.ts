/**
 * The REST calls of this room: in turn, conditional, decoded, refused with a reason. Knows HTTP and GitHub's manners,
 * nothing of people or records.
 */
import { TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { DecodeError, type Decoder } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import { GITHUB_CACHE_MAX, GITHUB_PAGES_MAX, GITHUB_RESPONSE_MAX_BYTES } from '../protocol/limits.ts';
import type { ApiBase } from '../platform/api-host.ts';
import { type GithubContact, contactLog } from './contact.ts';
import { createEtagCache } from './etag-cache.ts';
import { isWithin, unreachable } from './bounded-fetch.ts';
import { nextPage } from './link-header.ts';
import { type Answer, type Client, type ClientOptions, type Request, loadClient } from './octokit.ts';
import { isClearNotFound, limitOf, refusal } from './refusal.ts';
import { isUsableToken } from './token.ts';

export interface ApiOptions {
  base: ApiBase;
  client: Omit<ClientOptions, 'base'>;
  token: () => Promise<string>;
  /** Told of each token that GitHub does not accept. */
  refused: (token: string) => void;
  clock: Clock;
}

export interface Api {
  /** GET, conditional. Null for GitHub's own 404. @throws NO_TOKEN, GITHUB_REFUSED, GITHUB_UNREACHABLE */
  get<T>(path: string, decoder: Decoder<T>): Promise<T | null>;
  /**
   * All pages of a list, at most GITHUB_PAGES_MAX; then it fails or, with `stop`, ends. Null for a 404.
   * @throws as get
   */
  pages<T>(path: string, decoder: Decoder<T[]>, atMost: 'fail' | 'stop'): AsyncGenerator<T[] | null>;
  /** GET whose status is the answer; refusals of the token and limits are noted, but nothing is thrown for a status. */
  ask(path: string): Promise<{ answer: Answer; refused: () => TeammateSyncError }>;
  /** POST, PATCH, DELETE. Null for GitHub's own 404. @throws as get */
  write<T>(method: 'POST' | 'PATCH', path: string, body: unknown, decoder: Decoder<T>): Promise<T | null>;
  remove(path: string): Promise<void>;
  /** GitHub's clock minus ours at the last answer, in ms (its Date header has whole seconds); null before the first. */
  dateSkewMs(): number | null;
  contact(): GithubContact;
}

interface Asked {
  answer: Answer;
  token: string;
}

interface Page<T> {
  value: T;
  next: string | null;
}

function decode<T>(answer: Answer, decoder: Decoder<T>, what: string): T {
  try {
    return parseJson(answer.bytes, GITHUB_RESPONSE_MAX_BYTES, decoder, 'answer');
  } catch (error) {
    if (error instanceof DecodeError) {
      throw unreachable(`GitHub's answer to ${what} cannot be understood (${error.message})`);
    }
    throw error;
  }
}

/** For messages; a path may come out of a Link header, so it is cut. */
const nameOf = (method: string, url: URL): string => `${method} ${url.pathname.slice(0, 200)}`;

/**
 * The page after one that is full and names none. One that comes to be later leaves this one as it is: GitHub answers 304,
 * and what was kept of it would never lead there.
 */
function pageAfter(url: URL, items: number): string | null {
  const { searchParams } = url;
  if (items === 0 || items !== Number(searchParams.get('per_page'))) return null;
  const next = new URL(url);
  next.searchParams.set('page', String(Number(searchParams.get('page') ?? 1) + 1));
  return next.href;
}

export function createApi(options: ApiOptions): Api {
  const { base, clock } = options;
  const cache = createEtagCache(GITHUB_CACHE_MAX);
  const { contact, watch } = contactLog(clock);
  let client: Promise<Client> | null = null;
  let skewMs: number | null = null;
  /** While a limit holds for a token, GitHub is left alone: asking on would make it worse. */
  let pause: { token: string; until: number; error: TeammateSyncError } | null = null;

  async function usableToken(): Promise<string> {
    const token = await options.token();
    if (!isUsableToken(token)) throw new TeammateSyncError('NO_TOKEN', 'what was given as a token cannot be one');
    return token;
  }

  async function once(github: Client, request: Request, conditional: boolean): Promise<Answer> {
    const { url, token } = request;
    if (pause && pause.token === token && clock.elapsed() < pause.until) {
      // A fresh error: the stack is this call's.
      throw new TeammateSyncError('GITHUB_REFUSED', pause.error.message, { hint: pause.error.hint });
    }
    const etag = conditional ? cache.get(url.href, token)?.etag : undefined;
    const answer = await watch(() => github.send({ ...request, etag }));
    const date = Date.parse(answer.headers.get('date') ?? '');
    // Only GitHub's clock counts, not that of a proxy that answered in its place.
    if (!Number.isNaN(date) && answer.headers.has('x-github-request-id')) skewMs = date - clock.now();
    const limit = limitOf(answer, clock.now());
    if (limit) {
      pause = { token, until: clock.elapsed() + limit.waitMs, error: limit.error };
      throw limit.error;
    }
    return answer;
  }

  async function call(method: Request['method'], url: URL, body?: unknown, conditional = false): Promise<Asked> {
    client ??= loadClient({ ...options.client, base: base.url });
    const github = await client;
    return github.inTurn(async () => {
      const token = await usableToken();
      const answer = await once(github, { method, url, token, body }, conditional);
      if (answer.status !== 401) return { answer, token };
      options.refused(token);
      const other = await usableToken();
      if (other === token) return { answer, token };
      return { answer: await once(github, { method, url, token: other, body }, conditional), token: other };
    });
  }

  const resolve = (path: string): URL => new URL(base.url.href.replace(/\/$/, '') + path);

  async function getPage<T>(url: URL, decoder: Decoder<T>): Promise<Page<T> | null> {
    const { answer, token } = await call('GET', url, undefined, true);
    const what = nameOf('GET', url);
    if (answer.status === 304) {
      const kept = cache.get(url.href, token);
      if (!kept) throw unreachable(`GitHub answered ${what} with 304, but nothing was asked conditionally`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a path is always read with the same decoder
      return { value: kept.value as T, next: kept.next };
    }
    if (answer.status === 200) {
      let items = 0;
      const counted: Decoder<T> = (v, at) => {
        items = Array.isArray(v) ? v.length : 0;
        return decoder(v, at);
      };
      const page = { value: decode(answer, counted, what), next: nextPage(answer.headers.get('link')) };
      page.next ??= pageAfter(url, items);
      const etag = answer.headers.get('etag');
      if (etag !== null) cache.set(url.href, token, { etag, ...page });
      return page;
    }
    if (isClearNotFound(answer)) return null;
    throw refusal(answer, what, token, base);
  }

  async function write<T>(
    method: Request['method'],
    path: string,
    body: unknown,
    read: (answer: Answer, what: string) => T,
  ) {
    const url = resolve(path);
    const { answer, token } = await call(method, url, body);
    if (answer.status >= 200 && answer.status < 300) return read(answer, nameOf(method, url));
    if (isClearNotFound(answer)) return null;
    throw refusal(answer, nameOf(method, url), token, base);
  }

  return {
    get: async (path, decoder) => (await getPage(resolve(path), decoder))?.value ?? null,
    async *pages(path, decoder, atMost) {
      let url = resolve(path);
      for (let n = 0; n < GITHUB_PAGES_MAX; n++) {
        const page = await getPage(url, decoder);
        yield page?.value ?? null;
        if (!page || page.next === null) return;
        // A Link header is foreign text: only a place under the API base is followed.
        const next = URL.canParse(page.next, url.href) ? new URL(page.next, url) : null;
        if (!next || !isWithin(base.url, next))
          throw unreachable(`GitHub's next page of GET ${url.pathname.slice(0, 200)} leads elsewhere`);
        url = next;
      }
      if (atMost === 'fail') throw unreachable(`GitHub's list GET ${url.pathname.slice(0, 200)} does not end`);
    },
    async ask(path) {
      const url = resolve(path);
      const { answer, token } = await call('GET', url);
      return { answer, refused: () => refusal(answer, nameOf('GET', url), token, base) };
    },
    write: (method, path, body, decoder) => write(method, path, body, (answer, what) => decode(answer, decoder, what)),
    async remove(path) {
      await write('DELETE', path, undefined, () => undefined);
    },
    dateSkewMs: () => skewMs,
    contact,
  };
}
