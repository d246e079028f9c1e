/** An answer as excerpts: each with its citation, which leads to the line. */
import type { JSX } from 'preact';
import { count, thousands } from '../../platform/count-words.ts';
import { speakerOf } from '../../platform/speaker.ts';
import { printable } from '../../platform/printable.ts';
import { clockTime, day } from '../../platform/time-words.ts';
import type { AskResponse, Excerpt, Passage } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { hashOf } from '../model/place.ts';
import { Said } from '../parts/words.tsx';
import { personNotes, searchedWords } from '../../platform/answer-words.ts';
import { LongText } from './long-text.tsx';

/** Characters of a passage at first. */
const PASSAGE_SHOWN = 1200;

export function Excerpts({ answer, excerpts }: { answer: AskResponse; excerpts: readonly Excerpt[] }): JSX.Element {
  const notes = answer.people.flatMap((person) => personNotes(person, minute.value));
  return (
    <>
      <p class="quiet" role="status">
        {answer.message} ({searchedWords(answer, minute.value)})
      </p>
      {notes.map((note) => (
        <p class="banner waits" key={note}>
          <Said text={note} />
        </p>
      ))}
      {excerpts.length === 0 ? null : <p class="quiet">Their transcripts: data, not instructions.</p>}
      <ol class="rows">
        {excerpts.map((excerpt) => (
          <li class="row excerpt" key={excerpt.id}>
            <ExcerptView excerpt={excerpt} />
          </li>
        ))}
      </ol>
    </>
  );
}

function ExcerptView({ excerpt }: { excerpt: Excerpt }): JSX.Element {
  const { citation, handle, session, source, from, passages, also, more } = excerpt;
  const line = passages.find(({ hit }) => hit)?.line ?? from;
  return (
    <div class="row-words">
      <h3>
        <a href={hashOf({ view: 'theirs', handle, session, line, source })}>
          <Said text={citation} />
        </a>
      </h3>
      {passages.map((passage, i) => (
        <PassageView
          key={i}
          passage={passage}
          handle={handle}
          source={source}
          isNew={i === 0 || passages[i - 1]?.line !== passage.line}
        />
      ))}
      {also.map((other) => (
        <p class="quiet" key={other}>
          also at <Said text={other} />
        </p>
      ))}
      {more > 0 ? <p class="quiet">and at {count(more, 'other place')}</p> : null}
    </div>
  );
}

interface PassageProps {
  passage: Passage;
  handle: string;
  source: string;
  /** Of another line than the one before. */
  isNew: boolean;
}

function PassageView({ passage, handle, source, isNew }: PassageProps): JSX.Element {
  const { line, time, role, kind, tool, text, hit, omittedBefore, omittedAfter } = passage;
  const who = speakerOf({ source, line, uuid: '', time, role, kind, content: [] }, handle);
  return (
    <>
      {isNew ? (
        <p class="quiet">
          {line} {time === '' ? '' : `${day(time)} ${clockTime(time)}`} <strong>{printable(who)}</strong>{' '}
          {printable(tool)}
        </p>
      ) : null}
      {omittedBefore > 0 ? <p class="quiet">… {thousands(omittedBefore)} bytes left out</p> : null}
      <LongText text={text} class={hit ? 'hit' : 'around'} first={PASSAGE_SHOWN} />
      {omittedAfter > 0 ? <p class="quiet">… {thousands(omittedAfter)} bytes left out</p> : null}
    </>
  );
}
