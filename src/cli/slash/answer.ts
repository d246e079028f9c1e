/** A verb typed in Claude Code: the same code as in a terminal, and what it prints as one text for the person. */
import { Readable } from 'node:stream';
import { printable } from '../../platform/printable.ts';
import { SLASH_ANSWER_MAX_BYTES } from '../../protocol/limits.ts';
import type { SlashCommand } from '../../protocol/claude-hook.ts';
import { parseVerbArgs } from '../args.ts';
import { openClient } from '../daemon-access.ts';
import type { CliIo } from '../io.ts';
import { printError, UsageError } from '../output/error.ts';
import { commandsOf, Printer } from '../output/printer.ts';
import { runLine } from '../run-line.ts';
import { findVerb } from '../verb-table.ts';
import { Collector } from './collector.ts';
import { type Newest, showNewest } from './show-newest.ts';
import { splitWords } from './split-words.ts';

/** What they print is somebody else's. */
const FOREIGN = ['show', 'ask'];
/** What is for programs, or goes on for ever: in a terminal. */
const ELSEWHERE = ['json', 'raw', 'follow'];

/**
 * Runs the command and resolves to what the person is to read. Rejects only with what no verb foresees.
 * @param io of the hook; `io.hook` says in which session it was typed
 */
export async function answerSlash(io: CliIo, { verb, rest }: SlashCommand): Promise<string> {
  let argv = [verb];
  let newest: Newest | null = null;
  const said = new Collector(SLASH_ANSWER_MAX_BYTES, 'first');
  try {
    argv = [verb, ...splitWords(rest)];
    const spec = findVerb(verb);
    const args = spec && parseVerbArgs(spec, argv.slice(1));
    const given = ELSEWHERE.find((name) => args?.flag(name));
    if (given !== undefined) {
      throw new UsageError(`--${given} is not for here`, `type it in a terminal: ${inTerminal(verb, rest)}`);
    }
    if (verb === 'show' && args) newest = await showNewest(openClient(io), args);
  } catch (error) {
    printError(plain(said, io), error, false);
    return said.text();
  }
  const out = newest === null ? said : new Collector(SLASH_ANSWER_MAX_BYTES, 'newest');
  await runLine(newest?.argv ?? argv, { ...io, ...QUIET, stdin: Readable.from([]), stdout: out, stderr: out });
  const text = out.text();
  const all = newest?.all ?? inTerminal(verb, rest);
  return [
    ...(newest !== null && out.left > 0 ? ['…'] : []),
    text === '' ? 'Done.' : text,
    ...(newest === null && out.left > 0 ? [`… ${out.left} more lines`] : []),
    ...(newest !== null || out.left > 0 ? [`All of it, in a terminal: ${all}`] : []),
    ...(FOREIGN.includes(verb)
      ? ["This stays in this conversation's transcript on your machine; it is never shared on."]
      : []),
  ].join('\n');
}

/** Nobody can be asked, and nothing can be coloured or taken back. */
const QUIET = { stdinIsTTY: false, stdoutIsTTY: false, stderrIsTTY: false, openUrl() {} };

function plain(stream: Collector, io: CliIo): Printer {
  const commands = commandsOf(io);
  return new Printer(stream, { colour: false, columns: null, live: false, commands });
}

/** The same for a terminal, as it was typed. */
function inTerminal(verb: string, rest: string): string {
  return printable(`teammate-sync ${verb} ${rest.trim()}`.trim());
}
