/** `ask`: the places of what teammates share that answer a question. */
import type { AskMode, AskRequest } from '../../protocol/local-api.ts';
import { ANSWER_MAX_TOKENS, ANSWER_MIN_TOKENS } from '../../protocol/limits.ts';
import { openClient } from '../daemon-access.ts';
import { handlesOf } from '../handles.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { answerLines, freshnessLines } from '../render/answer.ts';
import { toldLines } from '../render/told.ts';
import type { VerbContext } from '../verb.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out, err } = context;
  const [first = '', second] = args.words;
  const request: AskRequest = {
    handles: second === undefined ? [] : handlesOf(first.split(',').filter((handle) => handle.trim() !== '')),
    question: second ?? first,
    session: args.value('session'),
    mode: modeOf(args.flag('literal'), args.flag('regex')),
    budget: budgetOf(args.value('budget')),
    cursor: args.value('cursor'),
  };
  if (request.question.trim() === '') throw new UsageError('ask: there is no question');
  if (args.flag('synthesize')) return (await import('./ask-model.ts')).synthesize(context, request);
  const answer = await openClient(io).call('ask', { body: request });
  if (json) {
    out.json({ v: 1, ...answer });
    return EXIT.done;
  }
  out.lines(answerLines(answer, out.columns));
  err.lines(freshnessLines(answer, io.now()));
  err.lines(toldLines(answer));
  return EXIT.done;
}

function modeOf(literal: boolean, regex: boolean): AskMode {
  if (literal && regex) throw new UsageError('ask: --literal and --regex exclude each other');
  return literal ? 'literal' : regex ? 'regex' : 'question';
}

function budgetOf(typed: string | null): number | null {
  if (typed === null) return null;
  const tokens = /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
  if (tokens >= ANSWER_MIN_TOKENS && tokens <= ANSWER_MAX_TOKENS) return tokens;
  throw new UsageError(
    `--budget ${typed} is not a number of tokens`,
    `give ${ANSWER_MIN_TOKENS} to ${ANSWER_MAX_TOKENS}`,
  );
}
