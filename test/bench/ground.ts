/**
 * What a section measures on: a workspace of real processes on loopback, and the processes of the floors beside it. All
 * of it is ended, by its ids, and removed with the ground, however the section ended.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Programs } from '../support/product.ts';
import { type ClaudeProcess, type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { CommandProcess, type PeerProcess } from './command-process.ts';
import type { CrowdCommands } from './crowd/crowd.ts';
import { poll } from './wait.ts';

export interface BenchPrograms extends Programs {
  daemon: string;
  peer: string;
  loopProbe: string;
  crowd: string;
}

const MEET_MS = 60_000;

/** Two raw peers that have met, and one that only writes. */
export interface Floors {
  writer: PeerProcess;
  owner: PeerProcess;
  reader: PeerProcess;
}

export class Ground {
  readonly world: ProcessWorld;
  readonly programs: BenchPrograms;
  readonly #children = new Set<{ kill(): unknown }>();
  #closing: Promise<void> | null = null;

  private constructor(world: ProcessWorld, programs: BenchPrograms) {
    this.world = world;
    this.programs = programs;
  }

  static async start(programs: BenchPrograms): Promise<Ground> {
    return new Ground(await ProcessWorld.start(programs), programs);
  }

  /** Two members of the workspace whose daemons run and have met. */
  async pair(): Promise<{ owner: Machine; recipient: Machine }> {
    const [owner, recipient] = [await this.world.person('marie'), await this.world.person('sam')];
    for (const args of [['init', '--org', ORG, '--yes'], ['up']]) {
      this.check();
      await Promise.all([owner.ok(args), recipient.ok(args)]);
    }
    this.check();
    return { owner, recipient };
  }

  /** The recipient accepts what the owner shares; resolves when the turns so far are on the recipient's machine. */
  async shareOnce(owner: Machine, recipient: Machine, claude: ClaudeProcess, turns: number): Promise<void> {
    await share(owner, recipient, claude);
    await recipient.client.call('accept', { body: { handle: owner.login } });
    await poll(
      async () => {
        const { sessions } = await recipient.client.call('inbox', { params: { handle: owner.login } });
        return sessions.some((s) => s.session === claude.session && s.fetched >= turns) ? true : null;
      },
      { what: 'the shared session to arrive', everyMs: 20, timeoutMs: MEET_MS },
    );
  }

  /** Processes of the floors; `owner` and `reader` have met on the DHT of this ground. */
  async floors(): Promise<Floors> {
    const writer = await this.peer();
    const owner = await this.peer();
    const reader = await this.peer();
    const topic = randomBytes(32).toString('hex');
    const bootstrap = this.bootstrap;
    await owner.call('join', { bootstrap, topic, role: 'owner' });
    await reader.call('join', { bootstrap, topic, role: 'reader' });
    return { writer, owner, reader };
  }

  get bootstrap(): { host: string; port: number }[] {
    return this.world.bootstrap.split(',').map((node) => {
      const [host = '', port] = node.split(':');
      return { host, port: Number(port) };
    });
  }

  async peer(): Promise<PeerProcess> {
    this.check();
    return CommandProcess.start(this.programs.peer, (peer) => this.#children.add(peer));
  }

  /** A process for many daemons. */
  async crowd(): Promise<CommandProcess<CrowdCommands>> {
    this.check();
    return CommandProcess.start(this.programs.crowd, (crowd) => this.#children.add(crowd));
  }

  /** A process that ends with this ground. */
  adopt<C extends ChildProcess>(child: C): C {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** A path in the folder that goes away with this ground. */
  file(name: string): string {
    return path.join(this.world.folder, name);
  }

  /** @throws Error once it is being closed: nothing is started any more */
  check(): void {
    if (this.#closing) throw new Error('stopped');
  }

  /** Ends every process at once, without waiting: also for exit handlers. */
  end(): void {
    for (const child of this.#children) child.kill();
    this.world.end();
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      for (const child of this.#children) child.kill();
      await this.world.close();
    })();
    return this.#closing;
  }
}

/** The owner shares with the recipient; resolves when the invite is on the recipient's machine. */
export async function share(owner: Machine, recipient: Machine, claude: ClaudeProcess): Promise<void> {
  const { session, cwd } = claude;
  const to = [recipient.login];
  await owner.client.call('share', { body: { session, cwd, to, note: null, fromNow: false, withThinking: false } });
  await poll(async () => ((await recipient.client.call('connections')).pendingIn.length > 0 ? true : null), {
    what: 'the invite to arrive',
    everyMs: 20,
    timeoutMs: MEET_MS,
  });
}

/** Makes grounds, one after the other, and ends the one that is there. */
export class Grounds {
  readonly #programs: BenchPrograms;
  #starting: Promise<Ground> | null = null;
  #current: Ground | null = null;
  #closed = false;

  constructor(programs: BenchPrograms) {
    this.#programs = programs;
  }

  /** A ground for as long as `work` takes. */
  async use<T>(work: (ground: Ground) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('stopped');
    this.#starting = Ground.start(this.#programs);
    const ground = await this.#starting;
    this.#current = ground;
    try {
      return await work(ground);
    } finally {
      await ground.close();
    }
  }

  /** Nothing is started after this, and nothing is left when it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.then(
      (ground) => ground.close(),
      () => {},
    );
  }

  end(): void {
    this.#current?.end();
  }
}
