/** One question to the Messages API: sent, streamed, checked, and bounded in time, tries and length. */
import type { ClientOptions } from '@anthropic-ai/sdk';
import { SYNTHESIS_MAX_BYTES, SYNTHESIS_MS, SYNTHESIS_RETRIES } from '../protocol/limits.ts';
import type { Excerpt } from '../protocol/local-api.ts';
import { ENDED, reasonOf } from './failure.ts';
import { Guard } from './guard.ts';
import { Reading, type SynthesisEvent } from './reading.ts';
import { requestOf } from './request.ts';

export interface Question {
  question: string;
  excerpts: readonly Excerpt[];
  model: string;
  /** A secret. */
  key: string;
  /** Base URL; the key and the excerpts go nowhere else. */
  base: string;
  /** All of these may be read at this moment, as they were. */
  mayRead: (excerpts: readonly Excerpt[]) => boolean;
  /** Aborts when nobody waits any more. */
  signal: AbortSignal;
  /** For all of it; SYNTHESIS_MS by default. */
  timeoutMs?: number;
}

/** Ends without a last event when `signal` aborts, else with `done` or `fallback`. Throws nothing. */
export async function* synthesise(asked: Question): AsyncGenerator<SynthesisEvent> {
  // Loaded when it is first wished for: nobody else pays for it.
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const { params, table } = requestOf(asked.question, asked.excerpts, asked.model);
  const sent = table.map(({ excerpt }) => excerpt);
  const timeoutMs = asked.timeoutMs ?? SYNTHESIS_MS;
  const guard = new Guard(() => asked.mayRead(sent), asked.signal, timeoutMs);
  try {
    const client = new Anthropic(optionsOf(asked, guard, timeoutMs));
    const stream: AsyncIterable<unknown> = await client.messages.create(params, { signal: guard.signal });
    const answer = new Reading(table, asked.mayRead);
    for await (const event of stream) {
      if (!guard.look()) break;
      yield* answer.on(event);
      if (answer.bytes > SYNTHESIS_MAX_BYTES) guard.end('length');
    }
    if (guard.look()) {
      yield* answer.rest();
      yield answer.end();
    }
  } catch (error) {
    if (guard.look()) yield { type: 'fallback', reason: reasonOf(error, Anthropic) };
  } finally {
    guard.close();
  }
  if (guard.ended !== null && guard.ended !== 'caller') yield { type: 'fallback', reason: ENDED[guard.ended] };
}

function optionsOf({ key, base }: Question, guard: Guard, timeout: number): ClientOptions {
  return {
    ...{ apiKey: key, baseURL: base, maxRetries: SYNTHESIS_RETRIES, timeout },
    ...{ logLevel: 'off', openTelemetry: false },
    fetch(url, init) {
      // Before each try: an end may have come since the last one.
      guard.look();
      guard.signal.throwIfAborted();
      // A redirect would take the key and the excerpts elsewhere.
      return fetch(url, { ...init, redirect: 'error' });
    },
  };
}
