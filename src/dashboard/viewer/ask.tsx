/** A question to what teammates share: the same engine and citations as `teammate-sync ask`. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { QUESTION_MAX_BYTES } from '../../protocol/limits.ts';
import type { Link } from '../link/index.ts';
import { Section } from '../parts/section.tsx';
import { Excerpts } from './excerpts.tsx';
import { useAnswer } from './use-answer.tsx';
import { WrittenView } from './written-view.tsx';

interface AskProps {
  link: Link;
  /** Whom; nobody: everyone who shares with me. */
  handles: string[];
  /** Of whom one session; null: all. */
  session: string | null;
  /** `everybody`, `@marie`, `this session`. */
  whom: string;
}

export function Ask({ link, handles, session, whom }: AskProps): JSX.Element {
  const [question, setQuestion] = useState('');
  const [byModel, setByModel] = useState(false);
  const { answered, running, ask, cancel, shown } = useAnswer(link, { handles, session, whom });
  const isEmpty = question.trim() === '';
  const submit = (): void => {
    if (!isEmpty) void ask({ question, byModel });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit();
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
        <label class="check">
          <input type="checkbox" checked={byModel} onChange={(event) => setByModel(event.currentTarget.checked)} />
          Let a model write the answer (sends the question and these excerpts to Anthropic under your key)
        </label>
        <div class="acts end">
          {running ? (
            <button type="button" class="act" onClick={cancel}>
              Cancel
            </button>
          ) : null}
          <button type="button" class="act main" aria-busy={running} aria-disabled={isEmpty} onClick={submit}>
            Ask
          </button>
        </div>
        {shown}
        {running ? <p role="status">{answered?.written ? 'Writing…' : 'Looking…'}</p> : null}
        {answered?.written ? <WrittenView written={answered.written} /> : null}
        {answered === null ? null : <Excerpts answer={answered.answer} excerpts={answered.excerpts} />}
        {answered === null || answered.answer.cursor === null ? null : (
          <button type="button" class="act" onClick={() => void ask(answered, answered.answer.cursor)}>
            More excerpts
          </button>
        )}
      </Section>
    </div>
  );
}
