/**
 * A known string, or a regular expression that cannot be made to run for ever: RE2's algorithm takes time in proportion to
 * the text, whatever the pattern.
 */
import { TeammateSyncError } from '../errors.ts';

/** Instructions of a compiled expression: each may be looked at for each character. */
const PROGRAM_MAX = 2000;

export interface Pattern {
  /** Where the first match in `text` begins that begins before `end`; -1: there is none. */
  find(text: string, end: number): number;
}

/** Letters of either case are the same, unless one of the string is upper case. */
export function literal(typed: string): Pattern {
  if (typed === '') throw new TeammateSyncError('BAD_REQUEST', 'there is nothing to look for');
  const exact = typed !== typed.toLowerCase();
  const wanted = exact ? typed : typed.toLowerCase();
  return {
    find(text, end) {
      const at = (exact ? text : lowered(text)).indexOf(wanted);
      return at < end ? at : -1;
    },
  };
}

/** In RE2's syntax; `^` and `$` stand for the ends of a line. @throws BAD_REQUEST when it is none, or too large */
export async function regex(typed: string): Promise<Pattern> {
  const { RE2JS } = await import('re2js');
  const compiled = compile(() => RE2JS.compile(typed, RE2JS.MULTILINE));
  if (compiled.programSize() > PROGRAM_MAX) {
    throw new TeammateSyncError('BAD_REQUEST', 'the regular expression is too large', {
      hint: 'use smaller counts in {…}',
    });
  }
  return {
    find(text, end) {
      const matcher = compiled.matcher(text);
      return matcher.find() && matcher.start() < end ? matcher.start() : -1;
    },
  };
}

function compile<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new TeammateSyncError(
      'BAD_REQUEST',
      `not a regular expression: ${error instanceof Error ? error.message : ''}`,
      {
        hint: 'the syntax is that of RE2: no backreferences, no lookaround',
      },
    );
  }
}

/** Of a few characters the lower case is longer, and places would move. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}
