/** What recipients would see of a session: its newest turns, with what was masked marked. */
import type { JSX } from 'preact';
import { speakerOf } from '../../platform/speaker.ts';
import { printable } from '../../platform/printable.ts';
import type { PreviewResponse } from '../../protocol/local-api.ts';
import type { ContentPart, Turn } from '../../protocol/turn.ts';
import { clockTime } from '../../platform/time-words.ts';
import { maskPieces, partText } from '../model/preview.ts';
import { previewWords } from '../model/sharing.ts';
import { Said } from '../parts/words.tsx';

export function Preview({ preview }: { preview: PreviewResponse }): JSX.Element {
  return (
    <section class="preview" aria-label="What they would see">
      <p role="status">
        <strong>
          <Said text={previewWords(preview)} />
        </strong>{' '}
        Nothing was shared.
      </p>
      {/* It scrolls, so it must be reachable by the keyboard. */}
      <ol class="preview-turns" tabIndex={0} aria-label="Newest turns">
        {preview.turns.map((turn) => (
          <PreviewTurn key={`${turn.source} ${turn.line}`} turn={turn} />
        ))}
      </ol>
    </section>
  );
}

function PreviewTurn({ turn }: { turn: Turn }): JSX.Element {
  const { line, time, kind, content } = turn;
  return (
    <li class={`preview-turn ${kind === 'prompt' ? 'prompt' : ''}`}>
      <span class="quiet">
        L{line} {clockTime(time)} <Said text={speakerOf(turn, 'you')} />
      </span>
      {content.map((part, i) => (
        <PartText key={i} part={part} />
      ))}
    </li>
  );
}

function PartText({ part }: { part: ContentPart }): JSX.Element {
  const { text, cut } = partText(part);
  return (
    <p class="preview-text">
      {maskPieces(text).map(({ mask, piece }, i) =>
        mask === null ? (
          <bdi key={i}>{printable(piece, { multiline: true })}</bdi>
        ) : (
          <mark key={i} title={`masked: ${mask}`}>
            {printable(piece)}
          </mark>
        ),
      )}
      {cut > 0 ? <span class="quiet"> … {cut} more characters</span> : null}
    </p>
  );
}
