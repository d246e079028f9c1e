/**
 * What runs in the redaction thread: it reads transcripts, and only entries without the known secrets go back. It holds
 * each transcript open between reads. Whatever goes wrong in here but a file that cannot be read ends the thread: then
 * nothing comes out of it at all.
 */
import type { MessagePort } from 'node:worker_threads';
import { TeammateSyncError } from '../errors.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import { redactedEntries, redactedEntry, titleTurn } from './entry.ts';
import { createRedactor, type Redactor } from './redactor.ts';
import type { FromThread, ReadAnswer, SourceOptions, ToThread } from './thread-messages.ts';

/** A transcript as `capture` opens it. */
export interface TurnSource {
  read(): Promise<{ turns: Turn[]; caughtUp: boolean; bytesBehind: number; reset: string | null }>;
  title(): string | null;
  close(): void;
}

export type OpenTurnSource = (options: Pick<SourceOptions, 'path' | 'resume'>) => TurnSource;

class ThreadSource {
  readonly #source: TurnSource;
  readonly #redactor: Redactor;
  readonly #withThinking: boolean;
  #title: string | null;
  #mainLine: number;
  /** Reads are answered one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(open: OpenTurnSource, { path, resume, title, key, withThinking }: SourceOptions) {
    this.#source = open({ path, resume });
    this.#redactor = createRedactor({ key });
    this.#withThinking = withThinking;
    this.#title = title;
    this.#mainLine = resume.get(MAIN_SOURCE)?.line ?? 1;
  }

  read(id: number): Promise<ReadAnswer> {
    const answer = this.#queue.then(() => this.#read(id));
    this.#queue = answer.catch(() => {});
    return answer;
  }

  close(): void {
    this.#source.close();
  }

  async #read(id: number): Promise<ReadAnswer> {
    const { turns, caughtUp, bytesBehind, reset } = await this.#source.read();
    const { entries, masked } = redactedEntries(this.#redactor, turns, this.#withThinking);
    this.#mainLine = turns.findLast((turn) => turn.source === MAIN_SOURCE)?.line ?? this.#mainLine;
    const title = this.#source.title();
    // While lines that were taken before are passed over, old titles come by again; but no turns.
    if (title !== null && title !== this.#title && (turns.length > 0 || caughtUp) && reset === null) {
      this.#title = title;
      const named = redactedEntry(this.#redactor, titleTurn(title, this.#mainLine));
      entries.push(named.entry);
      masked.push(...named.masked);
    }
    const counts = new Map<string, number>();
    for (const { rule } of masked) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    // Memory of its own, not of node's pool, so that it can be handed over.
    const bytes = new Uint8Array(entries.reduce((sum, { json }) => sum + json.length, 0));
    let at = 0;
    for (const { json } of entries) {
      bytes.set(json, at);
      at += json.length;
    }
    return {
      ...{ type: 'read', id, bytes: bytes.buffer, masked: counts, title: this.#title, caughtUp, bytesBehind, reset },
      entries: entries.map(({ json, source, line, uuid, time, kind }) => {
        return { source, line, uuid, time, kind, length: json.length };
      }),
    };
  }
}

/** Answers on `port` until the thread is ended. */
export function serveRedaction(port: MessagePort, open: OpenTurnSource): void {
  const sources = new Map<number, ThreadSource>();
  const tell = (message: FromThread, handOver: ArrayBuffer[] = []): void => port.postMessage(message, handOver);
  port.on('message', (message: ToThread) => {
    const { id } = message;
    if (message.type === 'open') sources.set(id, new ThreadSource(open, message));
    const source = sources.get(id);
    if (message.type === 'close') {
      source?.close();
      sources.delete(id);
    }
    if (message.type !== 'read' || !source) return;
    source.read(id).then(
      (answer) => tell(answer, [answer.bytes]),
      (error: unknown) => {
        // Not a rejection of ours: it must end the thread.
        if (!(error instanceof TeammateSyncError)) throw error;
        tell({ type: 'failed', id, code: error.code, message: error.message });
      },
    );
  });
}
