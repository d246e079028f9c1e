/** One line for people or programs, and what it prints. */
import { wantsColour } from './output/colour.ts';
import { EXIT, printError, UsageError } from './output/error.ts';
import { BrokenPipe, commandsOf, Printer, type PrinterOptions } from './output/printer.ts';
import type { CliIo } from './io.ts';
import type { VerbSpec } from './verb.ts';

/** As {@link main}, but for hooks. */
export async function runLine(argv: readonly string[], io: CliIo): Promise<number> {
  const err = new Printer(io.stderr, printerOptions(io, io.stderrIsTTY));
  const out = new Printer(io.stdout, printerOptions(io, io.stdoutIsTTY));
  let code: number;
  try {
    code = await dispatch(argv, io, out, err);
  } catch (error) {
    const { betterReason } = await import('./daemon-access.ts');
    code = reported(betterReason(error, io), err, argv);
  }
  err.transient('');
  for (const printer of [out, err]) {
    await printer.finish().catch((error: unknown) => {
      if (code === EXIT.done) code = printer === err ? EXIT.failed : reported(error, err, argv);
    });
  }
  return code;
}

async function dispatch(argv: readonly string[], io: CliIo, out: Printer, err: Printer): Promise<number> {
  const { defaultVerb, findVerb, suggestVerb } = await import('./verb-table.ts');
  const { parseVerbArgs } = await import('./args.ts');
  const typed = argv[0] ?? defaultVerb;
  const spec = findVerb(typed, argv.slice(1));
  if (!spec) throw unknownVerb(typed, suggestVerb(typed));
  const args = parseVerbArgs(spec, argv.slice(1));
  if (args.flag('help')) {
    const { verbHelp } = await import('./help-text.ts');
    out.lines(verbHelp(spec));
    return EXIT.done;
  }
  const { run } = await spec.run();
  return run({ io, verb: spec.name, args, json: args.flag('json'), out, err });
}

function printerOptions(io: CliIo, isTTY: boolean): PrinterOptions {
  const live = isTTY && io.env['TERM'] !== 'dumb';
  const commands = commandsOf(io);
  return { colour: wantsColour(isTTY, io.env), columns: isTTY ? io.columns : null, live, commands };
}

function unknownVerb(typed: string, near: VerbSpec['name'] | null): UsageError {
  const what = typed.startsWith('-') ? `unknown option ${typed}` : `there is no "${typed}"`;
  return new UsageError(near === null ? what : `${what}; did you mean ${near}?`, 'see `teammate-sync help`');
}

/** Prints what was thrown, unless it is only that nobody reads any more. */
function reported(error: unknown, err: Printer, argv: readonly string[]): number {
  if (error instanceof BrokenPipe) return EXIT.done;
  try {
    return printError(err, error, wantsJson(argv));
  } catch {
    // stderr is closed: the exit code is all that is left to say it with.
    return EXIT.failed;
  }
}

/** Also right when the arguments could not be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
