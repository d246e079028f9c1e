/** Writes lines to one of the process' streams: cleaned, coloured when a person looks on, and aware of a closed pipe. */
import { styleText } from 'node:util';
import type { Writable } from 'node:stream';
import { shareCommand, SLASH_VERBS } from '../../protocol/claude-hook.ts';
import { clip, printable } from '../../platform/printable.ts';
import type { CliIo } from '../io.ts';
import { printableJson } from './json.ts';
import { type Line, type Piece, textOf } from './piece.ts';

/** The reader went away (`| head`): nothing more to do, and nothing to complain about. */
export class BrokenPipe extends Error {
  override name = 'BrokenPipe';
}

/** In a terminal, in Claude Code, or there as those of the plugin. */
type Commands = 'terminal' | 'slash' | 'plugin';

export function commandsOf({ hook }: CliIo): Commands {
  if (hook === null) return 'terminal';
  return hook.ofPlugin ? 'plugin' : 'slash';
}

export interface PrinterOptions {
  colour: boolean;
  /** Columns to wrap long text at; null: never (output is not a terminal). */
  columns: number | null;
  /** A line can be taken back: the output is a terminal that knows how. */
  live: boolean;
  /** How the reader types commands; in a terminal by default. */
  commands?: Commands;
}

/** A command of ours that can be typed in Claude Code, too. */
const SLASHED = new RegExp(`teammate-sync (${SLASH_VERBS.map(({ name }) => name).join('|')})(?![\\w-])`, 'g');

const TAKE_BACK = '\r\u001b[K';

export class Printer {
  readonly columns: number | null;
  readonly #stream: Writable;
  readonly #colour: boolean;
  readonly live: boolean;
  readonly #commands: Commands;
  /** A transient line stands there. */
  #transient = false;
  /** Aborted when the stream takes no more. */
  readonly #gone = new AbortController();
  #failure: Error | null = null;

  constructor(stream: Writable, options: PrinterOptions) {
    this.#stream = stream;
    this.#colour = options.colour;
    this.columns = options.columns;
    this.live = options.live;
    this.#commands = options.commands ?? 'terminal';
    // Kept for good: a late EPIPE without a listener would end the process with a stack trace.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure ??= error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new BrokenPipe() : error;
      this.#gone.abort();
    });
  }

  /** Aborted when nobody reads any more, for work that waits for something else. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Our own words that name commands, for this reader. What is said to be for a terminal stays as it is. */
  command(text: string): string {
    if (this.#commands === 'terminal' || text.includes('in a terminal')) return text;
    const slashed = text.replaceAll(SLASHED, '/$1');
    return this.#commands === 'plugin' ? slashed.replaceAll(/\/share(?![\w-])/g, shareCommand(true)) : slashed;
  }

  /** One line. @throws BrokenPipe */
  line(...pieces: Line): void {
    this.#write(`${pieces.map((piece) => this.#dress(piece)).join('')}\n`);
  }

  /** Words of others as they come; whoever uses it ends the line. @throws BrokenPipe */
  part(text: string): void {
    if (text !== '') this.#write(printable(text, { multiline: true }));
  }

  lines(lines: readonly Line[]): void {
    for (const line of lines) this.line(...line);
  }

  /**
   * A line for somebody who waits, which the next one replaces; '' takes it away. Nothing where it could not be taken
   * back. Two printers of one terminal do not know of each other: take it away before the other one writes.
   */
  transient(text: string): void {
    if (!this.live || this.#failure || (text === '' && !this.#transient)) return;
    this.#stream.write(TAKE_BACK + clip(printable(text), (this.columns ?? 80) - 1));
    this.#transient = text !== '';
  }

  /** One value as one line of JSON, cleaned without changing it. @throws BrokenPipe */
  json(value: unknown): void {
    this.#write(`${printableJson(value)}\n`);
  }

  /** Resolves when the reader has caught up, so that a long output does not pile up in memory. @throws BrokenPipe */
  async drained(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!this.#stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done);
        this.#gone.signal.removeEventListener('abort', done);
        resolve();
      };
      this.#stream.on('drain', done);
      this.#gone.signal.addEventListener('abort', done);
    });
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when all was handed to the system. @throws BrokenPipe, or what else kept it from being written. */
  async finish(): Promise<void> {
    if (!this.#failure) await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    if (this.#failure) throw this.#failure;
  }

  #dress(piece: Piece): string {
    // A piece is on one line whatever it holds; tabs stay, since code is read and copied from here.
    const said = textOf(piece);
    const isCommand = typeof piece !== 'string' && piece.style === 'cyan';
    const text = printable(isCommand ? this.command(said) : said, { multiline: true }).replaceAll('\n', ' ');
    if (typeof piece === 'string') return text;
    // Decided by our own rule, not by the stream's: FORCE_COLOR must not colour what another program reads.
    return this.#colour ? styleText(piece.style, text, { validateStream: false }) : text;
  }

  #write(text: string): void {
    if (this.#failure) throw this.#failure;
    this.#stream.write(this.#transient ? TAKE_BACK + text : text);
    this.#transient = false;
  }
}
