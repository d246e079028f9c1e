/** The parts of a turn, drawn. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { amount } from '../../platform/count-words.ts';
import { Badge } from '../parts/words.tsx';
import { type Block, type Edit, resultHead } from './blocks.ts';
import { diffOf } from './edit-diff.ts';
import { LongText, Masked } from './long-text.tsx';

/** Of a result that failed and stands open by itself. */
const FAILED_SHOWN = 600;
const DIFF_LINES_SHOWN = 60;
const MORE_LINES = 400;
/** Characters of one line of a diff; raw shows all. */
const DIFF_LINE_SHOWN = 2000;

export function BlockView({ block, folded }: { block: Block; folded: boolean }): JSX.Element {
  switch (block.is) {
    case 'tool':
      return folded ? <Line sign="→" text={block.head} /> : <OpenTool block={block} />;
    case 'result':
      return folded ? <FoldedResult text={block.text} /> : <OpenResult text={block.text} error={block.error} />;
    default:
      return folded ? (
        <Line sign="" text={resultHead(block.text).line} />
      ) : (
        <LongText text={block.text} class={block.look} />
      );
  }
}

/** One line, cut where the page ends. */
function Line({ sign, text }: { sign: string; text: string }): JSX.Element {
  return (
    <p class="one-line">
      {sign === '' ? null : <span class="quiet">{sign} </span>}
      <Masked text={text} />
    </p>
  );
}

function FoldedResult({ text }: { text: string }): JSX.Element {
  const { line, lines } = resultHead(text);
  return (
    <p class="one-line">
      {lines === 0 ? <span class="quiet">(no output)</span> : <Masked text={line} />}
      {lines > 1 ? <span class="quiet"> … {amount(lines, 'line')}</span> : null}
    </p>
  );
}

function OpenResult({ text, error }: { text: string; error: boolean }): JSX.Element {
  if (text.trim() === '') return <p class="quiet">(no output)</p>;
  return (
    <>
      {error ? <Badge tone="bad">failed</Badge> : null}
      {error ? <LongText text={text} class="result" first={FAILED_SHOWN} /> : <LongText text={text} class="result" />}
    </>
  );
}

function OpenTool({ block: { head, text, edits } }: { block: Extract<Block, { is: 'tool' }> }): JSX.Element {
  if (edits.length === 0) return <LongText text={text} class="tool" />;
  return (
    <>
      <Line sign="→" text={head} />
      {edits.map((edit, i) => (
        <Diff key={i} edit={edit} />
      ))}
    </>
  );
}

function Diff({ edit }: { edit: Edit }): JSX.Element {
  const [most, setMost] = useState(DIFF_LINES_SHOWN);
  const all = diffOf(edit);
  return (
    <>
      <pre class="said diff">
        {all.slice(0, most).map(({ sign, text }, i) => (
          <span key={i} class={sign === '+' ? 'added' : sign === '-' ? 'removed' : 'same'}>
            {/* The sign is text, so that a colour is not all that says it. */}
            {sign} <Masked text={text.slice(0, DIFF_LINE_SHOWN)} />
            {text.length > DIFF_LINE_SHOWN ? '…' : ''}
            {'\n'}
          </span>
        ))}
      </pre>
      {all.length > most ? (
        <button type="button" class="act more" onClick={() => setMost(most + MORE_LINES)}>
          Show more ({amount(all.length - most, 'line')} left)
        </button>
      ) : null}
    </>
  );
}
