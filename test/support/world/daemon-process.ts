/** Starts daemons in processes of their own, steers their clocks and collects their frames. */
import { type ChildProcess, fork } from 'node:child_process';
import { inject } from 'vitest';
import { bundle } from '../node-script.ts';
import { makeTempDir } from '../tmp-dir.ts';
import type { FromDaemon, ToDaemon } from './daemon-messages.ts';
import type { Frame } from './person.ts';

/** The bundled entry, made once for a file of tests; call `remove` when they are over. */
export async function buildDaemonEntry(): Promise<{ entry: string; remove: () => void }> {
  const folder = makeTempDir();
  const entry = await bundle("import './test/support/world/daemon-entry.ts';", folder.path, 'daemon');
  return { entry, remove: folder.remove };
}

export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly #frames: Frame[];
  readonly #exited: Promise<void>;
  #answers: ((message: FromDaemon) => void)[] = [];

  private constructor(child: ChildProcess, frames: Frame[]) {
    this.#child = child;
    this.#frames = frames;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('message', (message: FromDaemon) => this.#receive(message));
  }

  /** Resolves when its local API answers. */
  static async start(entry: string, env: Record<string, string>, frames: Frame[]): Promise<DaemonProcess> {
    const all = { ...process.env, ...env, TEST_REDACTOR: inject('redactor') };
    const child = fork(entry, [], { env: all, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const daemon = new DaemonProcess(child, frames);
    const first = await daemon.#next();
    if (first.type !== 'ready') throw new Error(`the daemon did not start: ${JSON.stringify(first)}`);
    return daemon;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async pass(ms: number): Promise<void> {
    this.#send({ type: 'pass', ms });
    await this.#next();
  }

  async setWall(unixMs: number): Promise<void> {
    this.#send({ type: 'setWall', unixMs });
    await this.#next();
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#send({ type: 'stop' });
    await this.#exited;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #send(message: ToDaemon): void {
    this.#child.send(message);
  }

  #next(): Promise<FromDaemon> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      void this.#exited.then(() => resolve({ type: 'failed', message: 'it exited' }));
    });
  }

  #receive(message: FromDaemon): void {
    if (message.type !== 'frame') return this.#answers.shift()?.(message);
    const { direction, remote, bytes } = message;
    this.#frames.push({ direction, remote, bytes: Buffer.from(bytes, 'base64') });
  }
}
