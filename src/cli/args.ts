/** What was typed after the verb, checked against the verb's entry: nothing unknown is ever skipped over. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { textField } from './field.ts';
import { UsageError } from './output/error.ts';
import { nearest } from '../platform/nearest.ts';
import type { OptionSpec, VerbSpec } from './verb.ts';

export interface Args {
  /** The words besides options. */
  words: string[];
  flag(name: string): boolean;
  /** The last one given, or null. @throws UsageError when it is empty. */
  value(name: string): string | null;
  /** All given; empty when none. */
  list(name: string): string[];
}

/** Every verb takes these. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: 'json', takes: 'nothing', about: 'one JSON object on stdout; a failure is one JSON object on stderr' },
  { name: 'help', short: 'h', takes: 'nothing', about: 'this help' },
];

/**
 * Parses the arguments of a verb.
 * @throws UsageError for an unknown option, a missing value, too few or too many words.
 */
export function parseVerbArgs(spec: VerbSpec, argv: readonly string[]): Args {
  const options = [...spec.options, ...COMMON_OPTIONS];
  const parsed = parse(spec, options, argv);
  const words: string[] = [];
  const lists = new Map<string, string[]>();
  let open: string[] | null = null;
  for (const token of parsed.tokens) {
    if (token.kind === 'positional') (open ?? words).push(...(open ? commaSeparated(token.value) : [token.value]));
    else if (token.kind === 'option' && takes(options, token.name) === 'list') {
      open = lists.get(token.name) ?? [];
      lists.set(token.name, open);
      open.push(...commaSeparated(token.value ?? ''));
    } else open = null;
  }
  const values = parsed.values as Record<string, unknown>;
  const args: Args = {
    words,
    flag: (name) => values[name] === true,
    value: (name) => {
      const value = values[name];
      if (typeof value !== 'string') return null;
      if (value.trim() === '') throw usage(spec, `--${name} is empty`);
      return value;
    },
    list: (name) => lists.get(name) ?? [],
  };
  if (!args.flag('help')) checkWords(spec, words);
  for (const [name, items] of lists) if (items.length === 0) throw usage(spec, `--${name} is empty`);
  return args;
}

function parse(spec: VerbSpec, options: readonly OptionSpec[], argv: readonly string[]) {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const option of options) {
    config[option.name] = {
      type: option.takes === 'nothing' ? 'boolean' : 'string',
      ...(option.takes === 'list' ? { multiple: true } : {}),
      ...(option.short === undefined ? {} : { short: option.short }),
    };
  }
  try {
    return parseArgs({
      args: joinNegative(options, argv),
      options: config,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
  } catch (error) {
    throw explain(spec, options, error);
  }
}

/** `--lines -40` is a range, which parseArgs would take for an option. */
function joinNegative(options: readonly OptionSpec[], argv: readonly string[]): string[] {
  const out: string[] = [];
  for (const word of argv) {
    const last = out.at(-1) ?? '';
    const awaits = last.startsWith('--') && takes(options, last.slice(2)) === 'value';
    if (awaits && /^-\d/.test(word)) out[out.length - 1] = `${last}=${word}`;
    else out.push(word);
  }
  return out;
}

function explain(spec: VerbSpec, options: readonly OptionSpec[], error: unknown): UsageError {
  const message = textField(error, 'message') ?? 'it cannot be understood';
  if (textField(error, 'code') !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return usage(spec, message.split(/\.\s|\n/)[0] ?? message);
  const typed = /'(-[^']*)'/.exec(message)?.[1] ?? '';
  const close = nearest(
    typed.replace(/^-+/, ''),
    options.map(({ name }) => name),
  );
  return usage(spec, `unknown option ${typed}${close === null ? '' : `; did you mean --${close}?`}`);
}

function checkWords(spec: VerbSpec, words: readonly string[]): void {
  const { min, max, what } = spec.words;
  if (words.length < min) throw usage(spec, `${what} is missing`);
  const extra = words[max];
  if (extra !== undefined) throw usage(spec, `one too many: "${extra}"`);
}

function usage(spec: VerbSpec, message: string): UsageError {
  return new UsageError(`${spec.name}: ${message}`, `usage: teammate-sync ${spec.usage}`);
}

function takes(options: readonly OptionSpec[], name: string): OptionSpec['takes'] | undefined {
  return options.find((option) => option.name === name)?.takes;
}

function commaSeparated(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
