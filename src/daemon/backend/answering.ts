/** An answer that a model writes from what was found: only when somebody wished for it, under their own key. */
import { synthesise } from '../../answer/index.ts';
import { asTeammateSyncError } from '../../errors.ts';
import { type AnthropicKey, findAnthropicKey } from '../../platform/anthropic-key.ts';
import type { AnswerEvent, AskRequest, Excerpt } from '../../protocol/local-api.ts';
import type { SearchIndex } from '../../search/index.ts';
import type { Rooms } from '../rooms.ts';
import { ask, type Asking, indexesOf } from './asking.ts';
import { inboxSessions } from './held-sessions.ts';

const NOTHING_FOUND = 'nothing was found that an answer could be written from';
const NO_KEY =
  'there is no Anthropic key: `teammate-sync init --anthropic-key` keeps one, or start the daemon with ANTHROPIC_API_KEY';

/** @throws before the first event as `ask`; whatever goes wrong with the model is a `fallback` */
export async function* answerByModel(
  asking: Asking,
  request: AskRequest,
  signal: AbortSignal,
  reader: string,
): AsyncGenerator<AnswerEvent> {
  const { rooms } = asking;
  const found = await ask(asking, request, reader);
  // Before anything is given: whoever takes it slowly must not get a generation that came meanwhile taken for the one asked.
  const mayRead = watched(asking, found.excerpts);
  const key = keyOf(rooms);
  const why = found.excerpts.length === 0 ? NOTHING_FOUND : key;
  if (typeof why === 'string' || typeof key === 'string') {
    yield { type: 'found', answer: found, model: null };
    yield { type: 'fallback', reason: typeof why === 'string' ? why : NO_KEY };
    return;
  }
  const { answerModel: model } = rooms.settings;
  yield { type: 'found', answer: found, model: { name: model, base: key.base } };
  const { question } = request;
  yield* synthesise({ question, excerpts: found.excerpts, model, key: key.key, base: key.base, mayRead, signal });
}

/** Or why there is none. */
function keyOf({ surroundings, settings }: Rooms): AnthropicKey | string {
  try {
    return findAnthropicKey(surroundings.env, settings.paths.auth) ?? NO_KEY;
  } catch (error) {
    return asTeammateSyncError(error).message;
  }
}

/**
 * Says whether excerpts may still be read as they were. A generation is only appended to, so what was readable stays as it
 * is for as long as its index is that of a generation that may be read.
 */
function watched({ rooms, pages }: Asking, excerpts: readonly Excerpt[]): (some: readonly Excerpt[]) => boolean {
  const owners = new Map(excerpts.map(({ id }) => [id, pages.given(id)?.uid ?? 0]));
  const readable = (uid: number, session: string): SearchIndex[] => {
    const held = inboxSessions(rooms, uid).get(session);
    return held ? indexesOf(rooms, { held }) : [];
  };
  const keyOfSession = (excerpt: Excerpt): string => `${owners.get(excerpt.id)} ${excerpt.session}`;
  const before = new Map(excerpts.map((one) => [keyOfSession(one), readable(owners.get(one.id) ?? 0, one.session)]));
  return (some) =>
    [...new Map(some.map((one) => [keyOfSession(one), one])).entries()].every(([key, one]) => {
      const now = new Set(readable(owners.get(one.id) ?? 0, one.session));
      const then = before.get(key) ?? [];
      return then.length > 0 && then.every((index) => now.has(index));
    });
}
