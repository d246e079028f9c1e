/** One turn in the list. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { thousands } from '../../platform/count-words.ts';
import { printable } from '../../platform/printable.ts';
import { speakerOf } from '../../platform/speaker.ts';
import { clockTime, day } from '../../platform/time-words.ts';
import type { Turn } from '../../protocol/turn.ts';
import { reasonOf } from '../model/notices.ts';
import { Said } from '../parts/words.tsx';
import { BlockView } from './block-view.tsx';
import { blocksOf, isFolded } from './blocks.ts';
import { LongText } from './long-text.tsx';
import type { GapRow, TurnRow } from './outline.ts';
import type { TextState } from './texts.ts';

interface TurnViewProps {
  row: TurnRow;
  text: TextState | null;
  /** Whose session it is. */
  handle: string;
  /** Null: as it is by itself. */
  folded: boolean | null;
  onFold: (folded: boolean) => void;
}

export function TurnView({ row, text, handle, folded, onFold }: TurnViewProps): JSX.Element {
  if (text?.is !== 'here') {
    const { source, line, kind } = row;
    return (
      <>
        <Head turn={{ source, line, kind, uuid: '', time: '', role: '', content: [] }} handle={handle} />
        <p class="quiet" aria-busy={text === null}>
          {text === null ? '…' : <Said text={absentWords(text)} />}
        </p>
      </>
    );
  }
  return <Here turn={text.turn} handle={handle} folded={folded} onFold={onFold} />;
}

interface HereProps extends Omit<TurnViewProps, 'row' | 'text'> {
  turn: Turn;
}

function Here({ turn, handle, folded, onFold }: HereProps): JSX.Element {
  const [raw, setRaw] = useState(false);
  const blocks = blocksOf(turn);
  const canFold = isFoldable(turn.kind);
  const isClosed = canFold && (folded ?? isFolded(turn.kind, blocks));
  return (
    <>
      <Head
        turn={turn}
        handle={handle}
        inLine={isClosed && !raw ? blocks.map((block, i) => <BlockView key={i} block={block} folded />) : null}
      >
        {canFold ? (
          <button
            type="button"
            class="act small"
            aria-expanded={!isClosed}
            aria-label={`${isClosed ? 'Open' : 'Fold'} line ${turn.line}`}
            onClick={() => onFold(!isClosed)}
          >
            {isClosed ? 'Open' : 'Fold'}
          </button>
        ) : null}
        <button
          type="button"
          class="act small"
          aria-pressed={raw}
          aria-label={`Raw line ${turn.line}`}
          onClick={() => setRaw(!raw)}
        >
          Raw
        </button>
      </Head>
      {raw ? (
        <LongText text={JSON.stringify(turn, null, 2)} class="raw" />
      ) : (
        !isClosed && blocks.map((block, i) => <BlockView key={i} block={block} folded={false} />)
      )}
    </>
  );
}

/** Turns of one line until somebody opens them. */
export function isFoldable(kind: string): boolean {
  return kind === 'tool_use' || kind === 'tool_result' || kind === 'thinking' || kind === 'summary';
}

interface HeadProps {
  turn: Turn;
  handle: string;
  /** What a folded turn says of itself. */
  inLine?: JSX.Element[] | null;
  children?: ComponentChildren;
}

function Head({ turn, handle, inLine = null, children }: HeadProps): JSX.Element {
  const { line, time, kind } = turn;
  return (
    <div class="turn-head">
      <span class="line-number">{thousands(line)}</span>
      <strong class="speaker">{printable(speakerOf(turn, handle))}</strong>
      {time === '' ? null : (
        <time dateTime={time} title={`${day(time)} ${clockTime(time)}`}>
          {clockTime(time)}
        </time>
      )}
      {kind === 'boundary' ? <span class="quiet">the conversation was compacted here</span> : null}
      {kind === 'thinking' ? <span class="quiet">thinking</span> : null}
      {kind === 'summary' ? <span class="quiet">what Claude kept after compaction</span> : null}
      {inLine === null ? null : <div class="in-line">{inLine}</div>}
      <span class="turn-acts">{children}</span>
    </div>
  );
}

export function GapView({ gap }: { gap: GapRow }): JSX.Element {
  return <p class="gap">{gapWords(gap)}</p>;
}

/** What is not here, and whether it comes. */
function gapWords({ turns, coming, overQuota }: Omit<GapRow, 'is'>): string {
  const what = turns === 1 ? 'One turn is' : `${thousands(turns)} turns are`;
  if (overQuota) return `${what} over the quota, and not kept on this machine.`;
  if (coming) return `${what} not on this machine yet, and on the way.`;
  return `${what} not on this machine yet; the rest comes when their owner is back.`;
}

function absentWords({ gap, failure }: Extract<TextState, { is: 'absent' }>): string {
  if (failure !== null) return `not here: ${reasonOf(failure).message}; asked for again in a moment`;
  return gap === null ? 'not here at the moment' : gapWords(gap);
}
