/** One person with a machine: a home, a clock, a daemon that can be stopped and started, and Claude Code conversations. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { inject } from 'vitest';
import { createClient, type Client } from '../../../src/client/index.ts';
import { Daemon, loadSettings, pathsOf, setUp } from '../../../src/daemon/index.ts';
import type { Rooms } from '../../../src/daemon/index.ts';
import type { Logger } from '../../../src/platform/logger.ts';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import type { ReadEvent } from '../../../src/protocol/local-api.ts';
import type { Turn } from '../../../src/protocol/turn.ts';
import { PRODUCT_VERSION } from '../../../src/protocol/version.ts';
import { typing } from '../typing.ts';
import { unattended } from '../unattended.ts';
import { SteerableClock } from '../steerable-clock.ts';
import { FakeClaude } from './fake-claude.ts';

export interface PersonOptions {
  login: string;
  /** An empty folder of their own. */
  folder: string;
  token: string;
  github: string;
  bootstrap: string;
  org: string;
}

/** A decrypted frame on one of this person's connections. */
export interface Frame {
  direction: 'in' | 'out';
  remote: string;
  bytes: Buffer;
}

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silent,
};

export class Person {
  readonly login: string;
  readonly clock = new SteerableClock();
  /** Every decrypted frame of every connection since the daemon first started. */
  readonly frames: Frame[] = [];
  /** Messages on this person's desktop. */
  readonly desktop: string[] = [];
  readonly env: Record<string, string>;
  /** Session cores that the daemon may have open at once, from its next start on; the product's bound by default. */
  coresOpenMax: number | null = null;
  /** Devices of contacts that it announces to at once, as above. */
  contactDevicesMax: number | null = null;
  readonly #options: PersonOptions;
  readonly #claudes: FakeClaude[] = [];
  #daemon: Daemon | null = null;

  constructor(options: PersonOptions) {
    this.#options = options;
    this.login = options.login;
    this.env = {
      HOME: options.folder,
      TEAMMATE_SYNC_HOME: path.join(options.folder, 'home'),
      TEAMMATE_SYNC_GITHUB_API: options.github,
      TEAMMATE_SYNC_BOOTSTRAP: options.bootstrap,
      GH_TOKEN: options.token,
    };
  }

  get home(): string {
    return path.join(this.#options.folder, 'home');
  }

  get folder(): string {
    return this.#options.folder;
  }

  get client(): Client {
    return createClient({ socketPath: pathsOf(this.env).socket, version: PRODUCT_VERSION, caller: typing });
  }

  get running(): boolean {
    return (this.#daemon?.rooms ?? null) !== null;
  }

  /** Rooms of the running daemon. */
  get rooms(): Rooms {
    const rooms = this.#daemon?.rooms;
    if (!rooms) throw new Error(`${this.login}'s daemon does not run`);
    return rooms;
  }

  /** Topics that this person has joined, hex, over all open epochs. */
  joined(): string[] {
    return this.rooms.swarm.nodes.flatMap((node) => [...node.swarm.topics()].map((d) => d.topic.toString('hex')));
  }

  /** Public halves of the Noise keys in use, hex. */
  transportKeys(): string[] {
    return this.rooms.swarm.nodes.map((node) => node.swarm.keyPair.publicKey.toString('hex'));
  }

  /** DHT nodes in use. */
  nodes(): { address(): { host: string; port: number } | null }[] {
    return this.rooms.swarm.nodes.map((node) => node.dht);
  }

  async init(): Promise<void> {
    const random = (n: number): Uint8Array => randomBytes(n);
    await setUp({ ...unattended, org: this.#options.org, env: this.env, clock: this.clock, random });
  }

  async start(): Promise<void> {
    const surroundings = {
      env: this.env,
      clock: this.clock,
      random: (n: number): Uint8Array => randomBytes(n),
      processes: systemProcesses,
      logger: silent,
      tap: (frame: Frame): void => void this.frames.push(frame),
      redactor: inject('redactor'),
      page: inject('page'),
      // As often as about anybody: a round of all is then soon over.
      githubKnownMs: 0,
      showOnDesktop: (text: string): void => void this.desktop.push(text),
      ...(this.coresOpenMax === null ? {} : { coresOpenMax: this.coresOpenMax }),
      ...(this.contactDevicesMax === null ? {} : { contactDevicesMax: this.contactDevicesMax }),
    };
    this.#daemon = new Daemon({ settings: loadSettings(pathsOf(this.env), null), surroundings });
    await this.#daemon.start();
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = null;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** A conversation in `project`; its process is a real one. */
  async claude(project = 'proj'): Promise<FakeClaude> {
    const claude = new FakeClaude({ folder: this.#options.folder, project, client: () => this.client });
    this.#claudes.push(claude);
    await claude.begin();
    return claude;
  }

  async share(
    claude: FakeClaude,
    ...to: string[]
  ): Promise<import('../../../src/protocol/local-api.ts').ShareResponse> {
    const body = { session: claude.session, cwd: claude.cwd, to, note: null, fromNow: false, withThinking: false };
    return this.client.call('share', { body });
  }

  accept(handle: string): Promise<unknown> {
    return this.client.call('accept', { body: { handle } });
  }

  /** Everything of a session that can be read now. */
  async read(handle: string, session: string | null = null): Promise<ReadEvent[]> {
    const events: ReadEvent[] = [];
    const query = { session, from: null, to: null, follow: false };
    const signal = AbortSignal.timeout(120_000);
    for await (const event of this.client.read(handle, query, signal)) events.push(event);
    // What came until then is not all of it.
    signal.throwIfAborted();
    return events;
  }

  async turns(handle: string, session: string | null = null): Promise<Turn[]> {
    const events = await this.read(handle, session);
    return events.flatMap((e) => (e.type === 'turn' ? [e.turn] : []));
  }

  /** The texts of a session, for comparing. */
  async texts(handle: string, session: string | null = null): Promise<string[]> {
    const turns = await this.turns(handle, session);
    return turns.flatMap((t) => t.content.flatMap((p) => (p.type === 'text' ? [p.text] : [])));
  }

  async close(): Promise<void> {
    for (const claude of this.#claudes) claude.kill();
    await this.stop();
  }
}
