/**
 * The last things that went wrong, for `status`: what happened and what to do. Bounded; one entry per kind and person, and
 * of what another machine refused, per kind that it named.
 */
import { asTeammateSyncError, type ErrorCode } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { isObject } from '../protocol/is-object.ts';
import type { ErrorNote } from '../protocol/local-api.ts';

const NOTES_MAX = 20;

export class Notes {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #notes: (ErrorNote & { about: string; kind: string })[] = [];

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @param about whom or what it concerns, for people */
  add(error: unknown, about: string): void {
    const known = asTeammateSyncError(error);
    const message = about === '' ? known.message : `${about}: ${known.message}`;
    const named = isObject(known.details) ? known.details['code'] : null;
    const kind = typeof named === 'string' ? `${known.code} ${named}` : known.code;
    const at = new Date(this.#clock.now()).toISOString();
    const note = { code: known.code, message, hint: known.hint, at, about, kind };
    this.#notes = [...this.#notes.filter((n) => n.kind !== kind || n.about !== about), note].slice(-NOTES_MAX);
    if (known.code === 'INTERNAL') this.#logger.error(message, { error });
    else this.#logger.warn(message, { code: known.code });
  }

  /** It is shown now. */
  has(code: ErrorCode, about: string): boolean {
    return this.#notes.some((n) => n.code === code && n.about === about);
  }

  /** Somebody has another handle now: what is noted of them goes on under it. */
  renamed(before: string, now: string): void {
    const rename = (text: string): string => (text.startsWith(`${before}: `) ? now + text.slice(before.length) : text);
    this.#notes = this.#notes.map((n) => (n.about === before ? { ...n, about: now, message: rename(n.message) } : n));
  }

  /** What was wrong is mended: it is no longer shown. */
  clear(code: ErrorCode, about: string): void {
    this.#notes = this.#notes.filter((n) => n.code !== code || n.about !== about);
  }

  list(): ErrorNote[] {
    return this.#notes.map(({ code, message, hint, at }) => ({ code, message, hint, at }));
  }
}
