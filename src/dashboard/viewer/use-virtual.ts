/** A list of which only the rows in view are drawn, however long it is; their heights are measured as they come. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type List = Virtualizer<HTMLElement, HTMLElement>;

interface VirtualOptions {
  count: number;
  scroller: RefObject<HTMLDivElement | null>;
  /** Pixels of a row that was not drawn yet. */
  estimate: (index: number) => number;
}

/** Distance from the end, in pixels, at which one counts as being there, and stays there when more comes. */
const END_PX = 60;
/** Rows beyond those in view. */
const OVERSCAN = 8;

export function useVirtual({ count, scroller, estimate }: VirtualOptions): List {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: estimate,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: OVERSCAN,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    onChange: () => draw(0),
  };
  const [list] = useState(() => new Virtualizer(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return list;
}
