/** Faults that a test asks for: what GitHub, a proxy or a broken network does now and then. JSON, so that they travel. */

export interface Fault {
  /** Prefix of the path that is hit; default all. */
  path?: string;
  method?: string;
  /** How many requests are hit; null until cleared; default 1. */
  times?: number | null;
  /** Waits so long before anything else. Alone, the request is then served normally. */
  delayMs?: number;
  /** Closes the connection without an answer (TCP reset). */
  reset?: boolean;
  /** Never answers. */
  hang?: boolean;
  /** Answers with this in place of the real answer. */
  status?: number;
  /** Text as it is (HTML unless `headers` say otherwise), anything else as JSON. */
  body?: unknown;
  /** Changes the real answer before it is held against GitHub's description: to see that a mistake is noticed. */
  alter?: { status?: number; json?: Record<string, unknown> };
  /** Added to the answer, also to the real one when no status is given. */
  headers?: Record<string, string>;
  /** A redirect to this URL; `status` or 302. */
  redirect?: string;
  /** Serves the real answer, but only the first half of its bytes, with a length that fits the half. */
  truncate?: boolean;
  /** Sends the head and half of the real answer and then nothing more. */
  stall?: boolean;
  /** False leaves out the headers that only GitHub sends (a proxy answered). */
  fromGithub?: boolean;
}

interface Armed {
  fault: Fault;
  left: number;
}

export class Faults {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    const left = fault.times === null ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.#armed.push({ fault, left });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The first fault that hits this request, counted down. */
  take(method: string, path: string): Fault | undefined {
    const armed = this.#armed.find(
      ({ fault }) => path.startsWith(fault.path ?? '/') && (fault.method === undefined || fault.method === method),
    );
    if (!armed) return undefined;
    if (--armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
    return armed.fault;
  }
}

const message = (text: string): unknown => ({ message: text, documentation_url: 'https://docs.github.com/rest' });

/** The hourly limit is used up until `resetSeconds` (since 1970). */
export function primaryLimit(resetSeconds: number, status = 403): Fault {
  return {
    status,
    body: message('API rate limit exceeded for user ID 1.'),
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetSeconds) },
  };
}

/** Too fast: GitHub asks to wait. */
export function secondaryLimit(retryAfterSeconds: number, status = 403): Fault {
  return {
    status,
    body: message('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

/** The organisation wants single sign-on for this token. */
export function ssoRequired(url: string): Fault {
  return {
    status: 403,
    body: message('Resource protected by organization SAML enforcement.'),
    headers: { 'x-github-sso': `required; url=${url}` },
  };
}

/** What a proxy or a tired front end sends. */
export function htmlPage(status: number): Fault {
  return { status, body: '<!DOCTYPE html><html><body><h1>Unicorn!</h1></body></html>', fromGithub: false };
}
