/** An answer that a model writes by the user's own key, as data like all that others wrote; else the excerpts, with the reason. */
import type { AnswerEvent } from '../../protocol/local-api.ts';
import { searchedLines } from '../people.ts';
import { amount, excerptId, heading, line, message, name, toldLines } from '../text/line.ts';
import type { Answer, Quoted } from '../text/render.ts';
import type { Call } from '../tool.ts';
import { ask, type Asked } from './asking.ts';

type Found = Extract<AnswerEvent, { type: 'found' }>;
type Citation = Extract<AnswerEvent, { type: 'citation' }>;

/** @throws TeammateSyncError as `ask` does */
export async function synthesize({ otherwise, budget, ...request }: Asked, call: Call): Promise<Answer> {
  let found: Found | null = null;
  let text = '';
  let struck = 0;
  let fallback: string | null = 'it broke off';
  const citations = new Map<number, Citation>();
  for await (const event of call.client.answer({ ...request, budget })) {
    if (event.type === 'found') {
      found = event;
      if (event.model) call.progress(line`a model writes from ${event.answer.excerpts.length} excerpts`);
    } else if (event.type === 'text') text += event.text;
    else if (event.type === 'struck') struck++;
    else if (event.type === 'done') fallback = null;
    else if (event.type === 'fallback') fallback = event.reason;
    else {
      citations.set(event.mark, event);
      text += `[${event.mark}]`;
    }
  }
  if (found === null || fallback !== null) {
    // Anew, not what was found before: of that, something may be over by now.
    const excerpts = await ask({ otherwise, budget, ...request }, call);
    const why = line`No model's answer: ${message(fallback ?? 'nothing came')}. These are the excerpts.`;
    const told = toldLines(found?.answer.told);
    return { ...excerpts, head: [why, ...excerpts.head], foot: [...excerpts.foot, ...told] };
  }
  const { answer } = found;
  const sources: Quoted[] = [...citations.values()].map(({ mark, citation, excerpt }) => ({
    heading: heading`[${mark}] ${name(citation, 160)} [${excerptId(excerpt)}]`,
  }));
  const strikes =
    struck === 0 ? [] : [line`Citations struck, as they named lines that do not say it: ${amount(struck)}.`];
  return {
    head: [
      ...searchedLines(answer, call.now()),
      line`A model wrote this from ${answer.excerpts.length} excerpts. Each [number] was checked: the lines that it names were sent, and may be read now.`,
      ...strikes,
    ],
    quoted: [{ heading: line`what the model wrote:` }, { theirs: text }, ...sources],
    foot: [line`get_citation with an id in [brackets] gives the lines themselves.`, ...toldLines(answer.told)],
  };
}
