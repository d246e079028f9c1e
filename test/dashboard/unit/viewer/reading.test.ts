/** A session that is read: it goes on over cuts, and when it is over nothing of it is left. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { DashboardError, type Link, type LinkState } from '../../../../src/dashboard/link/index.ts';
import type { TurnRow } from '../../../../src/dashboard/viewer/outline.ts';
import { over } from '../../../../src/dashboard/viewer/over.ts';
import { Reading, seen } from '../../../../src/dashboard/viewer/reading.ts';
import { dismissTold, told } from '../../../../src/dashboard/viewer/told.ts';
import type { OutlineEvent } from '../../../../src/protocol/local-api.ts';

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));
const BEGIN: OutlineEvent = {
  type: 'session',
  session: 's1',
  project: 'shop',
  title: null,
  turns: 2,
  fetched: 2,
  live: true,
};
const turns = (...lines: number[]): OutlineEvent => ({
  type: 'turns',
  cursor: `c${lines[0]}`,
  lines,
  kinds: lines.map(() => 'reply'),
  sizes: lines.map(() => 1),
  sources: [],
});

/** A stream that the test feeds, and cuts. */
class Fed {
  readonly #events: OutlineEvent[] = [];
  #wake = (): void => {};
  #end: Error | 'cut' | null = null;

  say(...events: OutlineEvent[]): Promise<void> {
    this.#events.push(...events);
    this.#wake();
    return settled();
  }

  cut(thrown: Error | 'cut' = 'cut'): Promise<void> {
    this.#end = thrown;
    this.#wake();
    return settled();
  }

  async *stream(stop: AbortSignal): AsyncGenerator<OutlineEvent> {
    stop.addEventListener('abort', () => void this.cut());
    for (;;) {
      const next = this.#events.shift();
      if (next !== undefined) yield next;
      else if (this.#end === 'cut') return;
      else if (this.#end !== null) throw this.#end;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

let streams: Fed[];
let calls: number;
const state = signal<LinkState>({ is: 'live', since: 0, why: null });
let reading: Reading;
const newest = (): Fed => streams.at(-1) ?? new Fed();

beforeEach(() => {
  [streams, calls] = [[], 0];
  state.value = { is: 'live', since: 0, why: null };
  seen.value = true;
  dismissTold();
  const link = {
    state,
    stream: (_name: string, _request: unknown, stop: AbortSignal) => {
      const fed = new Fed();
      streams.push(fed);
      return fed.stream(stop);
    },
    call: async () => {
      calls++;
      const turn = {
        source: 'main',
        line: 1,
        uuid: '',
        time: '',
        role: '',
        kind: 'reply',
        omittedBefore: 0,
        omittedAfter: 0,
      };
      return {
        session: 's1',
        turns: [{ ...turn, content: [{ type: 'text', text: 'secret' }] }],
        missing: [],
        cursor: null,
      };
    },
  } as unknown as Link;
  reading = new Reading(link, { handle: 'marie', session: 's1' }, () => settled());
  void reading.follow();
});

async function withText(): Promise<TurnRow> {
  await settled();
  await newest().say(BEGIN, turns(1, 2), { type: 'caughtUp' });
  const first = reading.row(0) as TurnRow;
  reading.want([first]);
  await settled();
  expect(reading.text(first)).toMatchObject({ is: 'here' });
  return first;
}

describe('a session that is over', () => {
  it.each<[string, () => unknown]>([
    ['because its owner or the lease says so', () => newest().say({ type: 'ended', reason: 'lease' })],
    ['because nobody can say that it goes on', () => reading.end('lease')],
    ['because it is refused', () => newest().cut(new DashboardError('NOT_SHARED', 'lease', ''))],
  ])('%s leaves nothing behind', async (_why, end) => {
    const first = await withText();
    await end();
    await settled();
    expect(reading.phase.value).toMatchObject({ why: 'lease' });
    expect([reading.count, reading.text(first), reading.about.value]).toEqual([0, null, null]);
    expect(over.value.has('marie s1')).toBe(true);
    // And asks for nothing more.
    reading.want([first]);
    await settled();
    expect([calls, streams.length]).toEqual([1, 1]);
  });

  it('is not, when its owner replaced it: what was sent before is forgotten all the same', async () => {
    const first = await withText();
    await newest().say({ type: 'replaced' });
    expect([reading.count, reading.text(first), reading.replaced.value]).toEqual([0, null, 1]);
    await newest().say(turns(7));
    expect([reading.count, reading.phase.value.is]).toEqual([1, 'open']);
  });
});

describe('a session whose stream was cut', () => {
  it('is followed anew when the daemon is back, and stays in view until then', async () => {
    await withText();
    state.value = { is: 'reconnecting', since: 0, why: null };
    await newest().cut(new DashboardError('DAEMON_NOT_RUNNING', 'away', ''));
    await settled();
    expect([streams.length, reading.count]).toEqual([1, 2]);
    state.value = { is: 'live', since: 0, why: null };
    await settled();
    await settled();
    expect(streams).toHaveLength(2);
    await newest().say(BEGIN, turns(1));
    expect(reading.count).toBe(2);
    await newest().say(turns(2, 3), { type: 'caughtUp' });
    expect([reading.count, reading.row(2)]).toMatchObject([3, { line: 3 }]);
  });

  it('is not followed while nobody sees the page', async () => {
    await withText();
    seen.value = false;
    reading.pause();
    await settled();
    await settled();
    expect(streams).toHaveLength(1);
    seen.value = true;
    await settled();
    await settled();
    expect(streams).toHaveLength(2);
  });

  it('is let go when one goes elsewhere', async () => {
    const first = await withText();
    reading.close();
    await settled();
    await settled();
    expect([streams.length, reading.text(first)]).toEqual([1, null]);
  });
});

it('says once what owners see of it', async () => {
  await settled();
  await newest().say({ ...BEGIN, told: 'marie sees which lines you read' });
  expect(told.value).toBe('marie sees which lines you read');
  dismissTold();
  await newest().say(turns(1));
  expect(told.value).toBeNull();
});

it('says how much is missing, and whether it comes', async () => {
  await settled();
  await newest().say(BEGIN, { type: 'missing', turns: 9, coming: false, overQuota: true }, turns(10));
  expect([reading.row(0), reading.row(1)]).toMatchObject([{ is: 'gap', turns: 9, overQuota: true }, { line: 10 }]);
});
