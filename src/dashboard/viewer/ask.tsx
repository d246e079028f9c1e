/** A question to what teammates share: the same engine and citations as `teammate-sync ask`. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { QUESTION_MAX_BYTES } from '../../protocol/limits.ts';
import type { AskRequest, AskResponse, Excerpt } from '../../protocol/local-api.ts';
import type { Link } from '../link/index.ts';
import { now } from '../model/clock.ts';
import { useOwnFailure } from '../parts/dialog.tsx';
import { Section } from '../parts/section.tsx';
import { Excerpts } from './excerpts.tsx';
import { nameOf, over } from './over.ts';
import { isReadable } from './readable.ts';
import { tellOnce } from './told.ts';

interface AskProps {
  link: Link;
  /** Whom; nobody: everyone who shares with me. */
  handles: string[];
  /** Of whom one session; null: all. */
  session: string | null;
  /** `everybody`, `@marie`, `this session`. */
  whom: string;
}

interface Answered {
  question: string;
  answer: AskResponse;
  excerpts: Excerpt[];
  /** Of `performance.now()`, when it was asked. */
  at: number;
}

function endedSince(excerpt: Excerpt, at: number): boolean {
  return (over.value.get(nameOf(excerpt)) ?? -Infinity) >= at;
}

export function Ask({ link, handles, session, whom }: AskProps): JSX.Element {
  const [question, setQuestion] = useState('');
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const current = useRef<AbortController | null>(null);
  const { shown, onFailure, clear } = useOwnFailure();
  useEffect(() => () => current.current?.abort(), []);

  // What may not be read any more goes away at once, out of this answer, too.
  const known = {
    people: link.parts.inbox.value?.people ?? [],
    isLive: link.state.value.is === 'live',
    now: now.value,
  };
  const readable = answered?.excerpts.filter((one) => isReadable(one, known) && !endedSince(one, answered.at)) ?? [];
  const isLess = answered !== null && readable.length < answered.excerpts.length;
  useEffect(() => {
    if (isLess) setAnswered({ ...answered, excerpts: readable });
  }, [isLess]);

  const ask = async (asked: string, cursor: string | null): Promise<void> => {
    if (asked.trim() === '') return;
    current.current?.abort();
    const stop = new AbortController();
    current.current = stop;
    clear();
    setRunning(stop);
    const at = performance.now();
    try {
      const body: AskRequest = { handles, question: asked, session, mode: 'question', budget: null, cursor };
      const answer = await link.call('ask', { body }, stop.signal);
      tellOnce(answer.told);
      const before = cursor === null ? [] : (answered?.excerpts ?? []);
      setAnswered({ question: asked, answer, excerpts: [...before, ...answer.excerpts], at });
    } catch (thrown) {
      if (!stop.signal.aborted) onFailure(`Ask ${whom}`, thrown);
    } finally {
      if (current.current === stop) setRunning(null);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void ask(question, null);
  };

  return (
    <div class="ask">
      <Section title={`Ask ${whom}`}>
        <label class="field">
          A question about what they share; owners see which lines were read, never the question
          <textarea
            value={question}
            maxLength={QUESTION_MAX_BYTES}
            onInput={(event) => setQuestion(event.currentTarget.value)}
            onKeyDown={onKey}
          />
        </label>
        <div class="acts end">
          {running === null ? null : (
            <button type="button" class="act" onClick={() => running.abort()}>
              Cancel
            </button>
          )}
          <button
            type="button"
            class="act main"
            aria-busy={running !== null}
            aria-disabled={question.trim() === ''}
            onClick={() => void ask(question, null)}
          >
            Ask
          </button>
        </div>
        {shown}
        {running === null ? null : <p role="status">Looking…</p>}
        {answered === null ? null : <Excerpts answer={answered.answer} excerpts={readable} />}
        {answered === null || answered.answer.cursor === null ? null : (
          <button type="button" class="act" onClick={() => void ask(answered.question, answered.answer.cursor)}>
            More excerpts
          </button>
        )}
      </Section>
    </div>
  );
}
