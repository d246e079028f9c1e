/** The pages that are open: one-time codes, tokens and cookies of this run, and resume keys that outlive it. */
import type { Clock } from '../../platform/clock.ts';
import { TokenBucket } from '../../platform/token-bucket.ts';
import { type ChallengeResponse, type OpenedPage, proofText, type ResumeKey } from '../../protocol/dashboard.ts';
import {
  PAGE_CODE_MS,
  PAGE_CODES_MAX,
  PAGE_MS,
  PAGE_TRIES_BURST,
  PAGE_TRIES_PER_SECOND,
  PAGES_MAX,
} from '../../protocol/limits.ts';
import type { KeptPage } from './kept.ts';
import { hashOf, hmacOf, newSecret, same } from './secrets.ts';

interface Page extends KeptPage {
  /** Hash of its token; null: of an earlier run of the daemon, it has to be resumed. */
  token: string | null;
  /** Ours of the challenge that waits for its answer. */
  challenge: { pageNonce: string; nonce: string } | null;
}

/** A page that was opened, with the cookie that goes with it. */
export interface Opening {
  opened: OpenedPage;
  cookie: string;
}

export interface PagesOptions {
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** Called when what outlives the daemon's run has changed. */
  save: (pages: KeptPage[]) => void;
}

export class Pages {
  readonly #options: PagesOptions;
  /** Hash of the code → until when, of the clock that only grows. */
  readonly #codes = new Map<string, number>();
  /** Of browsers, by hash: the pages of one browser have one cookie between them. */
  readonly #cookies = new Set<string>();
  readonly #tries: TokenBucket;
  #pages: Page[] = [];

  constructor(options: PagesOptions) {
    this.#options = options;
    this.#tries = new TokenBucket(PAGE_TRIES_PER_SECOND, () => options.clock.elapsed(), PAGE_TRIES_BURST);
  }

  /** Takes in those of an earlier run. */
  restore(pages: readonly KeptPage[]): void {
    this.#pages = pages.map((page) => ({ ...page, token: null, challenge: null }));
  }

  /** Pages that are not too old. */
  get kept(): KeptPage[] {
    const now = this.#options.clock.now();
    // One from further ahead than a page lasts was made by a clock that was wrong.
    this.#pages = this.#pages.filter(({ until }) => until > now && until <= now + PAGE_MS);
    return this.#pages.map(({ id, key, until }) => ({ id, key, until }));
  }

  /** A code that opens one page, once. */
  newCode(): string {
    const code = newSecret(this.#options.random);
    this.#codes.set(hashOf(code), this.#options.clock.elapsed() + PAGE_CODE_MS);
    for (const oldest of [...this.#codes.keys()].slice(0, -PAGE_CODES_MAX)) this.#codes.delete(oldest);
    return code;
  }

  /** Null: not a code, used, too old, or too many were tried. @param cookie of the browser, if it has one */
  open(code: string, cookie: string | null): Opening | null {
    if (!this.#tries.take()) return null;
    const hash = hashOf(code);
    const until = this.#codes.get(hash);
    this.#codes.delete(hash);
    if (until === undefined || until <= this.#options.clock.elapsed()) return null;
    return this.#add(this.#options.clock.now() + PAGE_MS, cookie);
  }

  /** Both are needed: the cookie alone is sent to every port of this machine, the token is in one tab only. */
  knows(token: string, cookie: string | null): boolean {
    return this.#holds(cookie) && this.#pageOf(token) !== null;
  }

  /** A new resume key for a page that was loaded again, or null. */
  renew(token: string): ResumeKey | null {
    const page = this.#pageOf(token);
    if (!page) return null;
    Object.assign(page, this.#newKey());
    this.#save();
    return { id: page.id, key: page.key };
  }

  /** Proves that we are who made the page's key. Null: there is no such page. */
  challenge(id: string, pageNonce: string, port: number): ChallengeResponse | null {
    if (!this.#tries.take()) return null;
    const page = this.#byId(id);
    if (!page) return null;
    const nonce = newSecret(this.#options.random);
    page.challenge = { pageNonce, nonce };
    return { nonce, proof: hmacOf(page.key, proofText('daemon', port, pageNonce, nonce)) };
  }

  /** The page with a new token and key, as long as it would have lasted; null when its proof does not hold. */
  resume(id: string, nonce: string, proof: string, about: { port: number; cookie: string | null }): Opening | null {
    if (!this.#tries.take()) return null;
    const page = this.#byId(id);
    const challenge = page?.challenge;
    if (!page || !challenge) return null;
    page.challenge = null;
    const wanted = hmacOf(page.key, proofText('page', about.port, challenge.pageNonce, challenge.nonce));
    if (nonce !== challenge.nonce || !same(proof, wanted)) return null;
    this.#pages = this.#pages.filter((other) => other !== page);
    return this.#add(page.until, about.cookie);
  }

  #add(until: number, known: string | null): Opening {
    const { random } = this.#options;
    const token = newSecret(random);
    const page: Page = { ...this.#newKey(), until, token: hashOf(token), challenge: null };
    this.#pages = [...this.#pages, page].slice(-PAGES_MAX);
    const cookie = known !== null && this.#holds(known) ? known : newSecret(random);
    this.#cookies.add(hashOf(cookie));
    for (const oldest of [...this.#cookies].slice(0, -PAGES_MAX)) this.#cookies.delete(oldest);
    this.#save();
    return { opened: { token, resume: { id: page.id, key: page.key } }, cookie };
  }

  #newKey(): ResumeKey {
    return { id: newSecret(this.#options.random), key: newSecret(this.#options.random) };
  }

  #holds(cookie: string | null): boolean {
    return cookie !== null && this.#cookies.has(hashOf(cookie));
  }

  #pageOf(token: string): Page | null {
    const hash = hashOf(token);
    const now = this.#options.clock.now();
    return this.#pages.find((page) => page.token === hash && page.until > now) ?? null;
  }

  #byId(id: string): Page | null {
    const now = this.#options.clock.now();
    return this.#pages.find((page) => page.id === id && page.until > now) ?? null;
  }

  #save(): void {
    this.#options.save(this.kept);
  }
}
