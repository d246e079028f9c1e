/** Holds the link: opens it, takes the parts as they come, and comes back when it was lost. */
import { type Signal, signal } from '@preact/signals';
import { PAGE_PATHS, type PartEvent, type PartName, PARTS, type PartTypes } from '../../protocol/dashboard.ts';
import { isObject } from '../../protocol/is-object.ts';
import { routes } from '../../protocol/local-api.ts';
import { PRODUCT_VERSION_HEADER } from '../../protocol/local-api-types.ts';
import { eventData, jsonLines } from './lines.ts';
import { DashboardError, type Link, type LinkState } from './link.ts';
import { PageSession } from './page-session.ts';
import { fill, send, unreachable } from './request.ts';
import { browser, type Surroundings } from './surroundings.ts';

/** Between tries to come back. */
const BACK_OFF_MS = [500, 1000, 2000, 5000] as const;
/** So often a hidden page looks whether it is shown again, if nothing says so. */
const HIDDEN_MS = 60_000;

type Parts = { [P in PartName]: Signal<PartTypes[P] | null> };

/** Opens it at once; it never throws, `state` says how it goes. */
export function openLink(page: Surroundings = browser()): Link {
  const session = new PageSession(page);
  const state = signal<LinkState>({ is: 'opening', since: page.now(), why: null });
  const version = signal<string | null>(null);
  const parts = emptyParts();

  function turn(is: LinkState['is'], why: string | null = null): void {
    if (state.peek().is !== is || state.peek().why !== why) state.value = { is, since: page.now(), why };
  }

  let stop = new AbortController();
  // Of hidden pages, too, a browser counts the connections, and allows six to one origin.
  page.onVisibility(() => {
    if (page.isHidden()) stop.abort();
  });

  /** Until the stream ends or the page is hidden. */
  async function follow(): Promise<void> {
    stop = new AbortController();
    const asked = { method: 'GET', path: PAGE_PATHS.events, token: session.token, signal: stop.signal };
    try {
      const response = await send(page, asked);
      version.value = response.headers.get(PRODUCT_VERSION_HEADER);
      for await (const event of eventData(response)) {
        turn('live');
        if (isPart(event)) setPart(parts, event);
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  }

  async function run(): Promise<void> {
    await session.open();
    for (let tries = 0; ; tries++) {
      while (page.isHidden()) await page.wait(HIDDEN_MS);
      try {
        if (tries > 0) await session.resume();
        tries = 0;
        await follow();
      } catch (error) {
        if (isFinal(error)) throw error;
      }
      if (!page.isHidden()) turn('reconnecting', 'the daemon does not answer');
      await page.wait(BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 0);
    }
  }

  run().catch((error: unknown) => {
    const known = error instanceof DashboardError ? error : new DashboardError('INTERNAL', String(error), '');
    turn('closed', known.hint === '' ? known.message : `${known.message} To go on, ${known.hint}.`);
  });

  function token(): string {
    // A page that has lost its daemon tells nobody anything: another program may have taken the port.
    if (state.peek().is !== 'live' || session.token === null) throw unreachable();
    return session.token;
  }

  return {
    state,
    parts,
    version,
    async call(name, request, aborts) {
      const asked = { ...fill(routes[name], request), token: token() };
      const response = await send(page, aborts ? { ...asked, signal: aborts } : asked);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own daemon's answer, as in src/client
      return (await response.json()) as never;
    },
    async *stream(name, request, aborts) {
      try {
        const response = await send(page, { ...fill(routes[name], request), token: token(), signal: aborts });
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        for await (const event of jsonLines(response)) yield event as never;
      } catch (error) {
        if (!aborts.aborted) throw error instanceof DashboardError ? error : unreachable();
      }
    },
  };
}

/** It does not come back by itself. */
function isFinal(error: unknown): boolean {
  return !(error instanceof DashboardError) || error.code !== 'DAEMON_NOT_RUNNING';
}

function emptyParts(): Parts {
  return {
    status: signal<PartTypes['status'] | null>(null),
    sessions: signal<PartTypes['sessions'] | null>(null),
    shared: signal<PartTypes['shared'] | null>(null),
    connections: signal<PartTypes['connections'] | null>(null),
    teammates: signal<PartTypes['teammates'] | null>(null),
    inbox: signal<PartTypes['inbox'] | null>(null),
    activity: signal<PartTypes['activity'] | null>(null),
  };
}

function isPart(event: unknown): event is PartEvent {
  return isObject(event) && PARTS.some((part) => part === event['part']);
}

function setPart(parts: Parts, { part, value }: PartEvent): void {
  const kept: Signal<unknown> = parts[part];
  kept.value = value;
}
