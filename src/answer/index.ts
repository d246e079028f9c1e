/**
 * An answer that a model writes from excerpts: the request for Anthropic's Messages API, its streamed answer as events, and
 * the check of what it cites against our own table of what was sent.
 *
 * It is given excerpts, a key and a place to ask; it must never look for a key, never ask anything on its own account, and
 * never decide who may read: whoever asks says at each step whether what was sent may still be read.
 *
 * Invariants: without a key no client is made; nothing is sent, nor sent again, nor passed on, once a session of it is no
 * longer shared; no citation is given that was not checked; whatever goes wrong ends in one `fallback` with a reason of our
 * own words, in which neither the key nor anything that the other side said stands.
 */
export { type Question, synthesise } from './synthesise.ts';
