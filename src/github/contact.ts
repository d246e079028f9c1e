/** When GitHub answered last and when it did not, for people: nothing is decided by it. */
import type { Clock } from '../platform/clock.ts';
import type { Answer } from './octokit.ts';

export interface GithubContact {
  /** Unix milliseconds; null: never. */
  answeredAt: number | null;
  /** The newest failure to get an answer, if it came after the last answer. */
  failure: { at: number; message: string } | null;
  /** Of the token that was used last; null: GitHub does not say (fine-grained tokens have none). */
  scopes: string[] | null;
}

/** Runs one request and writes down whether an answer came, whatever it said. */
export function contactLog(clock: Clock): {
  contact: () => GithubContact;
  watch: (request: () => Promise<Answer>) => Promise<Answer>;
} {
  let known: GithubContact = { answeredAt: null, failure: null, scopes: null };
  return {
    contact: () => known,
    async watch(request) {
      try {
        const answer = await request();
        const scopes = answer.headers.get('x-oauth-scopes');
        known = { answeredAt: clock.now(), failure: null, scopes: scopes === null ? null : scopes.split(/[\s,]+/) };
        return answer;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        known = { ...known, failure: { at: clock.now(), message } };
        throw error;
      }
    },
  };
}
