/** The list of turns: only those in view are drawn; it stays at its end while the session goes on. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { count as counted } from '../../platform/count-words.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';
import { estimatedHeight } from './height.ts';
import { markFound, unmarkFound } from './found-marks.ts';
import { keyOf, type OutlineRow, type TurnRow } from './outline.ts';
import type { Reading } from './reading.ts';
import { GapView, isFoldable, TurnView } from './turn-row.tsx';
import { useVirtual } from './use-virtual.ts';

interface TurnListProps {
  reading: Reading;
  handle: string;
  line: number | null;
  source: string | null;
  /** What was looked for, to be marked where it stands; '': nothing. */
  words: string;
}

/** Before texts are asked for: whoever scrolls fast passes most of it. */
const SETTLED_MS = 80;
/** What did not come is looked for again. */
const AGAIN_MS = 3000;
const GAP_PX = 34;

export function TurnList({ reading, handle, line, source, words }: TurnListProps): JSX.Element {
  const version = reading.version.value;
  const { count } = reading;
  const scroller = useRef<HTMLDivElement>(null);
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const fold = (row: TurnRow, folded: boolean): void => setFolds((before) => new Map(before).set(keyOf(row), folded));
  const estimate = (index: number): number => {
    const row = reading.row(index);
    return row?.is === 'turn' ? estimatedHeight(row) : GAP_PX;
  };
  const list = useVirtual({ count, scroller, estimate });
  const items = list.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];

  useEffect(() => {
    const want = (): void => reading.want(turnsIn(reading, first, last));
    const timer = setTimeout(want, SETTLED_MS);
    // Nothing is asked while all of it is here.
    const again = setInterval(want, AGAIN_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
    };
  }, [reading, first, last, version]);

  const target = useTarget({ reading, line, source, version });
  useEffect(() => {
    if (count === 0) return;
    if (target === -1) list.scrollToEnd();
    else list.scrollToIndex(target, { align: 'start' });
    const row = reading.row(target);
    // Whoever comes for a line wants to see it.
    if (row?.is === 'turn' && isFoldable(row.kind)) fold(row, false);
  }, [count === 0, target]);
  useEffect(() => markFound(scroller.current ?? document, words));
  useEffect(() => unmarkFound, []);

  const fresh = useUnseen(count, list.isAtEnd());
  const onKey = (event: KeyboardEvent): void => {
    const at = rowOf(event.target);
    if (!(event.target instanceof HTMLElement) || event.target.closest('button, input, a') !== null) return;
    const focus = (index: number): void => focusRow(list, scroller.current, Math.min(count - 1, Math.max(0, index)));
    if (event.key === 'j') focus((at ?? first - 1) + 1);
    else if (event.key === 'k') focus((at ?? first + 1) - 1);
    else if (event.key === 'Home') list.scrollToIndex(0);
    else if (event.key === 'End') list.scrollToEnd();
    else if (event.key === 'Enter' && at !== null) pressFold(event.target);
    else return;
    event.preventDefault();
  };

  return (
    <div class="turn-list">
      <div
        ref={scroller}
        class="turn-scroll"
        role="feed"
        aria-label="Turns"
        aria-busy={count === 0}
        tabIndex={0}
        onKeyDown={onKey}
      >
        {count === 0 ? <p class="empty">Nothing was written yet.</p> : null}
        <div class="turn-space" style={{ height: `${list.getTotalSize()}px` }}>
          {items.map(({ index, start }) => {
            const row = reading.row(index);
            return row === undefined ? null : (
              <article
                key={row.is === 'turn' ? keyOf(row) : `gap ${index}`}
                ref={(element) => list.measureElement(element)}
                class={rowClass(row, index === target)}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={count}
                aria-label={row.is === 'turn' ? `Line ${row.line}` : 'Not here'}
                tabIndex={-1}
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.is === 'gap' ? (
                  <GapView gap={row} />
                ) : (
                  <TurnView
                    row={row}
                    text={reading.text(row)}
                    handle={handle}
                    folded={folds.get(keyOf(row)) ?? null}
                    onFold={(folded) => fold(row, folded)}
                  />
                )}
              </article>
            );
          })}
        </div>
      </div>
      <div role="status" class="fresh">
        {fresh > 0 ? (
          <button type="button" class="act main" onClick={() => list.scrollToEnd()}>
            {counted(fresh, 'new turn')} ↓
          </button>
        ) : null}
      </div>
    </div>
  );
}

function turnsIn(reading: Reading, first: number, last: number): TurnRow[] {
  const rows: TurnRow[] = [];
  for (let index = first; index <= last; index++) {
    const row = reading.row(index);
    if (row?.is === 'turn') rows.push(row);
  }
  return rows;
}

/** Row that the address asks for, once it is here; -1: the newest. */
function useTarget({
  reading,
  line,
  source,
  version,
}: Pick<TurnListProps, 'reading' | 'line' | 'source'> & { version: number }): number {
  const found = useRef<{ key: string; index: number } | null>(null);
  const key = `${line} ${source}`;
  if (line === null) return -1;
  if (found.current?.key === key) return found.current.index;
  const index = version < 0 ? -1 : reading.indexOf({ source: source ?? MAIN_SOURCE, line });
  if (index !== -1) found.current = { key, index };
  return index;
}

/** How many turns came since the end was seen. */
function useUnseen(count: number, isAtEnd: boolean): number {
  const seen = useRef(count);
  if (isAtEnd || seen.current > count || seen.current === 0) seen.current = count;
  return count - seen.current;
}

function rowClass(row: OutlineRow, isTarget: boolean): string {
  if (row.is === 'gap') return 'turn';
  const look = isFoldable(row.kind) ? 'by-tool' : row.kind;
  return ['turn', look, ...(row.source === MAIN_SOURCE ? [] : ['sub']), ...(isTarget ? ['target'] : [])].join(' ');
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row === null ? null : Number(row.dataset['index']);
}

/** The row may have to be drawn first. */
function focusRow(list: ReturnType<typeof useVirtual>, scroller: HTMLElement | null, index: number): void {
  list.scrollToIndex(index, { align: 'auto' });
  requestAnimationFrame(() =>
    scroller?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
  );
}

function pressFold(row: HTMLElement): void {
  row.querySelector<HTMLElement>('[aria-expanded]')?.click();
}
