/** The dashboard's listener: on loopback alone, opened when somebody wishes for it, and again after a restart. */
import fs from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TeammateSyncError } from '../../errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { DashboardResponse } from '../../protocol/dashboard.ts';
import { PAGE_CODE_MS, PAGE_CONNECTIONS_MAX, PAGE_REQUEST_MS } from '../../protocol/limits.ts';
import type { Backend } from '../backend.ts';
import { versionHeaders } from '../server.ts';
import { createServing, type Serving } from '../serving.ts';
import { createPageApp } from './app.ts';
import { hostOf } from './checks.ts';
import type { PartsFeed } from './event-stream.ts';
import { PAGE_HEADERS } from './headers.ts';
import { type KeptPage, readKept, writeKept } from './kept.ts';
import { Pages } from './pages.ts';
import { isOwnUser } from './peer-user.ts';

export interface DashboardOptions {
  backend: Backend;
  parts: PartsFeed;
  logger: Logger;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  version: string;
  /** Folder of the page's files, ending in `/`. */
  files: URL;
  /** Where it is kept which pages are open: a private file. */
  keptAt: string;
  /** For a whole request; tests set it low. PAGE_REQUEST_MS by default. */
  requestMs?: number;
}

/** Of one request's head: a cookie, a token and little else. */
const HEADER_MAX_BYTES = 8 * 1024;

export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #pages: Pages;
  #serving: Serving | null = null;
  #port = 0;
  #opening: Promise<void> = Promise.resolve();

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#pages = new Pages({ clock, random, save: (pages) => this.#keep(pages) });
  }

  /** Listens again where pages of an earlier run wait for it, if there are any. Never throws: nothing depends on it. */
  async start(): Promise<void> {
    const { keptAt, logger } = this.#options;
    const kept = readKept(keptAt);
    this.#pages.restore(kept?.pages ?? []);
    try {
      if (kept && this.#pages.kept.length > 0) await this.#listen(kept.port);
      else fs.rmSync(keptAt, { force: true });
    } catch (error) {
      // Whoever has that port now would be told what belongs to these pages, were they ever trusted there again.
      this.#pages.restore([]);
      fs.rmSync(keptAt, { force: true });
      logger.warn('the dashboard does not come back', { error });
    }
  }

  /**
   * An address that opens a page once, within PAGE_CODE_MS.
   * @param port null: where it listens already, else any. @throws PORT_TAKEN
   */
  async open(port: number | null): Promise<DashboardResponse> {
    // One after the other: two at once would both listen.
    const opening = this.#opening.catch(() => {}).then(() => this.#listen(port));
    this.#opening = opening;
    await opening;
    const code = this.#pages.newCode();
    const until = new Date(this.#options.clock.now() + PAGE_CODE_MS).toISOString();
    return { url: `http://${hostOf(this.#port)}/#code=${code}`, port: this.#port, until };
  }

  async stop(): Promise<void> {
    await this.#opening.catch(() => {});
    await this.#serving?.stop();
    this.#serving = null;
  }

  async #listen(port: number | null): Promise<void> {
    if (this.#serving && (port === null || port === this.#port)) return;
    const { version, logger, requestMs = PAGE_REQUEST_MS } = this.#options;
    const streams = new Set<AbortController>();
    const app = createPageApp({ ...this.#options, streams, pages: this.#pages, port: () => this.#port });
    const serving = createServing({
      answer: (request, env) => app.fetch(request, env),
      streams,
      headers: { ...versionHeaders(version), ...PAGE_HEADERS },
      server: {
        maxHeaderSize: HEADER_MAX_BYTES,
        headersTimeout: requestMs,
        requestTimeout: requestMs,
        connectionsCheckingInterval: requestMs / 4,
      },
    });
    serving.server.maxConnections = PAGE_CONNECTIONS_MAX;
    serving.server.on('connection', (socket) => {
      if (!isOwnUser(socket)) socket.destroy();
    });
    const bound = await bind(serving.server, port ?? 0);
    // Another port was named: the pages on the one before have lost their daemon.
    await this.#serving?.stop();
    this.#serving = serving;
    this.#port = bound;
    this.#keep(this.#pages.kept);
    logger.info('dashboard listens', { port: bound });
  }

  #keep(pages: KeptPage[]): void {
    writeKept(this.#options.keptAt, { port: this.#port, pages });
  }
}

/** On IPv4's loopback alone: what answers at `::1` or at the name `localhost` may be somebody else's. */
function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      reject(
        new TeammateSyncError('PORT_TAKEN', `the dashboard cannot listen on port ${port}: ${cause.message}`, { cause }),
      );
    };
    server.once('error', failed);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', failed);
      const address = server.address() as AddressInfo;
      resolve(address.port);
    });
  });
}
