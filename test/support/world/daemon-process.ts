/** Starts daemons in processes of their own, steers their clocks and collects their frames. */
import { type ChildProcess, fork } from 'node:child_process';
import { inject } from 'vitest';
import { bundle } from '../node-script.ts';
import { makeTempDir } from '../tmp-dir.ts';
import { BEGINNING, type Beginning, type FromDaemon, type ToDaemon } from './daemon-messages.ts';
import type { Doom } from './mortality.ts';
import type { Frame } from './person.ts';

/** The bundled entry, made once for a file of tests; call `remove` when they are over. */
export async function buildDaemonEntry(): Promise<{ entry: string; remove: () => void }> {
  const folder = makeTempDir();
  const entry = await bundle("import './test/support/world/daemon-entry.ts';", folder.path, 'daemon');
  return { entry, remove: folder.remove };
}

/** It died before it was ready; `death` is the step to which it was doomed. */
export class DiedEarly extends Error {
  readonly death: string | null;

  constructor(message: string, death: string | null) {
    super(message);
    this.death = death;
  }
}

export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly #frames: Frame[];
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** The step at which it killed itself, as doomed. */
  death: string | null = null;
  #answers: ((message: FromDaemon) => void)[] = [];

  private constructor(child: ChildProcess, frames: Frame[]) {
    this.#child = child;
    this.#frames = frames;
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('message', (message: FromDaemon) => this.#receive(message));
  }

  /** Resolves when its local API answers. @throws DiedEarly when it dies before */
  static async start(
    entry: string,
    env: Record<string, string>,
    frames: Frame[],
    beginning: Beginning = {},
  ): Promise<DaemonProcess> {
    const own = { TEST_REDACTOR: inject('redactor'), [BEGINNING]: JSON.stringify(beginning) };
    const all = { ...process.env, ...env, ...own };
    const child = fork(entry, [], { env: all, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const daemon = new DaemonProcess(child, frames);
    const first = await daemon.#next();
    if (first.type === 'ready') return daemon;
    throw new DiedEarly(`the daemon did not start: ${JSON.stringify(first)}`, daemon.death);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async pass(ms: number): Promise<void> {
    await this.#steer({ type: 'pass', ms });
  }

  async setWall(unixMs: number): Promise<void> {
    await this.#steer({ type: 'setWall', unixMs });
  }

  /** Time stands still for it, but for what {@link pass} lets pass. */
  async hold(): Promise<void> {
    await this.#steer({ type: 'hold' });
  }

  async release(): Promise<void> {
    await this.#steer({ type: 'release' });
  }

  /** It is to die at that step. */
  async doom(doom: Doom): Promise<void> {
    await this.#steer({ type: 'doom', doom });
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#send({ type: 'stop' });
    await this.exited;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Resolves when it was done, or when it is dead. */
  async #steer(message: ToDaemon): Promise<void> {
    if (!this.#child.connected) return;
    this.#send(message);
    await this.#next();
  }

  #send(message: ToDaemon): void {
    // Of a process that dies in this moment nothing is known until it has exited.
    this.#child.send(message, () => {});
  }

  #next(): Promise<FromDaemon> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      void this.exited.then(() => resolve({ type: 'failed', message: 'it exited' }));
    });
  }

  #receive(message: FromDaemon): void {
    if (message.type === 'dying') {
      this.death = `${message.kind}: ${message.what}`;
      return;
    }
    if (message.type !== 'frame') return this.#answers.shift()?.(message);
    const { direction, remote, bytes } = message;
    this.#frames.push({ direction, remote, bytes: Buffer.from(bytes, 'base64') });
  }
}
