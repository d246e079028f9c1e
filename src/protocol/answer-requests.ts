/** Decoders of what a caller asks of what teammates share. */
import { bool, type Decoder, DecodeError, int, list, nullable, object, oneOf, optional, text } from './decode.ts';
import { ANSWER_MIN_TOKENS, DUMP_PAGE_MAX_BYTES, DUMP_PAGE_MIN_BYTES, QUESTION_MAX_BYTES } from './limits.ts';
import type { AskRequest, CiteRequest, DumpRequest, OutlineRequest } from './local-api.ts';

const HANDLES_MAX = 100;

export const askRequest: Decoder<AskRequest> = object({
  handles: list(text(256), HANDLES_MAX),
  question: text(QUESTION_MAX_BYTES),
  session: nullable(text(256)),
  mode: oneOf('question', 'literal', 'regex'),
  budget: nullable(int(ANSWER_MIN_TOKENS)),
  cursor: nullable(text(64)),
  as: optional(text(256)),
});

export const citeRequest: Decoder<CiteRequest> = object({ citation: text(1024) });

const dumpFields = object({
  handle: text(256),
  session: nullable(text(256)),
  from: nullable(int(1)),
  to: nullable(int(1)),
  cursor: nullable(text(512)),
  budget: nullable(int(DUMP_PAGE_MIN_BYTES, DUMP_PAGE_MAX_BYTES)),
  newest: bool,
  slice: optional(object({ skip: int(0), turns: int(1) })),
  as: optional(text(256)),
});

export const outlineRequest: Decoder<OutlineRequest> = object({
  handle: text(256),
  session: nullable(text(256)),
  follow: bool,
  as: optional(text(256)),
});

export const dumpRequest: Decoder<DumpRequest> = (value, at) => {
  const request = dumpFields(value, at);
  if (request.from !== null && request.to !== null && request.from > request.to) {
    throw new DecodeError(`${at}.to: before from`);
  }
  return request;
};
