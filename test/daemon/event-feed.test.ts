/** Events that several listen to. */
import { describe, expect, it } from 'vitest';
import { EventFeed } from '../../src/daemon/backend/event-feed.ts';

async function all(events: AsyncIterable<number>): Promise<number[]> {
  const got: number[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const LAST = 9;
const forever = new AbortController().signal;
const isLast = (event: number): boolean => event === LAST;
const cut = new Error('cut');

describe('a feed of events', () => {
  it('gives everybody all of them, also who comes later and who comes when it is over', async () => {
    const feed = new EventFeed<number>(() => {});
    const early = all(feed.listen(forever));
    feed.push(1);
    const late = all(feed.listen(forever));
    feed.push(LAST);
    feed.finish(isLast, cut);
    expect(await Promise.all([early, late, all(feed.listen(forever))])).toEqual([
      [1, LAST],
      [1, LAST],
      [1, LAST],
    ]);
  });

  it('that ends before its last one says so to each', async () => {
    const feed = new EventFeed<number>(() => {});
    const two = [all(feed.listen(forever)), all(feed.listen(forever))];
    feed.push(1);
    feed.finish(isLast, cut);
    expect(await Promise.allSettled(two)).toMatchObject([{ reason: cut }, { reason: cut }]);
  });

  it('is abandoned when the last listener goes, and not before', async () => {
    let abandoned = 0;
    const feed = new EventFeed<number>(() => abandoned++);
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [all(feed.listen(one.signal)), all(feed.listen(two.signal))];
    feed.push(1);
    one.abort();
    expect(await both[0]).toEqual([1]);
    expect(abandoned).toBe(0);
    two.abort();
    await both[1];
    expect(abandoned).toBe(1);
  });

  it('that is over is not abandoned any more', async () => {
    let abandoned = 0;
    const feed = new EventFeed<number>(() => abandoned++);
    feed.push(LAST);
    feed.finish(isLast, cut);
    await all(feed.listen(forever));
    expect(abandoned).toBe(0);
  });
});
