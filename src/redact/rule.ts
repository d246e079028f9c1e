/**
 * What a rule is. A rule is asked only where one of its keywords stands, so its cost is bounded by what it reads from
 * there: expressions are sticky, every repetition has an upper bound, and none begins with a repetition.
 */
import { looksRandom } from './entropy.ts';
import type { Keyword } from './keywords.ts';
import { isPlaceholder } from './placeholders.ts';

/** A secret at [start, end) of the scanned text. */
export interface Finding {
  rule: string;
  start: number;
  end: number;
}

export interface Rule {
  /** Lower-case kebab; part of the mark that a reader sees. */
  name: string;
  keywords: readonly Keyword[];
  /** What the rule consists of, for the version of the rule set. */
  source: string;
  /**
   * Looks at a keyword's place, adds what it found, and returns the position before which it needs not be asked again
   * (0 for no wish): that is what keeps texts made only of keywords linear.
   */
  find(text: string, at: number, found: Finding[]): number;
}

export interface TokenFormat {
  name: string;
  /** Literals that the format holds exactly so; the expression starts at the keyword's first character. */
  keywords: readonly string[];
  /** Without flags. The secret is the first group, or all of it where there is none. */
  pattern: RegExp;
  /** The format is weak by itself: the secret must also look random. */
  random?: boolean;
}

/**
 * Makes a rule of a token format. Where a format is told from the middle of other text by what stands before it, a `+`
 * or `-` at a line's start is no such text: it is a line of a diff.
 */
export function tokenRule(format: TokenFormat): Rule {
  const pattern = new RegExp(format.pattern.source, 'dy');
  return {
    name: format.name,
    keywords: format.keywords.map((text) => ({ text, exact: true })),
    source: `${format.pattern.source} ${format.random ?? false} ${format.keywords.join(' ')}`,
    find(text, at, found) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) return 0;
      const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
      const secret = text.slice(start, end);
      if (format.random && !looksRandom(secret)) return end;
      if (isPlaceholder(secret)) return end;
      found.push({ rule: format.name, start, end });
      return end;
    },
  };
}
