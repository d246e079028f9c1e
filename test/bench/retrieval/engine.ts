/** What is compared: each is given the same sessions, and answers a question with texts, best first. */
import type { Session } from './corpus.ts';

export interface Found {
  handle: string;
  text: string;
}

export interface Answer {
  /** Results as they are shown, best first. */
  found: Found[];
  /** What of it a reader gets who takes no more than the tokens of an answer. */
  inBudget: Found[];
}

export interface Engine {
  name: string;
  /** Takes everything in. */
  index(sessions: readonly Session[]): Promise<void>;
  ask(question: string, now: number): Promise<Answer>;
}

/** How many results are looked at. */
export const DEPTH = 10;
