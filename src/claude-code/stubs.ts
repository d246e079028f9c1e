/**
 * The stub files that make our slash commands known to Claude Code. A hook answers the command; the text of the stub is
 * for when none did, and must never tell a model to run anything.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { SlashVerb } from '../protocol/claude-hook.ts';
import type { Places } from './places.ts';

const OWNER = 'installed-by: teammate-sync';

/**
 * The file of one verb. Its line `installed-by` has a digest of the rest, so that what a person wrote into it is not taken
 * for ours.
 */
export function stubFile(verb: SlashVerb): string {
  const text = stubText(verb);
  return text.replace('\n---\n', `\n${OWNER} ${digest(text)}\n---\n`);
}

/** The same without the digest: of the plugin, whose files are its own. */
export function stubText({ name, argumentHint, about }: SlashVerb): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return [
    '---',
    `description: ${quoted(`${about} (teammate-sync)`)}`,
    ...(argumentHint === '' ? [] : [`argument-hint: ${quoted(argumentHint)}`]),
    'disable-model-invocation: true',
    '---',
    '',
    `The user typed /${name}, which teammate-sync answers without a model, and it did not answer. Run nothing and change`,
    'nothing. Reply with exactly this, and end your turn:',
    '',
    `> teammate-sync did not answer, so nothing was done. Type this in a terminal of your own: \`teammate-sync ${name}\``,
    '> with what you typed behind the command. `teammate-sync doctor` finds out why.',
    '',
  ].join('\n');
}

const MARK = new RegExp(`\\n${OWNER} ([0-9a-f]{16})\\n`);

/** A stub of this or another version, as it was installed. */
export function isOurStub(text: string): boolean {
  const mark = MARK.exec(text);
  return mark !== null && digest(text.replace(mark[0], '\n')) === mark[1];
}

/** Every command of the user's that has our mark, changed by hand or not. What cannot be read is none. */
export function markedStubs({ commands }: Places): { file: string; text: string }[] {
  const found: { file: string; text: string }[] = [];
  for (const name of namesIn(commands)) {
    const file = path.join(commands, name);
    try {
      const text = fs.readFileSync(file, 'utf8');
      if (MARK.test(text)) found.push({ file, text });
    } catch {
      // A folder of that name, or somebody else's.
    }
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => name.endsWith('.md'));
  } catch {
    return [];
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
