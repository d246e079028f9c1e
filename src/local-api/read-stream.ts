/** From the backend's events to newline-delimited JSON, as fast as the caller reads and not faster. */
import { asTeammateSyncError, type ErrorBody, TeammateSyncError } from '../errors.ts';
import type { StreamFailure } from '../protocol/local-api-types.ts';

/** The reason to abort with when nobody is left to tell anything to. */
export function callerGone(): TeammateSyncError {
  return new TeammateSyncError('BAD_REQUEST', 'the caller went away');
}

/**
 * Waits for the first event, so that what fails before it becomes the answer's status instead of a line in it.
 * @param stop ends the source, with the TeammateSyncError that the caller is told last as its reason
 * @param report is told of an error that ends the stream
 * @throws what the source throws before its first event
 */
export async function ndjson(
  source: AsyncIterable<object>,
  stop: AbortController,
  report: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = source[Symbol.asyncIterator]();
  const stopped = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(asTeammateSyncError(stop.signal.reason));
    if (stop.signal.aborted) fail();
    else stop.signal.addEventListener('abort', fail, { once: true });
  });
  stopped.catch(() => {});
  // A backend that is slow to notice the signal must not keep the stream open.
  const next = (): Promise<IteratorResult<object>> => Promise.race([iterator.next(), stopped]);
  const abandon = (): void => {
    // Not awaited: a generator that waits for something returns only after that. What it says then concerns nobody.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  };

  let ahead: IteratorResult<object> | null = await next().catch((error: unknown) => {
    abandon();
    throw error;
  });
  let cancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = ahead ?? (await next());
          ahead = null;
          if (done) controller.close();
          else controller.enqueue(line(value));
        } catch (error) {
          abandon();
          if (cancelled) return;
          const failure = asTeammateSyncError(error);
          if (failure.code === 'INTERNAL') report(error);
          controller.enqueue(line({ error: failure.toBody() }));
          controller.close();
        }
      },
      cancel() {
        cancelled = true;
        stop.abort(callerGone());
        abandon();
      },
    },
    { highWaterMark: 0 },
  );
}

function line(event: object | StreamFailure<ErrorBody>): Uint8Array {
  return Buffer.from(`${JSON.stringify(event)}\n`);
}
