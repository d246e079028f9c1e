/** One running daemon: takes the home's lock, builds and wires the rooms, starts them in order and stops them in reverse. */
import { createLocalApi, type Dashboard, type LocalApi } from '../local-api/index.ts';
import { every, type Timer } from '../platform/clock.ts';
import { acquireHomeLock, type HomeLock } from '../platform/home-lock.ts';
import { ensurePrivateDir, removeUnfinished } from '../platform/private-files.ts';
import type { DashboardResponse } from '../protocol/dashboard.ts';
import { DISCONNECT_DELIVERY_MS } from '../protocol/limits.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { Endings } from './backend/endings.ts';
import { createBackend } from './backend/index.ts';
import { Presences } from './backend/presence.ts';
import { watchClock } from './clock-watch.ts';
import { buildDashboard } from './dashboard/build.ts';
import { endWithConversation } from './end-with-conversation.ts';
import { buildRooms, type Rooms, type Surroundings } from './rooms.ts';
import type { Settings } from './settings.ts';
import { wire } from './wiring.ts';

export interface DaemonOptions {
  settings: Settings;
  surroundings: Surroundings;
}

/** How often it is asked whether an undeliverable disconnect has waited long enough. */
const HOUSEKEEPING_MS = DISCONNECT_DELIVERY_MS / 12;

export class Daemon {
  readonly #options: DaemonOptions;
  #lock: HomeLock | null = null;
  #rooms: Rooms | null = null;
  #api: LocalApi | null = null;
  #dashboard: Dashboard | null = null;
  #timers: Timer[] = [];
  #stopping: Promise<void> | null = null;
  #onStopped = (): void => {};
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void> = new Promise((resolve) => {
    this.#onStopped = resolve;
  });

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  /** The rooms, for tests that look inside; null before start and after stop. */
  get rooms(): Rooms | null {
    return this.#rooms;
  }

  /** Resolves when the local API answers; the network comes up by itself. @throws DAEMON_ALREADY_RUNNING, NOT_SET_UP, … */
  async start(): Promise<void> {
    const { settings, surroundings } = this.#options;
    const { paths } = settings;
    ensurePrivateDir(paths.home);
    ensurePrivateDir(paths.state);
    this.#lock = await acquireHomeLock(paths.lock, surroundings.clock);
    try {
      removeUnfinished(paths.state);
      await this.#startRooms();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Pauses everything: shares stay, recipients keep what they have until their leases run out. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #startRooms(): Promise<void> {
    const { settings, surroundings } = this.#options;
    const rooms = buildRooms(settings, surroundings);
    this.#rooms = rooms;
    const meet = wire(rooms);
    // It keeps why shares ended, also those that ran out while no daemon ran.
    const startedAt = surroundings.clock.now();
    const [endings, presences] = [new Endings(rooms.inbox), new Presences(rooms)];
    const openDashboard = (port: number | null): Promise<DashboardResponse> => dashboard.open(port);
    const down = (): void => void this.stop();
    const backend = createBackend(rooms, { startedAt, endings, presences, down, openDashboard });
    const dashboard = buildDashboard({ rooms, backend, startedAt, endings, presences });
    await rooms.inbox.start();
    await rooms.sharing.start();
    rooms.live.start();
    rooms.turns.start();
    this.#endUnlived(rooms);
    meet();
    rooms.swarm.start();
    const { logger } = surroundings;
    const api = createLocalApi({ socketPath: settings.paths.socket, backend, logger, version: PRODUCT_VERSION });
    this.#api = api;
    await api.start();
    this.#dashboard = dashboard;
    await dashboard.start();
    // Last: GitHub's client is loaded by the first question, and nobody at the keyboard is to wait for that.
    rooms.people.start();
    const note = (error: unknown): void => rooms.notes.add(error, 'device record');
    rooms.ownRecord.renew().catch(note);
    const keepHouse = (): Promise<void> => {
      meet();
      return rooms.ownRecord.renew();
    };
    this.#timers = [every(surroundings.clock, HOUSEKEEPING_MS, keepHouse, note), watchClock(rooms)];
    logger.info('ready', { handle: rooms.self.login, org: settings.org, socket: settings.paths.socket });
  }

  /** Conversations that ended while no daemon ran. */
  #endUnlived(rooms: Rooms): void {
    const { sharing, live, notes } = rooms;
    const over = sharing.list().flatMap(({ id }) => (live.get(id) ? [] : [id]));
    endWithConversation(rooms, over).catch((error: unknown) => notes.add(error, ''));
  }

  async #stop(): Promise<void> {
    const rooms = this.#rooms;
    const quietly = async (stop: () => unknown): Promise<void> => {
      try {
        await stop();
      } catch (error) {
        this.#options.surroundings.logger.warn('stopping', { error });
      }
    };
    for (const timer of this.#timers) timer.cancel();
    await Promise.all([quietly(() => this.#api?.stop()), quietly(() => this.#dashboard?.stop())]);
    if (rooms) {
      await quietly(() => rooms.people.stop());
      await quietly(() => rooms.live.stop());
      await quietly(() => rooms.turns.stop());
      await quietly(() => rooms.receipts.stop());
      await quietly(() => rooms.swarm.stop());
      await quietly(() => rooms.activity.stop());
      await quietly(() => rooms.sharing.stop());
      await quietly(() => rooms.redaction.stop());
      await quietly(() => rooms.indexes.stop());
      await quietly(() => rooms.inbox.stop());
    }
    this.#rooms = null;
    this.#lock?.release();
    this.#onStopped();
  }
}
