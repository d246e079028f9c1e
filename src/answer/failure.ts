/** Why there is no whole answer, in our words: nothing of what the other side said, for it may hold what was sent. */
import type Anthropic from '@anthropic-ai/sdk';

/** How asking was ended from here. */
export type Ended = 'caller' | 'time' | 'share' | 'length';

export const ENDED: Readonly<Record<Exclude<Ended, 'caller'>, string>> = {
  time: 'the model took too long',
  share: 'no longer shared: what was asked about ended or was replaced meanwhile',
  length: "the model's answer is longer than is taken",
};

const CUT = 'the connection to the Messages API failed or was cut';

const STATUS: Readonly<Record<number, string>> = {
  400: 'the Messages API refused the request (400)',
  401: 'the Messages API does not accept the key (401)',
  403: 'the Messages API does not allow this with the key (403)',
  404: 'the Messages API does not know the model, or is not at the base URL (404)',
  413: 'the request is too long for the Messages API (413)',
  429: 'the Messages API says that the key asks too much (429)',
  529: 'the Messages API is overloaded (529)',
};

/** @param sdk whose errors are looked at */
export function reasonOf(error: unknown, sdk: typeof Anthropic): string {
  if (error instanceof sdk.APIConnectionTimeoutError) return ENDED.time;
  if (error instanceof sdk.APIConnectionError) return CUT;
  // As undici says that a connection was closed in the middle of a body.
  if (error instanceof TypeError) return CUT;
  if (error instanceof sdk.APIError) {
    const status: unknown = error.status;
    return typeof status === 'number' ? (STATUS[status] ?? `the Messages API failed (${status})`) : CUT;
  }
  return 'the answer of the Messages API could not be read';
}

const STOPS: Readonly<Record<string, string>> = {
  refusal: 'the model refused to answer',
  max_tokens: "the model's answer was cut at its longest length",
  model_context_window_exceeded: 'the excerpts are too long for the model',
  pause_turn: 'the model paused before it was done',
  tool_use: 'the model wanted to use a tool, and has none',
  stop_sequence: 'the model stopped before it was done',
};

/** Null: it came to its end. */
export function reasonOfStop(stop: string | null): string | null {
  if (stop === 'end_turn') return null;
  return stop === null ? CUT : (STOPS[stop] ?? 'the model stopped for a reason that is not known here');
}
