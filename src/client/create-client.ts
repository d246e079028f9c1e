/** The client: which route to ask for, how long to wait, when to give up. */
import { TeammateSyncError } from '../errors.ts';
import { CALLER_HEADER, encodeCaller } from '../protocol/caller.ts';
import { LOCAL_CALL_TIMEOUT_MS, LOCAL_REQUEST_MAX_BYTES } from '../protocol/limits.ts';
import { type RouteName, routes } from '../protocol/local-api.ts';
import { READER_HEADER } from '../protocol/reader.ts';
import type { CallRoute, RouteTypes, StreamRoute } from '../protocol/local-api-types.ts';
import { readParametersOf } from '../protocol/local-requests.ts';
import { checkVersion, readLines, readObject } from './answer.ts';
import type { Wait } from './bytes-in.ts';
import type { CallArguments, Client, ClientOptions } from './client.ts';
import { type Exchange, exchange } from './exchange.ts';
import { interrupted, malformed, timedOut } from './failures.ts';

/** What a person needs to get out of a version skew works across versions. */
const ACROSS_VERSIONS: ReadonlySet<RouteName> = new Set(['status', 'down']);

interface LooseRequest {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

/** Makes a client; nothing is opened before its first call, and each call has a connection of its own. */
export function createClient(options: ClientOptions): Client {
  const { socketPath, version, timeoutMs = LOCAL_CALL_TIMEOUT_MS, caller, reader, signal: cancelled } = options;
  const headers = caller === undefined ? [] : [`${CALLER_HEADER}: ${encodeCaller(caller)}`];
  if (reader !== undefined) headers.push(`${READER_HEADER}: ${reader}`);

  function open(route: RouteName, request: LooseRequest, wait: Wait = (bytes) => bytes): Exchange {
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    if (body !== null && Buffer.byteLength(body) > LOCAL_REQUEST_MAX_BYTES) {
      throw new TeammateSyncError('BAD_REQUEST', `${route}: longer than ${LOCAL_REQUEST_MAX_BYTES} bytes`);
    }
    const [method = '', template = ''] = routes[route].split(' ');
    return exchange({ socketPath, method, path: fillPath(template, request), headers, body, wait });
  }

  async function call<R extends CallRoute>(
    route: R,
    ...[request]: CallArguments<R>
  ): Promise<RouteTypes[R]['response']> {
    if (cancelled?.aborted) throw interrupted(route);
    const running = open(route, request ?? {});
    const onCancel = (): void => running.end(interrupted(route));
    cancelled?.addEventListener('abort', onCancel, { once: true });
    // One bound for all of it: an answer that drips in for ever is none.
    const timer = setTimeout(() => running.end(timedOut(route, timeoutMs)), timeoutMs);
    try {
      const response = await running.answer;
      checkVersion(response, version, ACROSS_VERSIONS.has(route));
      const answer = await readObject(response);
      // The same user's daemon of the same API version: its shapes are what the types say.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return answer as RouteTypes[R]['response'];
    } catch (error) {
      throw running.failure(error);
    } finally {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', onCancel);
      running.end(null);
    }
  }

  /** @param patient it has no end of its own: only its caller gives it up */
  async function* stream<R extends StreamRoute>(
    name: R,
    request: LooseRequest,
    patient: boolean,
    given?: AbortSignal,
  ): AsyncGenerator<RouteTypes[R]['response']> {
    const signals = [given, cancelled].filter((one) => one !== undefined);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    if (signal?.aborted) return;
    // The bound is on the daemon, so it runs only while we wait for it, not while our reader takes its time.
    const wait: Wait = (bytes) => {
      if (patient) return bytes;
      const timer = setTimeout(() => running.end(timedOut(name, timeoutMs)), timeoutMs);
      return bytes.finally(() => clearTimeout(timer));
    };
    const running = open(name, request, wait);
    const onAbort = (): void => running.end(null);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const response = await running.answer;
      checkVersion(response, version, false);
      for await (const event of readLines(response)) {
        if (signal?.aborted) return;
        if (!('type' in event) || typeof event.type !== 'string') throw malformed('an event without a type');
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as for answers
        yield event as RouteTypes[R]['response'];
      }
    } catch (error) {
      if (!signal?.aborted) throw running.failure(error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      running.end(null);
    }
  }

  return {
    call,
    read: (handle, query, signal) =>
      stream('read', { params: { handle }, query: readParametersOf(query) }, query.follow, signal),
    // Its own bound is longer than that of a call.
    answer: (body, signal) => stream('answer', { body }, true, signal),
    doctor: (signal) => stream('doctor', {}, true, signal),
    outline: (body, signal) => stream('outline', { body }, body.follow, signal),
  };
}

function fillPath(template: string, { params = {}, query = {} }: LooseRequest): string {
  const path = template.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}
