/** What the page has of the daemon: its state as it changes, and what can be asked of it. */
import type { ReadonlySignal } from '@preact/signals';
import type { PageCall, PageStream, PartName, PartTypes } from '../../protocol/dashboard.ts';
import type { RouteTypes } from '../../protocol/local-api-types.ts';

export interface LinkState {
  /** opening: nothing is here yet · closed: it does not come back by itself, `why` says what to type. */
  is: 'opening' | 'live' | 'reconnecting' | 'closed';
  /** Unix milliseconds. */
  since: number;
  why: string | null;
}

export interface Link {
  state: ReadonlySignal<LinkState>;
  /** Null: not here yet. While the daemon is away the last one stays. */
  parts: { readonly [P in PartName]: ReadonlySignal<PartTypes[P] | null> };
  /** Of the daemon, as its answers say it; null: none has come. */
  version: ReadonlySignal<string | null>;
  /** @throws DashboardError; AbortError when `signal` aborts */
  call<R extends PageCall>(
    name: R,
    request: RouteTypes[R]['request'],
    signal?: AbortSignal,
  ): Promise<RouteTypes[R]['response']>;
  /** Ends when the stream does or `signal` aborts. @throws DashboardError */
  stream<R extends PageStream>(
    name: R,
    request: RouteTypes[R]['request'],
    signal: AbortSignal,
  ): AsyncIterable<RouteTypes[R]['response']>;
}

/** What the daemon refused, or why it could not be asked: in words for a person. */
export class DashboardError extends Error {
  readonly code: string;
  /** What to do; '' when there is nothing. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.name = 'DashboardError';
    this.code = code;
    this.hint = hint;
  }
}
