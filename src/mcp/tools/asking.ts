/** Asking the daemon, and saying what it found in an answer that keeps to its budget. */
import { TOKEN_BYTES } from '../../protocol/limits.ts';
import { type AskRequest, type AskResponse } from '../../protocol/local-api.ts';
import { NOT_FOUND } from '../../protocol/local-api-answers.ts';
import { searchedLines } from '../people.ts';
import { excerptQuoted } from '../text/excerpts.ts';
import { cursorText, counted, type Line, line, toldLines } from '../text/line.ts';
import { BEGINNING, pageOf } from '../text/pages.ts';
import { type Answer, bytesOf, type Quoted, quotedLines } from '../text/render.ts';
import type { Call } from '../tool.ts';

export interface Asked extends Omit<AskRequest, 'budget'> {
  /** Tokens of the whole answer. */
  budget: number;
  /** What to try where nothing fits. */
  otherwise: readonly Line[];
}

/** What is left for excerpts at first: their lines get marks, and lines of ours stand around them. */
const FOR_EXCERPTS = 0.8;
/** Texts of very short lines, or full of what has to be made visible, need a second try; what then does not fit is named. */
const TRIES = 3;
/** Bytes of the two fences, and of what is said when not all fits. */
const FENCES = 500;
/** The least that the daemon takes. */
const DAEMON_MIN_TOKENS = 200;

/** @throws TeammateSyncError as `ask` does */
export async function ask({ budget, otherwise, ...request }: Asked, call: Call): Promise<Answer> {
  const room = budget * TOKEN_BYTES;
  let tokens = Math.floor(budget * FOR_EXCERPTS);
  // It is said once only, so the first try has it.
  let told: string | undefined;
  for (let tried = 1; ; tried++) {
    const answer = await call.client.call('ask', { body: { ...request, budget: tokens } });
    told ??= answer.told;
    const frame = frameOf({ ...answer, ...(told === undefined ? {} : { told }) }, otherwise, call.now());
    const left = room - FENCES - bytesOf([...frame.head, ...frame.foot].join('\n'));
    const { quoted, shown } = within(answer, left);
    if (shown === answer.excerpts.length) return { ...frame, quoted };
    if (tried === TRIES || tokens === DAEMON_MIN_TOKENS) {
      const rest = answer.excerpts.length - shown;
      return {
        ...frame,
        quoted,
        foot: [line`${counted(rest, 'place')} did not fit: ask more narrowly.`, ...frame.foot],
      };
    }
    tokens = Math.max(DAEMON_MIN_TOKENS, Math.floor(tokens / 2));
  }
}

const SHORTENED = line`(shortened here: get_citation gives all of it)`;

/** The first excerpts that fit; the first one always, as much of it as fits. */
function within({ excerpts }: AskResponse, room: number): { quoted: Quoted[]; shown: number } {
  const quoted: Quoted[] = [];
  let left = room;
  for (const [i, excerpt] of excerpts.entries()) {
    const parts = excerptQuoted(excerpt);
    left -= bytesOf(quotedLines(parts).join('\n')) + 1;
    if (left < 0 && i > 0) return { quoted, shown: i };
    if (left < 0)
      return {
        quoted: [...pageOf(parts, BEGINNING, room - bytesOf(SHORTENED)).quoted, { heading: SHORTENED }],
        shown: 1,
      };
    quoted.push(...parts);
  }
  return { quoted, shown: excerpts.length };
}

function frameOf(answer: AskResponse, otherwise: readonly Line[], now: number): Answer {
  const searched = searchedLines(answer, now);
  if (answer.message !== null || answer.excerpts.length === 0) {
    return { head: [line`${NOT_FOUND_LINE}`, ...searched, ...otherwise], quoted: [], foot: toldLines(answer.told) };
  }
  const { excerpts, found, more, cursor } = answer;
  const of = more ? line`over ${counted(found, 'place')}` : counted(found, 'place');
  const foot: Line[] = [
    line`To cite: give the citation in the heading of an excerpt, as it is printed. get_citation with the id in [brackets] gives those lines whole.`,
  ];
  if (cursor !== null) {
    foot.push(line`More places: call this tool again with the same arguments and cursor "${cursorText(cursor)}".`);
  }
  foot.push(...toldLines(answer.told));
  return { head: [...searched, line`Shown: ${excerpts.length} of ${of} that fit, best first.`], quoted: [], foot };
}

const NOT_FOUND_LINE = NOT_FOUND as Line;
