/** What a question asks for: its terms, and what it says about when, by whom and why. */
import { type Span, spansIn } from './dates.ts';
import { escaped } from './escaped.ts';
import { type Term, termsIn } from './terms.ts';

/** A question has no more terms than this; the rest of it is not searched for. */
const TERMS_MAX = 64;

export interface Question {
  /** Without the times that it names. */
  text: string;
  terms: Term[];
  /** Times that it names; none: any. */
  spans: Span[];
  /** It asks for what holds now. */
  newest: boolean;
  /** It asks for reasons. */
  why: boolean;
  /** It asks for what the person or Claude said; null: neither in particular. */
  speaker: 'person' | 'claude' | null;
}

const NEWEST =
  /\b(?:latest|newest|most recent(?:ly)?|recent(?:ly)?|current(?:ly)?|now|right now|last|still|up to date)\b/i;
const WHY = /\b(?:why|reasons?|rationale|how come|what for|because)\b/i;
const SAID =
  '(?:said?|says?|ask(?:s|ed)?|want(?:s|ed)?|typed?|told|tell|wrote|write|requested?|decided?|think|prefer(?:s|red)?)';
const CLAUDE = new RegExp(
  `\\bclaude(?: \\w+)? (?:${SAID}|suggest(?:s|ed)?|proposed?|answer(?:s|ed)?|repl(?:y|ied)|recommend(?:s|ed)?)\\b`,
  'i',
);
const PERSON = new RegExp(`\\b(?:i|we|he|she|they|user) ${SAID}\\b`, 'i');

/** Words of a question that only say what kind of answer is wanted. */
const ABOUT = new Set([
  'latest',
  'newest',
  'recent',
  'recently',
  'current',
  'currently',
  'now',
  'still',
  'reason',
  'rationale',
]);

/**
 * @param handles of those who are asked: what they said, the person said
 * @param now unix milliseconds
 */
export function readQuestion(text: string, handles: readonly string[], now: number): Question {
  const { spans, rest } = spansIn(text, now);
  const named = handles.filter((handle) => rest.toLowerCase().includes(handle.toLowerCase()));
  const spoken = named.some((handle) => new RegExp(`\\b${escaped(handle)} ${SAID}\\b`, 'i').test(rest));
  const about = new Set([...ABOUT].flatMap((word) => termsIn(word).map((term) => term.text)));
  for (const handle of named) for (const term of termsIn(handle)) about.add(term.text);
  const all = termsIn(rest);
  // What is all there is to go by is searched for, whatever it says.
  const telling = all.filter((term) => !about.has(term.text));
  return {
    text: rest,
    terms: (telling.length > 0 ? telling : all).slice(0, TERMS_MAX),
    spans,
    newest: NEWEST.test(rest),
    why: WHY.test(rest),
    speaker: CLAUDE.test(rest) ? 'claude' : spoken || PERSON.test(rest) ? 'person' : null,
  };
}
