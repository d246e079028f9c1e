/** What `init` asks and shows a person: little, on one screen, with an answer for Enter. */
import { anthropicBase, isUsableKey } from '../platform/anthropic-base.ts';
import type { KeyToKeep, SetupPlan } from '../protocol/setup.ts';
import { ask, askHidden } from './ask.ts';
import type { CliIo } from './io.ts';
import { count } from './output/count.ts';
import { bold, cyan, dim, type Line, yellow } from './output/piece.ts';
import type { Printer } from './output/printer.ts';
import { table } from './output/table.ts';
import { claudeLines } from './render/claude-code.ts';
import { fileLines } from './render/files.ts';
import type { Agreed, Offer } from './run-setup.ts';

/** More are named, not listed: the question stays on the screen. */
const LISTED_MAX = 15;

/** Asks until one of them is named, by number or by name. Enter takes the preset one. @throws INTERRUPTED */
export async function askOrg(io: CliIo, err: Printer, { orgs, preset, hidden }: Offer): Promise<string> {
  const listed = orgs.slice(0, LISTED_MAX);
  err.line('Your GitHub orgs:');
  err.lines(
    table(
      listed.map(({ login }, i) => [String(i + 1), bold(login), login === preset ? dim('Enter takes this one') : '']),
      { indent: 2 },
    ),
  );
  if (orgs.length > listed.length) err.line(dim(`  and ${orgs.length - listed.length} more: type the name`));
  if (hidden > 0) {
    err.line(
      yellow(`  ${count(hidden, 'org')} not shown: single sign-on is wanted for this token.`),
      ' Type the name to see where to authorise it.',
    );
  }
  for (;;) {
    const typed = await ask(io, preset === null ? 'Which one is your team?' : `Which one is your team? [${preset}]`);
    if (typed === '' && preset !== null) return preset;
    const byNumber = /^\d{1,4}$/.test(typed) ? orgs[Number(typed) - 1] : undefined;
    if (byNumber) return byNumber.login;
    if (/^@?[A-Za-z][\w-]*$/.test(typed)) return typed.replace(/^@/, '');
    err.line('Type a number of the list, or the name of an org.');
  }
}

/** Asks before anything is changed, when something is. @throws INTERRUPTED */
export async function askToGo(io: CliIo, err: Printer, plan: SetupPlan, restarts: boolean): Promise<Agreed> {
  const lines = planLines(plan, restarts, 'short');
  if (lines.length === 0) return { go: true, deny: true };
  err.line('This will:');
  err.lines(lines);
  if (!(await yes(io, 'Go on? [Y/n]'))) return { go: false, deny: false };
  return { go: true, deny: await askToDeny(io, err, plan.claude.deny) };
}

/** The verbs refuse by themselves where Claude types them; with the rules Claude Code does not start them at all. */
async function askToDeny(io: CliIo, err: Printer, rules: readonly string[]): Promise<boolean> {
  if (rules.length === 0) return true;
  err.line("Rules for Claude Code's settings, so that Claude itself cannot run the verbs that give others access:");
  err.lines(rules.map((rule): Line => ['  ', rule]));
  return yes(io, 'Add them to permissions.deny? [Y/n]');
}

/** Asks until it is a key, or Enter: then none is kept. The place that it will go to is shown. @throws INTERRUPTED, BAD_CONFIG */
export async function askAnthropicKey(io: CliIo, err: Printer): Promise<KeyToKeep | null> {
  const base = anthropicBase(io.env);
  for (;;) {
    const key = await askHidden(io, `Anthropic API key, for ${base} alone (not shown; Enter: none is kept):`);
    if (key === '') return null;
    if (isUsableKey(key)) return { key, base };
    err.line('That cannot be a key.');
  }
}

async function yes(io: CliIo, question: string): Promise<boolean> {
  return !/^n/i.test(await ask(io, question));
}

/** What will be done, one line each; nothing when nothing will. `whole`: with every line that changes in a file. */
export function planLines({ files, publishes, claude }: SetupPlan, restarts: boolean, how: 'short' | 'whole'): Line[] {
  const lines = fileLines(files, how);
  if (publishes !== null) lines.push([yellow('  publish '), publishes]);
  lines.push(...claudeLines(claude));
  if (restarts) lines.push(['  restart the daemon that runs; what is shared is paused meanwhile']);
  return lines;
}

/** The code that a person types on GitHub's site. */
export function codeLines({ userCode, url }: { userCode: string; url: string }, opened: boolean): Line[] {
  return [
    ['To sign in, type this code on GitHub: ', bold(userCode)],
    [opened ? 'Your browser opens ' : 'Open ', cyan(url)],
  ];
}
