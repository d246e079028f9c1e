/**
 * Finds in turns what a question, a string or an expression asks for, and makes excerpts of it that fit a budget.
 *
 * It is given turns and holds them in memory only. It must never write, never ask the network, and never decide who may
 * read: whoever feeds an index wipes it in the tick in which its share ends.
 *
 * Invariants: the same blocks rank the same in whatever order they came; a wiped index yields nothing and its text is
 * overwritten; an excerpt's text is a part of the turn, unchanged; excerpts keep within their budget whatever they hold;
 * no pattern and no text takes more than time in proportion to the text.
 */
export { type Candidate, lookCloser } from './closer.ts';
export { citationOf, isExcerptId, readCitation } from './citation.ts';
export { excerptsOf, type Hit, isoOf, type Origin } from './excerpts.ts';
export { LexicalIndex } from './lexical-index.ts';
export { literal, type Pattern, regex } from './pattern.ts';
export { type Question, readQuestion } from './question.ts';
export { scan } from './scan.ts';
export { type Ranked, type SearchIndex, together } from './search-index.ts';
export { HITS_MAX, REASON_TURNS } from './settings.ts';
