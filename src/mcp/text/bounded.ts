/** The last word on how long a result may be. Answers keep to it by themselves; if one did not, it would be cut here, and say so. */
import { ANSWER_MAX_TOKENS, TOKEN_BYTES } from '../../protocol/limits.ts';
import { line } from './line.ts';
import { BEGINNING, pageOf } from './pages.ts';
import { type Answer, bytesOf, fits, type Random, render } from './render.ts';

/** Bytes of the fences, and of the line that says that it was cut. */
const AROUND = 600;

/** The text of an answer, never longer than any result may be. */
export function bounded(answer: Answer, random: Random): string {
  const text = render(answer, random);
  if (fits(text)) return text;
  const { head, foot } = answer;
  const room = ANSWER_MAX_TOKENS * TOKEN_BYTES - AROUND - bytesOf([...head, ...foot].join('\n'));
  const { quoted } = pageOf(answer.quoted, BEGINNING, room);
  return render(
    { ...answer, quoted, foot: [line`The rest was cut: it is too long. Ask more narrowly.`, ...foot] },
    random,
  );
}
