/** One request to the daemon, and what its answer says; and its paths. */
import { DASHBOARD_HEADER } from '../../protocol/dashboard.ts';
import { isObject } from '../../protocol/is-object.ts';
import { DashboardError } from './link.ts';
import type { Surroundings } from './surroundings.ts';

export interface Ask {
  method: string;
  path: string;
  body?: unknown;
  /** Of the page's session; null: it has none yet. */
  token: string | null;
  /** Without the cookie. */
  anonymous?: true;
  signal?: AbortSignal;
}

/** @throws DashboardError for an answer that is not 2xx, or none; AbortError when `signal` aborts */
export async function send({ fetch }: Surroundings, asked: Ask): Promise<Response> {
  const { method, path, body, token, anonymous, signal } = asked;
  const headers: Record<string, string> = {};
  if (token !== null) headers[DASHBOARD_HEADER] = token;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: anonymous ? 'omit' : 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw errorOf(await response.json().catch(() => null), response.status);
  return response;
}

export function unreachable(): DashboardError {
  return new DashboardError('DAEMON_NOT_RUNNING', 'the daemon does not answer', 'start it with `teammate-sync up`');
}

/** From `{ error: ErrorBody }`, of an answer or of the last line of a stream. */
export function errorOf(answer: unknown, status: number): DashboardError {
  const error = isObject(answer) ? answer['error'] : null;
  if (!isObject(error)) return new DashboardError('INTERNAL', `the daemon answered with ${status}`, '');
  const { code, message, hint } = error;
  return new DashboardError(textOf(code) || 'INTERNAL', textOf(message), textOf(hint));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface LooseRequest {
  params?: Record<string, string>;
  query?: object;
  body?: unknown;
}

/** Method, path and body of a route of the local API. In a query, what is null or false stays away, true is `1`. */
export function fill(route: string, { params = {}, query = {}, body }: LooseRequest): Omit<Ask, 'token'> {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === false) continue;
    search.set(name, value === true ? '1' : String(value));
  }
  // A POST says what it is also when it has nothing to say.
  const said = method === 'POST' ? { body: body ?? {} } : {};
  return { method, path: search.size === 0 ? path : `${path}?${search.toString()}`, ...said };
}
