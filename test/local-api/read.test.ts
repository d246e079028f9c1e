import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import type { Backend } from '../../src/local-api/index.ts';
import type { ReadEvent } from '../../src/protocol/local-api.ts';
import type { ReadQuery } from '../../src/protocol/local-api-types.ts';
import { readParametersOf, readQuery } from '../../src/protocol/local-requests.ts';
import { startLocalApi } from '../support/local-api.ts';
import { ask, connect } from '../support/raw-http.ts';
import { recordingBackend } from '../support/recording-backend.ts';
import { until } from '../support/until.ts';

const missing = (turns: number): ReadEvent => ({ type: 'missing', turns, coming: false });
const READ = 'GET /v1/inbox/ada/read?follow=1 HTTP/1.1\r\nHost: x\r\n\r\n';

/** Events as a test gives them; notes when it is asked, told to stop, and left. */
function steered(): {
  read: (handle: string, query: ReadQuery, signal: AbortSignal) => AsyncIterable<ReadEvent>;
  give(event: ReadEvent): void;
  signal(): AbortSignal | undefined;
  left(): boolean;
} {
  const queue: ReadEvent[] = [];
  let wake: (() => void) | undefined;
  let given: AbortSignal | undefined;
  let left = false;
  return {
    async *read(_handle, _query, signal) {
      given = signal;
      signal.addEventListener('abort', () => wake?.());
      try {
        while (!signal.aborted) {
          const event = queue.shift();
          if (event) yield event;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        left = true;
      }
    },
    give(event) {
      queue.push(event);
      wake?.();
    },
    signal: () => given,
    left: () => left,
  };
}

describe('read stream', () => {
  it('is one JSON object per line, with the query decoded', async () => {
    const events = [missing(1), { type: 'caughtUp' }, { type: 'ended', reason: 'a\nb' }] satisfies ReadEvent[];
    const backend = recordingBackend({
      async *read() {
        yield* events;
      },
    });
    const { socketPath } = await startLocalApi(backend);
    const answer = await ask(socketPath, 'GET', '/v1/inbox/%40Ada/read?session=ab%20c&from=3&to=9&follow=1');
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.body).toBe(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    expect(backend.calls[0]?.slice(0, 3)).toEqual(['read', '@Ada', { session: 'ab c', from: 3, to: 9, follow: true }]);
    await ask(socketPath, 'GET', '/v1/inbox/ada/read');
    expect(backend.calls[1]?.[2]).toEqual({ session: null, from: null, to: null, follow: false });
  });

  it.each(['from=0', 'from=1e3', 'from=-1', 'from=x', 'to=99999999999999999', 'from=2&to=1', 'follow=yes', 'x=1'])(
    'refuses the query %s',
    async (query) => {
      const backend = recordingBackend();
      const { socketPath } = await startLocalApi(backend);
      const answer = await ask(socketPath, 'GET', `/v1/inbox/ada/read?${query}`);
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('BAD_REQUEST')]);
      expect(backend.calls).toEqual([]);
    },
  );

  it('has a query that comes back as it was', () => {
    const line = fc.option(fc.integer({ min: 1, max: 2 ** 40 }));
    const query = fc.record({ session: fc.option(fc.string({ maxLength: 40 })), from: line, follow: fc.boolean() });
    fc.assert(
      fc.property(query, fc.nat(), (given, more) => {
        const full: ReadQuery = { ...given, to: given.from === null ? null : given.from + more };
        const parameters = Object.fromEntries(new URLSearchParams(readParametersOf(full)));
        expect(readQuery(parameters, 'query')).toEqual(full);
      }),
    );
  });

  it('makes an error before the first event the status of the answer', async () => {
    const over = new TeammateSyncError('NO_LONGER_SHARED', 'over');
    const ways: Backend['read'][] = [
      () => {
        throw over;
      },
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(over) }) }),
    ];
    for (const read of ways) {
      const { socketPath } = await startLocalApi(recordingBackend({ read }));
      const answer = await ask(socketPath, 'GET', '/v1/inbox/ada/read');
      expect([answer.status, answer.body]).toEqual([410, expect.stringContaining('"NO_LONGER_SHARED"')]);
    }
  });

  it('names an error in the middle in a last line, and logs the ones that are not ours', async () => {
    for (const thrown of [new TeammateSyncError('NO_LONGER_SHARED', 'over'), new RangeError('odd')]) {
      const { socketPath, log } = await startLocalApi(
        recordingBackend({
          async *read() {
            yield missing(1);
            throw thrown;
          },
        }),
      );
      const answer = await ask(socketPath, 'GET', '/v1/inbox/ada/read');
      const ours = thrown instanceof TeammateSyncError;
      expect(JSON.parse(answer.body.split('\n')[1] ?? '')).toMatchObject({
        error: { code: ours ? 'NO_LONGER_SHARED' : 'INTERNAL', message: thrown.message },
      });
      expect(log).toHaveLength(ours ? 0 : 1);
    }
  });

  it('passes each event on at once, and ends the source when the caller goes away', async () => {
    const source = steered();
    const { socketPath, log } = await startLocalApi(recordingBackend({ read: source.read }));
    const said = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info')];
    onTestFinished(() => said.forEach((spy) => spy.mockRestore()));
    const caller = connect(socketPath);
    caller.socket.write(READ);
    for (const turns of [1, 2, 3]) {
      source.give(missing(turns));
      await until(() => caller.received().includes(`"turns":${turns},"coming":false}\n`));
    }
    expect(source.signal()?.aborted).toBe(false);
    caller.socket.destroy();
    await until(() => source.signal()?.aborted && source.left(), { what: 'the source is told and left' });
    expect(log).toEqual([]);
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  });

  it('ends the source also when the caller goes away before the first event', async () => {
    const source = steered();
    const { socketPath, log } = await startLocalApi(recordingBackend({ read: source.read }));
    const caller = connect(socketPath);
    caller.socket.write(READ);
    await until(() => source.signal());
    caller.socket.destroy();
    await until(() => source.signal()?.aborted && source.left());
    expect(log).toEqual([]);
  });

  it('asks for no more than the caller takes', async () => {
    let made = 0;
    const big = 'x'.repeat(64 * 1024);
    const TOTAL = 1000;
    const backend = recordingBackend({
      async *read() {
        for (; made < TOTAL; made++) yield { type: 'ended', reason: big };
      },
    });
    const { socketPath } = await startLocalApi(backend);
    const caller = connect(socketPath);
    caller.socket.pause();
    caller.socket.write('GET /v1/inbox/ada/read HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    // It stands still while the daemon goes on answering others: hundreds of answers later nothing more was made.
    let before = -1;
    await until(async () => {
      const still = made === before && made > 0;
      before = made;
      for (let i = 0; i < 50; i++) await ask(socketPath, 'GET', '/v1/status');
      return still && made === before;
    });
    expect(made).toBeLessThan(TOTAL / 2);
    caller.socket.resume();
    await caller.closed;
    expect(made).toBe(TOTAL);
    expect(caller.received().endsWith('0\r\n\r\n')).toBe(true);
  });

  it('is ended with a reason when the daemon stops, also by a source that does not listen', async () => {
    const deaf = {
      async *read(): AsyncGenerator<ReadEvent> {
        yield missing(1);
        await new Promise(() => {});
      },
    };
    for (const read of [steered(), deaf]) {
      const { api, socketPath } = await startLocalApi(recordingBackend({ read: read.read }));
      if ('give' in read) read.give(missing(1));
      const answer = ask(socketPath, 'GET', '/v1/inbox/ada/read?follow=1');
      const caller = connect(socketPath);
      caller.socket.write(READ);
      await until(() => caller.received().includes('missing') || 'give' in read);
      await until(() => !('signal' in read) || read.signal());
      await api.stop();
      await caller.closed;
      const lines = (await answer).body.trim().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ error: { code: 'DAEMON_NOT_RUNNING' } });
    }
  });
});
