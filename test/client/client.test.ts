import path from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { LOCAL_REQUEST_MAX_BYTES } from '../../src/protocol/limits.ts';
import type { Inbox, ReadEvent, ShareRequest, ShareResponse, Status } from '../../src/protocol/local-api.ts';
import type { ReadQuery } from '../../src/protocol/local-api-types.ts';
import { collect } from '../support/collect.ts';
import { startLocalApi } from '../support/local-api.ts';
import { aStatus, type RecordingBackend, recordingBackend } from '../support/recording-backend.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

const share: ShareRequest = { session: null, cwd: '/w', to: ['ada'], note: null, fromNow: true, withThinking: false };
const all: ReadQuery = { session: null, from: null, to: null, follow: false };

async function connected(backend: RecordingBackend): Promise<ReturnType<typeof createClient>> {
  const { socketPath } = await startLocalApi(backend);
  return createClient({ socketPath, version: '1.0.0' });
}

describe('client.call', () => {
  it('carries requests and answers, typed by the route', async () => {
    const backend = recordingBackend();
    const client = await connected(backend);
    const status = await client.call('status');
    expectTypeOf(status).toEqualTypeOf<Status>();
    expect(status).toEqual(aStatus);
    const shared = await client.call('share', { body: share });
    expectTypeOf(shared).toEqualTypeOf<ShareResponse>();
    const inbox = await client.call('inbox', { params: { handle: '@Ada/../?x=ü' } });
    expectTypeOf(inbox).toEqualTypeOf<Inbox>();
    expect(backend.calls).toEqual([['status'], ['share', share, null], ['inbox', '@Ada/../?x=ü', null]]);
    const wrong = [
      // @ts-expect-error a body is missing
      () => client.call('share'),
      // @ts-expect-error there is no such route
      () => client.call('shares', {}),
      // @ts-expect-error of another route
      () => client.call('accept', { body: share }),
    ];
    expect(wrong).toHaveLength(3);
  });

  it('runs many calls at once', async () => {
    const client = await connected(recordingBackend());
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.call('status')));
    expect(answers).toHaveLength(100);
  });

  it('throws the daemon’s errors as they were', async () => {
    const thrown = new TeammateSyncError('AMBIGUOUS_SESSION', 'two begin with ab', {
      hint: 'more',
      details: ['ab1', 'ab2'],
    });
    const client = await connected(recordingBackend({ shared: () => Promise.reject(thrown) }));
    const error: unknown = await client.call('shared').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TeammateSyncError);
    expect(error).toMatchObject({ ...thrown.toBody(), status: 409 });
  });

  it('says that the daemon is not running, for every sort of absence', async () => {
    const dir = tempDir();
    const { api, socketPath } = await startLocalApi(recordingBackend());
    await api.stop();
    for (const place of [path.join(dir, 'none', 's'), path.join(dir, 's'), socketPath]) {
      const client = createClient({ socketPath: place, version: '1.0.0' });
      await expect(client.call('status')).rejects.toMatchObject({
        code: 'DAEMON_NOT_RUNNING',
        hint: expect.stringContaining('teammate-sync up'),
      });
      await expect(client.read('ada', all)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'DAEMON_NOT_RUNNING',
      });
    }
  });

  it('refuses a request that the daemon would refuse for its length, before it looks for the daemon', async () => {
    const client = createClient({ socketPath: path.join(tempDir(), 'none'), version: '1.0.0' });
    const body = { ...share, cwd: 'x'.repeat(LOCAL_REQUEST_MAX_BYTES) };
    await expect(client.call('share', { body })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

const turn = (text: string): ReadEvent => ({
  type: 'turn',
  turn: {
    source: 'main',
    line: 1,
    uuid: '',
    time: '',
    role: 'user',
    kind: 'prompt',
    content: [{ type: 'text', text }],
  },
});

describe('client.read', () => {
  it('gives the events as they were, of any length and in any script', async () => {
    const events: ReadEvent[] = [turn('ü\u2028🙂\n'), turn('x'.repeat(1_000_000)), { type: 'caughtUp' }];
    const backend = recordingBackend({
      async *read() {
        yield* events;
      },
    });
    const client = await connected(backend);
    const query: ReadQuery = { session: 'ab c&', from: 2, to: 5, follow: true };
    expect(await collect(client.read('@Ada', query))).toEqual(events);
    expect(backend.calls[0]?.slice(0, 3)).toEqual(['read', '@Ada', query]);
  });

  it('throws the daemon’s error, at the start and in the middle after what came before', async () => {
    for (const before of [[], [turn('a'), turn('b')]]) {
      const client = await connected(
        recordingBackend({
          async *read() {
            yield* before;
            throw new TeammateSyncError('NO_LONGER_SHARED', 'over');
          },
        }),
      );
      const seen: ReadEvent[] = [];
      const reading = (async () => {
        for await (const event of client.read('ada', all)) seen.push(event);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'NO_LONGER_SHARED', status: 410 });
      expect(seen).toEqual(before);
    }
  });

  it('ends quietly when its signal aborts or its reader leaves, and tells the daemon', async () => {
    for (const how of ['signal', 'break', 'signal before']) {
      let told = false;
      const backend = recordingBackend({
        async *read(_handle, _query, signal) {
          yield turn('first');
          yield turn('second');
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
          told = true;
        },
      });
      const client = await connected(backend);
      const controller = new AbortController();
      if (how === 'signal before') controller.abort();
      let seen = 0;
      for await (const event of client.read('ada', { ...all, follow: true }, controller.signal)) {
        expect(event).toEqual(turn('first'));
        seen++;
        if (how === 'break') break;
        controller.abort();
      }
      expect(seen).toBe(how === 'signal before' ? 0 : 1);
      if (how === 'signal before') expect(backend.calls).toEqual([]);
      else await until(() => told, { what: `the daemon is told after ${how}` });
    }
  });

  it('aborts also while it waits for the next event', async () => {
    const backend = recordingBackend({
      async *read() {
        yield turn('first');
        await new Promise(() => {});
      },
    });
    const client = await connected(backend);
    const controller = new AbortController();
    const reading = client.read('ada', { ...all, follow: true }, controller.signal)[Symbol.asyncIterator]();
    await reading.next();
    const waiting = reading.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('fails when the daemon stops, also while following', async () => {
    const { api, socketPath } = await startLocalApi(
      recordingBackend({
        async *read() {
          yield turn('first');
          await new Promise(() => {});
        },
      }),
    );
    const client = createClient({ socketPath, version: '1.0.0' });
    const reading = client.read('ada', { ...all, follow: true })[Symbol.asyncIterator]();
    expect(await reading.next()).toEqual({ done: false, value: turn('first') });
    const waiting = reading.next();
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING' }), api.stop()]);
  });
});
