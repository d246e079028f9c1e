/** The arguments of a call: a model writes them, so each mistake is answered with what would be right. */
import { normaliseHandle } from '../protocol/ids.ts';
import { ANSWER_MAX_TOKENS, ANSWER_TOKENS, MCP_ANSWER_MIN_TOKENS } from '../protocol/limits.ts';
import { type Line, line, message } from './text/line.ts';

/** What is wrong with an argument, for whoever wrote it. */
export class BadArgument extends Error {
  readonly line: Line;

  constructor(what: Line) {
    super(what);
    this.line = what;
  }
}

const TEXT_MAX = 4096;

export class Arguments {
  readonly #given: Readonly<Record<string, unknown>>;

  /** @throws BadArgument for a name that the tool does not know */
  constructor(given: Readonly<Record<string, unknown>>, known: readonly string[]) {
    this.#given = given;
    const other = Object.keys(given).find((key) => !known.includes(key));
    if (other === undefined) return;
    throw new BadArgument(
      line`there is no argument "${message(other)}"; there are: ${message(known.join(', ') || 'none')}`,
    );
  }

  /** Null when it is absent, null or blank. @throws BadArgument */
  text(key: string, most = TEXT_MAX): string | null {
    const value = this.#given[key] ?? null;
    if (value === null) return null;
    if (typeof value !== 'string') throw new BadArgument(line`"${message(key)}" must be a string`);
    if (Buffer.byteLength(value) > most) {
      throw new BadArgument(line`"${message(key)}" is longer than ${most} bytes; ask more briefly`);
    }
    return value.trim() === '' ? null : value;
  }

  /** @throws BadArgument */
  required(key: string, most = TEXT_MAX): string {
    const value = this.text(key, most);
    if (value === null) throw new BadArgument(line`"${message(key)}" is missing`);
    return value;
  }

  /** @throws BadArgument */
  choice<const C extends string>(key: string, choices: readonly C[], otherwise: C): C {
    const value = this.text(key);
    if (value === null) return otherwise;
    const chosen = choices.find((one) => one === value);
    if (chosen === undefined) throw new BadArgument(line`"${message(key)}" is one of: ${message(choices.join(', '))}`);
    return chosen;
  }

  /** Null when absent. @throws BadArgument */
  count(key: string, least: number, most: number): number | null {
    const value = this.#given[key] ?? null;
    if (value === null) return null;
    const n = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof n === 'number' && Number.isSafeInteger(n) && n >= least && n <= most) return n;
    throw new BadArgument(line`"${message(key)}" must be a whole number from ${least} to ${most}`);
  }

  /** Tokens of the whole answer. */
  budget(): number {
    return this.count('budget', MCP_ANSWER_MIN_TOKENS, ANSWER_MAX_TOKENS) ?? ANSWER_TOKENS;
  }

  /** One person. @throws BadArgument */
  handle(key: string): string {
    return handleOf(this.required(key));
  }

  /** Any number of them, with commas or blanks between; none means everyone. @throws BadArgument */
  handles(key: string): string[] {
    const value = this.#given[key];
    const typed = Array.isArray(value) ? value.map(String) : (this.text(key) ?? '').split(/[\s,]+/);
    return [...new Set(typed.filter((one) => one.trim() !== '').map((one) => handleOf(one)))];
  }
}

function handleOf(typed: string): string {
  const handle = normaliseHandle(typed);
  if (handle !== null) return handle;
  throw new BadArgument(line`"${message(typed)}" cannot be a GitHub handle; list_teammates names them`);
}
