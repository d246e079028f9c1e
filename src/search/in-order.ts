/** What ranking looks at of every piece, in the order of the session, so that its loops go through memory from front to back. */

/** Pieces on either side that ranking looks at. */
export const NEIGHBOURS = 2;

export interface InOrder {
  order: Int32Array;
  texts: Int32Array;
  /** With {@link NEIGHBOURS} that are of no source at either end. */
  sources: Int32Array;
}

/** @param order places; @param texts and @param sources by place */
export function inOrder(order: Int32Array, texts: Int32Array, sources: Int32Array): InOrder {
  const ofNone = new Int32Array(order.length + 2 * NEIGHBOURS).fill(-1);
  ofNone.set(
    order.map((place) => sources[place] ?? 0),
    NEIGHBOURS,
  );
  return { order, texts: order.map((place) => texts[place] ?? 0), sources: ofNone };
}
