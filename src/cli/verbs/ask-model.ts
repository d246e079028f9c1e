/** `ask --synthesize`: what was found, and an answer that a model writes from it, as it comes. */
import type { AnswerEvent, AskRequest, AskResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, type Line, yellow } from '../output/piece.ts';
import { answerLines, freshnessLines } from '../render/answer.ts';
import { toldLines } from '../render/told.ts';
import type { VerbContext } from '../verb.ts';

/** Until the last event says otherwise: what only ends is not whole. */
const BROKEN_OFF = 'it broke off';

type Citation = Extract<AnswerEvent, { type: 'citation' }>;

/** What came of an answer so far. */
interface Written {
  found: AskResponse | null;
  model: Extract<AnswerEvent, { type: 'found' }>['model'];
  text: string;
  citations: Map<number, Citation>;
  struck: number;
  fallback: string | null;
}

export async function synthesize(context: VerbContext, request: AskRequest): Promise<number> {
  const { io, json, out, err } = context;
  const stop = new AbortController();
  const release = io.onSignal(['SIGINT', 'SIGTERM'], () => stop.abort());
  const written: Written = {
    found: null,
    model: null,
    text: '',
    citations: new Map(),
    struck: 0,
    fallback: BROKEN_OFF,
  };
  // A pipe gets whole lines, at the end; a person sees the words come.
  const live = io.stdoutIsTTY && !json;
  try {
    for await (const event of openClient(io).answer(request, AbortSignal.any([stop.signal, out.gone]))) {
      take(written, event);
      if (event.type === 'found' && event.model && live) {
        err.line(
          dim(
            `${event.model.name} writes from ${event.answer.excerpts.length} excerpts, by your key at ${event.model.base}`,
          ),
        );
      }
      if (live) out.part(pieceOf(event));
      await out.drained();
    }
  } finally {
    release();
  }
  if (written.found === null) return EXIT.failed;
  if (json) out.json(jsonOf(written, written.found));
  else show(context, written, written.found, live);
  return EXIT.done;
}

function take(written: Written, event: AnswerEvent): void {
  if (event.type === 'found') Object.assign(written, { found: event.answer, model: event.model });
  else if (event.type === 'citation') written.citations.set(event.mark, event);
  else if (event.type === 'struck') written.struck++;
  else if (event.type === 'done') written.fallback = null;
  else if (event.type === 'fallback') written.fallback = event.reason;
  written.text += pieceOf(event);
}

function pieceOf(event: AnswerEvent): string {
  return event.type === 'text' ? event.text : event.type === 'citation' ? `[${event.mark}]` : '';
}

function show({ io, out, err }: VerbContext, written: Written, found: AskResponse, live: boolean): void {
  const { text, citations, struck, fallback } = written;
  const whole = fallback === null;
  if (live && text !== '') out.line('');
  if (!live && whole) for (const line of text.trim().split('\n')) out.line(line);
  if (whole) out.lines([[], ...sourceLines(citations)]);
  else {
    err.line(
      yellow('no whole answer: '),
      fallback,
      text === '' ? '' : '. What it had written is not to be relied on',
      '.',
    );
    out.lines(answerLines(found, out.columns));
  }
  if (struck > 0)
    err.line(
      yellow('note: '),
      struck === 1 ? '1 citation struck' : `${struck} citations struck`,
      ': it named lines that do not say it',
    );
  err.lines(freshnessLines(found, io.now()));
  err.lines(toldLines(found));
  if (whole)
    err.line(
      dim('A model wrote this from excerpts of your teammates’ sessions. Check what matters: '),
      cyan('teammate-sync cite "…"'),
    );
}

function sourceLines(citations: ReadonlyMap<number, Citation>): Line[] {
  return [...citations.values()].map(({ mark, citation, excerpt }) => [
    bold(`[${mark}] `),
    citation,
    dim(`  ${excerpt}`),
  ]);
}

function jsonOf({ model, text, citations, struck, fallback }: Written, found: AskResponse): Record<string, unknown> {
  const cited = [...citations.values()].map(({ mark, citation, excerpt }) => ({ mark, citation, excerpt }));
  return { v: 1, answer: fallback === null ? { text, citations: cited, struck } : null, fallback, model, found };
}
