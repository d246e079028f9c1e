/** Decoders of what a caller asks of what teammates share. */
import { type Decoder, int, list, nullable, object, oneOf, text } from './decode.ts';
import { ANSWER_MIN_TOKENS, QUESTION_MAX_BYTES } from './limits.ts';
import type { AskRequest, CiteRequest } from './local-api.ts';

const HANDLES_MAX = 100;

export const askRequest: Decoder<AskRequest> = object({
  handles: list(text(256), HANDLES_MAX),
  question: text(QUESTION_MAX_BYTES),
  session: nullable(text(256)),
  mode: oneOf('question', 'literal', 'regex'),
  budget: nullable(int(ANSWER_MIN_TOKENS)),
  cursor: nullable(text(64)),
});

export const citeRequest: Decoder<CiteRequest> = object({ citation: text(1024) });
