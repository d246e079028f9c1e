/** A process that does what the bench tells it over IPC, as the bench holds it; the other end is serve-commands.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { PeerCommands } from './peer/peer.ts';
import type { Commands } from './serve-commands.ts';
import { within } from './wait.ts';

const START_MS = 20_000;
const CALL_MS = 240_000;

/** One of the floors. */
export type PeerProcess = CommandProcess<PeerCommands>;

interface Answer {
  id?: number;
  result?: unknown;
  error?: string;
  event?: string;
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class CommandProcess<All extends Commands> {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #ready: Promise<unknown>;
  #ended: Error | null = null;
  #ids = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.#ready = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    child.on('message', (answer: Answer) => this.#take(answer));
    child.once('error', (error) => this.#end(error));
    child.once('exit', (code, signal) => this.#end(new Error(`a process of the bench ended: ${code ?? signal}`)));
  }

  /** @param file the built program; `onSpawn` is told of the process before it is ready */
  static async start<All extends Commands>(
    file: string,
    onSpawn: (peer: CommandProcess<All>) => void,
  ): Promise<CommandProcess<All>> {
    const stdio: ('ignore' | 'inherit' | 'ipc')[] = ['ignore', 'ignore', 'inherit', 'ipc'];
    // Detached: Ctrl-C in the terminal is for the bench alone, which then ends the others.
    const peer = new CommandProcess<All>(spawn(process.execPath, [file], { stdio, detached: true, windowsHide: true }));
    onSpawn(peer);
    await within(peer.#ready, START_MS, 'a process of the bench to start');
    return peer;
  }

  /** @throws Error what the command threw there, or when it takes longer than `timeoutMs` */
  async call<C extends keyof All & string>(
    command: C,
    ...request: Parameters<All[C]>
  ): Promise<Awaited<ReturnType<All[C]>>>;
  async call(command: string, request?: unknown): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#ids;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#child.send({ id, command, request });
    return within(answer, CALL_MS, `the answer to ${command}`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #take({ id = 0, result, error }: Answer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(new Error(error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
