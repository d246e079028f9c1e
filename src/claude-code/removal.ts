/** What takes out of Claude Code's files exactly what was put in, found out without changing one. */
import { asTeammateSyncError } from '../errors.ts';
import { shellQuote } from '../platform/ownership.ts';
import type { Remaining } from '../protocol/logout.ts';
import { SAMPLE_COMMAND } from './hook-command.ts';
import type { Places } from './places.ts';
import type { Plan } from './plan.ts';
import { SKELETON } from './json-text.ts';
import { foundIn, withOurs, withoutOurs } from './settings-text.ts';
import { withoutServer } from './state-text.ts';
import { isOurStub, markedStubs } from './stubs.ts';
import { type FileChange, named, readText } from './text-file.ts';

export interface RemovalPlan extends Plan {
  /** What stays although it came from us. */
  left: Remaining[];
}

/** Never throws: what is in the way is in `refused`. */
export function planRemoval(places: Places): RemovalPlan {
  const plan: RemovalPlan = { changes: [], refused: [], left: [] };
  try {
    const text = readText(places.settings);
    const kept = readText(places.backup);
    const after = text === null ? null : named(places.settings, () => restored(text, kept));
    if (after !== text) plan.changes.push({ path: places.settings, before: text, after });
    if (kept !== null && kept === after)
      plan.changes.push({ path: places.backup, before: kept, after: null, note: '- what the settings are again' });
    else if (kept !== null) plan.left.push(leftBackup(places.backup));
  } catch (error) {
    plan.refused.push(asTeammateSyncError(error));
  }
  for (const { file, text } of markedStubs(places)) {
    if (isOurStub(text)) plan.changes.push({ path: file, before: text, after: null });
    else plan.left.push({ what: `${file} was changed by hand, so it stays`, how: `rm ${shellQuote(file)}` });
  }
  try {
    plan.changes.push(...serverRemoval(places));
  } catch (error) {
    plan.refused.push(asTeammateSyncError(error));
  }
  return plan;
}

/**
 * The backup goes with our entry, also when Claude Code has written its state since: it does at each start, and with what
 * it knows of the user it should not lie about.
 */
function serverRemoval({ state, stateBackup }: Places): FileChange[] {
  const before = readText(state);
  const kept = readText(stateBackup);
  const again = (text: string | null): string | null => (text === null ? null : withoutServer(text, kept));
  const after = named(state, () => again(before));
  const changes: FileChange[] = after === before ? [] : [{ path: state, before, after, again }];
  if (kept === null) return changes;
  return [
    ...changes,
    { path: stateBackup, before: kept, after: null, note: "- Claude Code's state as it was before init" },
  ];
}

/** What the settings are without us; null: no file. */
function restored(text: string, kept: string | null): string | null {
  const before = kept === null || holdsOurs(kept) ? null : kept;
  const own = before === null ? [] : foundIn(before, '').deny;
  const cleaned = withoutOurs(text, own);
  if (cleaned === text) return text;
  // When nothing but ours came in since, it becomes what it was to the byte, empty lists and all.
  if (before !== null) return sameBesidesOurs(before, cleaned, own) ? before : cleaned;
  return cleaned === SKELETON ? null : cleaned;
}

/** Also of a backup that nobody can read: it is no measure for anything. */
function holdsOurs(text: string): boolean {
  try {
    return foundIn(text, '').hooks.length > 0;
  } catch {
    return true;
  }
}

function sameBesidesOurs(before: string, cleaned: string, own: readonly string[]): boolean {
  return [true, false].some(
    (deny) => withoutOurs(withOurs(before, { command: SAMPLE_COMMAND, deny }), own) === cleaned,
  );
}

function leftBackup(file: string): Remaining {
  return { what: `${file}: your settings as they were before`, how: `rm ${shellQuote(file)}` };
}
