/**
 * Which tool calls show a teammate's text: those of our MCP server, our command in a shell, and those that read what
 * such a call left in a file. Decided by names and ids, never by what a result says. In doubt the answer is yes: then a
 * result is missing for the readers of a session, while a wrong no would pass on what somebody shared with its owner only.
 */
import { isObject } from '../protocol/is-object.ts';
import { get } from './json-object.ts';
import { simpleCommands, type SimpleCommand } from './shell-words.ts';

/** Our server under its own name, with a plugin's prefix, or renamed around it (`mcp__plugin_team_teammate-sync__ask`). */
const OWN_SERVER_TOOL = /^mcp__.*teammate[-_]sync.*__/i;
/** Tools whose names are ours alone, whatever the server was called in the user's settings. */
const OWN_TOOL = /^mcp__.+__(?:query|dump|search)_teammate_context$/i;
const RESOURCE_TOOL = /^(?:list|read)mcpresource/i;
const OWN_NAME = /teammate[-_]sync/i;
const OWN_PROGRAM = /^teammate-sync(?:@[\w.~^-]*)?(?:\.(?:js|mjs|cjs|ts|cmd|ps1|bat|exe))?$/i;
/** A large result is put in a file, which is named after the MCP server. */
const OWN_RESULT_FILE = /tool-results[\\/]+[^\\/]*teammate[-_]sync/i;
const RESULT_FOLDER = 'tool-results';

/** Commands that do not run their arguments: there our name is a folder, a file or a search word. */
const INERT = new Set(
  'cd pushd ls ll dir mkdir rmdir rm cp mv touch chmod stat du tree which type cat head tail wc less file diff grep rg git'.split(
    ' ',
  ),
);
const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time', '!', '{', 'builtin']);
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

function baseName(path: string): string {
  return path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
}

/** True where any piece of the word is our program, also deep in `["teammate-sync","show"]` or `-c "teammate-sync show"`. */
function namesProgram(word: string): boolean {
  return word.split(/[^\w.@~^\\/-]+/).some((piece) => OWN_PROGRAM.test(baseName(piece)));
}

function runsProgram(command: SimpleCommand): boolean {
  const head = baseName(command.find((w) => !ASSIGNMENT.test(w) && !KEYWORDS.has(w)) ?? '');
  if (INERT.has(head)) {
    return command.some((w) => ASSIGNMENT.test(w) && namesProgram(w));
  }
  if (head === 'mcp-cli') return command.some((w) => OWN_NAME.test(w));
  return command.some(namesProgram);
}

/** True when the shell text runs our program: by path, quoted, with variables before it, through npx, sh -c, xargs, … */
export function isOwnCommand(shellText: string): boolean {
  if (!/teammate|\\|["'`]/i.test(shellText)) return false;
  // The second reading is for Windows paths, whose backslashes the first takes for escapes.
  return [shellText, shellText.replaceAll('\\', '/')].some((text) => simpleCommands(text).some(runsProgram));
}

/** Every string in a JSON value of bounded depth. */
function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* strings(inner);
  }
}

function field(input: unknown, key: string): unknown {
  return isObject(input) ? get(input, key) : undefined;
}

/**
 * True when the result of this call may hold a teammate's text.
 * @param input the `input` of the tool_use, JSON of bounded depth
 * @param traces names of files and tasks that earlier results of ours left behind ({@link tracesOf})
 */
export function isOwnToolUse(name: string, input: unknown, traces: ReadonlySet<string>): boolean {
  if (OWN_SERVER_TOOL.test(name) || OWN_TOOL.test(name)) return true;
  if (RESOURCE_TOOL.test(name)) {
    // Without a server it lists the resources of all of them.
    const server = field(input, 'server');
    if (typeof server !== 'string' || OWN_NAME.test(server)) return true;
  }
  const command = field(input, 'command');
  const shellText = Array.isArray(command) ? command.filter((w) => typeof w === 'string').join(' ') : command;
  if (typeof shellText === 'string' && isOwnCommand(shellText)) return true;
  for (const text of strings(input)) {
    if (OWN_RESULT_FILE.test(text)) return true;
    // By a wildcard, too, a file could be read that an earlier result of ours was moved to.
    if (traces.size > 0 && (text.includes(RESULT_FOLDER) || mentions(text, traces))) return true;
  }
  return false;
}

/**
 * True when the call itself is nothing but a question to us: then it is no part of what is shared, no more than its
 * result. A command line that does more is the model's own work, and stays.
 */
export function isOnlyOurs(name: string, input: unknown): boolean {
  if (OWN_SERVER_TOOL.test(name) || OWN_TOOL.test(name)) return true;
  const server = field(input, 'server');
  if (RESOURCE_TOOL.test(name)) return typeof server === 'string' && OWN_NAME.test(server);
  const command = field(input, 'command');
  return typeof command === 'string' && isOnlyOwnCommand(command);
}

/** True when the shell text does nothing else, but for the folder that it goes to first. */
export function isOnlyOwnCommand(shellText: string): boolean {
  return isOwnCommand(shellText) && simpleCommands(shellText).every((words) => runsProgram(words) || words[0] === 'cd');
}

/** True when the text holds one of the names. */
export function mentions(text: string, traces: ReadonlySet<string>): boolean {
  for (const trace of traces) if (text.includes(trace)) return true;
  return false;
}

const TRACE = /(?:tool-results|tasks)[\\/]+([\w.-]{5,200})/g;
const TRACES_PER_RESULT = 16;

/**
 * Where a result of ours went on, besides the transcript: the file that holds what was too large, the background task
 * that goes on writing. A later call that names one of these shows the same text.
 */
export function tracesOf(resultText: string, toolUseResult: unknown): string[] {
  const found = new Set<string>();
  for (const match of resultText.matchAll(TRACE)) {
    const name = (match[1] ?? '').replace(/[.]+$/, '').replace(/\.output$/, '');
    if (name.length >= 5) found.add(name);
    if (found.size >= TRACES_PER_RESULT) break;
  }
  const task = field(toolUseResult, 'backgroundTaskId');
  if (typeof task === 'string' && task.length >= 5 && task.length <= 200) found.add(task);
  return [...found];
}
