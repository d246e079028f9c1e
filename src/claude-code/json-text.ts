/** The whole text of a JSON file of Claude Code's, as it may be on a disk: with a byte order mark, blank, or not there. */
import { TeammateSyncError } from '../errors.ts';
import { type Node, parseText } from './json-edit.ts';

/** Claude Code writes and heeds a byte order mark, and JSON knows none. */
const BOM = '\uFEFF';
/** What a file begins as that was not there. */
export const SKELETON = '{}\n';

/** The text without its mark; an empty object for what is blank or not there. */
export function bodyOf(text: string | null): { bom: string; body: string } {
  const bom = text?.startsWith(BOM) ? BOM : '';
  const body = text?.slice(bom.length) ?? '';
  return { bom, body: body.trim() === '' ? SKELETON : body };
}

/** The text after an edit of its body; the same text when nothing changed. @throws TeammateSyncError CLAUDE_SETTINGS */
export function edited(text: string | null, edit: (body: string, root: Node) => string): string {
  const { bom, body } = bodyOf(text);
  const after = edit(body, parsed(body));
  return after === body && text !== null ? text : bom + after;
}

/** @throws TeammateSyncError CLAUDE_SETTINGS for what is no JSON, or no object */
export function parsed(body: string): Node {
  let root: Node;
  try {
    root = parseText(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse(`is not valid JSON (${why.slice(0, 200)})`, error);
  }
  if (root.type !== 'object') throw refuse('is not a JSON object');
  return root;
}

/** @param why behind the name of the file, which whoever reads the file puts before it */
export function refuse(why: string, cause?: unknown): TeammateSyncError {
  return new TeammateSyncError('CLAUDE_SETTINGS', why, cause === undefined ? {} : { cause });
}

/** Objects of the parser have no prototype. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
