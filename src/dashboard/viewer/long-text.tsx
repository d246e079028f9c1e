/** Text of others of any length: inert, masks marked, and drawn a part at a time. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { thousands } from '../../platform/count-words.ts';
import { printable } from '../../platform/printable.ts';
import { maskPieces } from '../model/preview.ts';
import { cutAt, FIRST_SHOWN, MORE_SHOWN } from './cut.ts';

interface LongTextProps {
  text: string;
  class?: string;
  /** Characters that are shown at first. */
  first?: number;
}

export function LongText({ text, class: look = '', first = FIRST_SHOWN }: LongTextProps): JSX.Element {
  const [shown, setShown] = useState(first);
  const end = cutAt(text, shown);
  return (
    <>
      <pre class={`said ${look}`}>
        <Masked text={text.slice(0, end)} />
      </pre>
      {end < text.length ? (
        <button type="button" class="act more" onClick={() => setShown(shown + MORE_SHOWN)}>
          Show more ({thousands(text.length - end)} characters left)
        </button>
      ) : null}
    </>
  );
}

/** Each mask names the rule that made it. */
export function Masked({ text }: { text: string }): JSX.Element {
  return (
    <>
      {maskPieces(text).map(({ mask, piece }, i) =>
        mask === null ? (
          <bdi key={i}>{printable(piece, { multiline: true })}</bdi>
        ) : (
          <mark key={i} title={`masked before it was shared: ${mask}`}>
            {printable(piece)}
          </mark>
        ),
      )}
    </>
  );
}
