/**
 * From text to what is searched for: whole identifiers and paths, and their parts. `src/share/feed.ts` is found whole, as
 * `feed.ts`, and by `share`; `retryLimitMax` and `retry_limit_max` whole and by `retry`.
 */
import { TERM_CHARS } from './settings.ts';
import { isStopWord, stem } from './words.ts';

export interface Term {
  text: string;
  /** It is an identifier, a path or a number, so it names one thing. */
  identifier: boolean;
}

/** A word, an identifier or a path. */
const RUN = /[\p{L}\p{N}_$](?:[\p{L}\p{N}\p{M}_$./:@\\-]*[\p{L}\p{N}\p{M}_$])?/gu;
/** What stands between the names of a path, an address or a member. */
const BETWEEN_NAMES = /[./:@\\]+/;
/** What stands between the words of a name: signs, and the humps of camelCase. */
const BETWEEN_WORDS =
  /[_$-]+|(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;
/** Scripts that are written without spaces: searched by pairs of characters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const PLAIN_WORD = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}{1,3})$/u;
/** Runs whose terms are remembered: most are said again and again. */
const REMEMBERED = 32_768;
/** What is longer is nothing that anybody asks for. */
const RUN_CHARS = 512;

/** All terms of a text, each once, in the order in which they stand there. */
export function termsIn(text: string): Term[] {
  const found = new Map<string, Term>();
  for (const run of runsIn(text)) {
    for (const term of termsOfRun(run)) if (!found.get(term.text)?.identifier) found.set(term.text, term);
  }
  return [...found.values()];
}

/** The words of a text one by one, names as their parts, each as its term. */
export function wordsIn(text: string): string[] {
  return runsIn(text)
    .flatMap((run) => run.split(BETWEEN_NAMES))
    .flatMap((name) => name.split(BETWEEN_WORDS))
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '' && !isStopWord(word))
    .map(stem);
}

/** All terms of a text as numbers, for many texts, each term as often as it stands there. */
export class TermNumbers {
  readonly #known = new Map<string, readonly number[]>();
  readonly #numberOf: (term: string) => number;

  constructor(numberOf: (term: string) => number) {
    this.#numberOf = numberOf;
  }

  each(text: string, take: (term: number) => void): void {
    for (const run of runsIn(text)) for (const term of this.#of(run)) take(term);
  }

  forget(): void {
    this.#known.clear();
  }

  #of(run: string): readonly number[] {
    const known = this.#known.get(run);
    if (known) return known;
    const terms = termsOfRun(run).map((term) => this.#numberOf(term.text));
    if (run.length > TERM_CHARS) return terms;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(owned(run), terms);
    return terms;
  }
}

function runsIn(text: string): string[] {
  return text.match(RUN) ?? [];
}

/** A slice of a long text keeps all of it in memory; a copy does not. */
export function owned(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function termsOfRun(whole: string): Term[] {
  const run = whole.slice(0, RUN_CHARS);
  const terms = new Map<string, Term>();
  const add = (text: string, identifier: boolean): void => {
    if (text.length > 0 && text.length <= TERM_CHARS && !terms.has(text))
      terms.set(text, { text: owned(text), identifier });
  };
  const names = run.split(BETWEEN_NAMES).filter((name) => name !== '');
  if (names.length > 1) {
    add(run.toLowerCase(), true);
    // The file of a path, with its ending.
    const file = /[^/\\]+$/.exec(run)?.[0] ?? '';
    if (file.includes('.')) add(file.toLowerCase(), true);
  }
  for (const name of names) termsOfName(name, add);
  return [...terms.values()];
}

function termsOfName(name: string, add: (text: string, identifier: boolean) => void): void {
  if (UNSPACED.test(name)) {
    const characters = Array.from(name.toLowerCase());
    if (characters.length === 1) add(name.toLowerCase(), false);
    for (let i = 0; i + 1 < characters.length; i++) add(`${characters[i]}${characters[i + 1]}`, false);
    return;
  }
  const words = name.split(BETWEEN_WORDS).filter((word) => word !== '');
  const lower = name.toLowerCase();
  if (words.length > 1) add(lower, true);
  for (const word of words) {
    const plain = word.toLowerCase();
    const alone = words.length === 1;
    // "Will" the word is one, WILL_RETRY is not.
    if (isStopWord(plain)) continue;
    add(stem(plain), alone && !PLAIN_WORD.test(word));
  }
}
