/**
 * Local API: an answer that a model writes from excerpts, as newline-delimited events. Nothing of it is asked of a model
 * unless somebody wished for this route; what is found is given first, whatever becomes of the rest.
 */
import type { AskResponse } from './local-api-answers.ts';

/**
 * `found`, then `text`, `citation` and `struck` in the order of the model's answer, then one of `done` and `fallback`. After
 * `fallback` the text before it, if any, is not a whole answer: the excerpts of `found` are what there is.
 */
export type AnswerEvent = FoundEvent | TextEvent | CitationEvent | StruckEvent | DoneEvent | FallbackEvent;

export interface FoundEvent {
  type: 'found';
  answer: AskResponse;
  /** What is asked now, and where: the excerpts go there under the asker's key. Null: nothing is. */
  model: { name: string; base: string } | null;
}

/** The model's words: as untrusted as a teammate's. None of them looks like a mark of ours (`[1]`). */
export interface TextEvent {
  type: 'text';
  text: string;
}

/** What was written just before is said at these lines: checked, and readable at this moment. */
export interface CitationEvent {
  type: 'citation';
  /** From 1 on; the same lines have the same mark. */
  mark: number;
  /** As `cite` takes it. */
  citation: string;
  /** Of the excerpt that holds the lines. */
  excerpt: string;
}

/** The model named a place that does not hold. */
export interface StruckEvent {
  type: 'struck';
  why: 'out of range' | 'other words' | 'no excerpt' | 'no longer readable';
}

export interface DoneEvent {
  type: 'done';
  stop: 'end_turn';
  usage: { input: number; output: number };
}

export interface FallbackEvent {
  type: 'fallback';
  /** Why there is no whole answer of a model, in our words. */
  reason: string;
}
