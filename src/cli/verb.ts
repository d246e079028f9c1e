/** What a verb is: its entry in the table, and what it is given when it runs. */
import type { Args } from './args.ts';
import type { CliIo } from './io.ts';
import type { Printer } from './output/printer.ts';

export interface OptionSpec {
  /** Without the dashes. */
  name: string;
  short?: string;
  /** list: may be repeated, comma-separated, and takes the words after it: `--from marie bob`. */
  takes: 'nothing' | 'value' | 'list';
  /** Stands for the value in the help. */
  label?: string;
  about: string;
}

export interface VerbModule {
  /** Resolves to the exit code. @throws TeammateSyncError for what main prints and maps to an exit code. */
  run: (context: VerbContext) => Promise<number>;
}

export interface VerbSpec {
  name: string;
  aliases: readonly string[];
  group: 'start' | 'share' | 'read' | 'people' | 'daemon' | 'other';
  /** One line for the overview. */
  summary: string;
  /** Without the program's name. */
  usage: string;
  /** More about it, in whole lines. */
  about?: readonly string[];
  /** How many words it takes besides options, and what they are called. */
  words: { min: number; max: number; what: string };
  options: readonly OptionSpec[];
  examples: readonly (readonly [command: string, effect: string])[];
  /** Not in the overview: called by programs. */
  hidden?: true;
  run: () => Promise<VerbModule>;
}

export interface VerbContext {
  io: CliIo;
  /** The canonical name, also when an alias was typed. */
  verb: string;
  args: Args;
  /** Answer with one JSON object. */
  json: boolean;
  out: Printer;
  err: Printer;
}
