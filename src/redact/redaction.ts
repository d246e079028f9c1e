/**
 * The daemon's redaction thread. Reading, parsing, masking and serialising a long transcript takes seconds of computing,
 * during which the daemon's own thread must answer people, peers and its local API.
 */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../platform/clock.ts';
import { REDACTION_ANSWER_MS, REDACTION_HEAP_MAX_BYTES, REDACTION_IDLE_MS } from '../protocol/limits.ts';
import { RedactedSource, ThreadGone } from './redacted-source.ts';
import type { FromThread, SourceOptions, ToThread } from './thread-messages.ts';

export interface RedactionOptions {
  /** The built file that the thread runs. */
  file: string | URL;
  clock: Clock;
}

/** A small young generation costs little time here, and keeps the daemon small. */
const YOUNG_GENERATION_MB = 8;

/** In how many steps the time for an answer is counted. */
const ANSWER_STEPS = 10;

/** One per daemon. The thread is started when the first transcript is opened, and again when it died. */
export class Redaction {
  readonly #options: RedactionOptions;
  #worker: Worker | null = null;
  #sources = new Map<number, RedactedSource>();
  #ids = 0;
  #idle: Timer | null = null;
  /** Answers so far, and the timer that looks whether there were any. */
  #answers = 0;
  #watch: Timer | null = null;
  #stopped = false;

  constructor(options: RedactionOptions) {
    this.#options = options;
  }

  /** Whether the thread runs. */
  get running(): boolean {
    return this.#worker !== null;
  }

  /** Opens a transcript in the thread. @throws ThreadGone after {@link stop} */
  open(options: SourceOptions): RedactedSource {
    if (this.#stopped) throw new ThreadGone('redaction has stopped');
    this.#idle?.cancel();
    const worker = (this.#worker ??= this.#start());
    const tell = (message: ToThread): void => {
      worker.postMessage(message, []);
      if (message.type === 'read') this.#watchOver(worker);
    };
    const source = new RedactedSource(++this.#ids, tell, ({ id }) => {
      if (this.#sources.delete(id)) tell({ type: 'close', id });
      if (this.#sources.size === 0) this.#endWhenIdle();
    });
    this.#sources.set(source.id, source);
    tell({ type: 'open', id: source.id, ...options });
    return source;
  }

  /** Ends the thread; resolves when it has ended. What is under way is lost. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#idle?.cancel();
    const worker = this.#worker;
    this.#lose('redaction has stopped');
    await worker?.terminate();
  }

  #start(): Worker {
    // Nothing of the environment: it holds tokens, and options for the daemon's own thread.
    const worker = new Worker(this.#options.file, {
      env: {},
      execArgv: [],
      // Whatever a transcript holds: beyond it the thread ends, and nothing else.
      resourceLimits: {
        maxOldGenerationSizeMb: REDACTION_HEAP_MAX_BYTES / 2 ** 20,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    });
    worker.on('message', (message: FromThread) => this.#take(worker, message));
    const ended = (why: string): void => {
      if (this.#worker === worker) this.#lose(why);
    };
    // What it says may quote the transcript; its kind says enough.
    worker.on('error', (error) => ended(`the redaction thread failed: ${kindOf(error)}`));
    worker.on('messageerror', () => this.#end(worker, 'the redaction thread sent what cannot be read'));
    worker.on('exit', () => ended('the redaction thread ended'));
    // After the listeners: one for messages would take it back.
    worker.unref();
    return worker;
  }

  #take(worker: Worker, message: FromThread): void {
    if (this.#worker !== worker) return;
    this.#answers++;
    const source = this.#sources.get(message.id);
    if (message.type === 'read') source?.answered(message);
    else source?.failed(message.code, message.message);
  }

  /**
   * Ends a thread that hangs. Looked at in steps, so that a machine that sleeps or a clock that jumps is one step: the
   * thread had no time to answer meanwhile.
   */
  #watchOver(worker: Worker, silentSteps = 0): void {
    const before = this.#answers;
    this.#watch ??= this.#options.clock.after(REDACTION_ANSWER_MS / ANSWER_STEPS, () => {
      this.#watch = null;
      if (![...this.#sources.values()].some((source) => source.waiting)) return;
      const silent = this.#answers === before ? silentSteps + 1 : 0;
      if (silent === ANSWER_STEPS) this.#end(worker, 'the redaction thread did not answer');
      else this.#watchOver(worker, silent);
    });
  }

  #end(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#lose(why);
    void worker.terminate();
  }

  /** Forgets the thread and all that was open in it. */
  #lose(why: string): void {
    this.#worker = null;
    this.#watch?.cancel();
    this.#watch = null;
    const lost = [...this.#sources.values()];
    this.#sources.clear();
    for (const source of lost) source.lost(new ThreadGone(why));
  }

  #endWhenIdle(): void {
    this.#idle?.cancel();
    const worker = this.#worker;
    if (!worker || this.#stopped) return;
    const end = (): void => this.#end(worker, 'the redaction thread was idle');
    this.#idle = this.#options.clock.after(REDACTION_IDLE_MS, end);
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
