/** Carries a transcript into a session's newest generation: read, leave out, redact, append; one step at a time. */
import type { Transcript, TranscriptRead } from '../capture/index.ts';
import { encodeEntry } from '../protocol/core-block.ts';
import { ENTRY_MAX_BYTES } from '../protocol/limits.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import type { MaskedSecret, Redacted, Redactor } from '../redact/index.ts';

export interface FeedOptions {
  transcript: Transcript;
  redactor: Redactor;
  withThinking: boolean;
  append: (turns: Redacted<Turn>[], masked: MaskedSecret[]) => Promise<void>;
  /** What was appended before is void: the source shrank, was replaced or removed. The feed is over then. */
  onReset: (why: string) => void;
  onCaughtUp: () => void;
  onError: (error: unknown) => void;
}

/** Thinking leaves only when the owner asked for it. */
export function isShared(turn: Turn, withThinking: boolean): boolean {
  return withThinking || turn.kind !== 'thinking';
}

function withoutThinking(turn: Turn): Turn {
  const content = turn.content.filter((part) => part.type !== 'thinking');
  return content.length === turn.content.length ? turn : { ...turn, content };
}

/** Redacts a turn; a mark may be longer than what it stands for, so the bound of an entry is held here, too. */
export function redactTurn(redactor: Redactor, turn: Turn): { turn: Redacted<Turn>; masked: MaskedSecret[] } {
  const result = redactor.redact(turn);
  if (encodeEntry(result.turn).length <= ENTRY_MAX_BYTES) return result;
  const cut: Turn = { ...turn, content: [{ type: 'omitted', why: 'cut: too long after masking' }] };
  return { turn: redactor.redact(cut).turn, masked: result.masked };
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #stopWatching: () => void;
  #running: Promise<void> | null = null;
  #again = false;
  /** Who waits for the next look at the transcript to be over. */
  #waiting: (() => void)[] = [];
  #stopped = false;
  #title: string | null = null;
  #mainLine = 1;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#stopWatching = options.transcript.watch(() => this.#wake());
    this.#wake();
  }

  /** Resolves when all that was in the transcript when this was called is appended, or when the feed is over. */
  drain(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const drained = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#wake();
    return drained;
  }

  /** Nothing is appended after this was called; resolves when the step under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopWatching();
    await this.#running;
    this.#options.transcript.close();
  }

  #wake(): void {
    this.#again = true;
    if (this.#running || this.#stopped) return;
    const waiting = this.#waiting.splice(0);
    this.#running = this.#run()
      .catch(this.#options.onError)
      .finally(() => {
        this.#running = null;
        for (const done of waiting) done();
        if (this.#stopped) for (const done of this.#waiting.splice(0)) done();
        if (this.#again && !this.#stopped) this.#wake();
      });
  }

  async #run(): Promise<void> {
    const { transcript, onCaughtUp, onReset } = this.#options;
    this.#again = false;
    for (let done = false; !done && !this.#stopped;) {
      const read = await transcript.read();
      if (this.#stopped) return;
      if (read.reset) {
        // What is read from now on belongs into a generation that replaces this one, filled by a feed of its own.
        this.#stopped = true;
        return onReset(read.reset);
      }
      await this.#take(read);
      done = read.caughtUp;
    }
    if (!this.#stopped) onCaughtUp();
  }

  async #take(read: TranscriptRead): Promise<void> {
    const { redactor, withThinking, append, transcript } = this.#options;
    const turns: Redacted<Turn>[] = [];
    const masked: MaskedSecret[] = [];
    const add = (turn: Turn): void => {
      const result = redactTurn(redactor, turn);
      turns.push(result.turn);
      masked.push(...result.masked);
    };
    for (const turn of read.turns) {
      if (turn.source === MAIN_SOURCE) this.#mainLine = turn.line;
      if (!isShared(turn, withThinking)) continue;
      add(withThinking ? turn : withoutThinking(turn));
    }
    const title = transcript.title();
    if (title !== null && title !== this.#title) {
      this.#title = title;
      add(titleTurn(title, this.#mainLine));
    }
    if (turns.length > 0 && !this.#stopped) await append(turns, masked);
  }
}

function titleTurn(title: string, line: number): Turn {
  const content = [{ type: 'text' as const, text: title }];
  return { source: MAIN_SOURCE, line, uuid: '', time: '', role: 'system', kind: 'title', content };
}
