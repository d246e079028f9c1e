/** `activity`: who read which lines of what I share, with what, and when. */
import type { ActivityEntry, ActivityResponse, HistoryEvent } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';
import { openClient } from '../daemon-access.ts';
import { EXIT } from '../output/error.ts';
import { bold, dim, type Line, type Piece } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { when } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

/** Of a line of the list; `--json` has all. */
const RANGES_SHOWN = 4;

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const activity = await openClient(io).call('activity');
  if (json) out.json({ v: 1, ...activity });
  else out.lines(activityLines(activity, io.now()));
  return EXIT.done;
}

function activityLines({ entries, history }: ActivityResponse, now: number): Line[] {
  return [...readLines(entries, now), ...historyLines(history, now)];
}

/** Of the list of what began and ended; `--json` has all. */
const EVENTS_SHOWN = 20;

function historyLines(history: readonly HistoryEvent[], now: number): Line[] {
  if (history.length === 0) return [];
  const rows = history
    .slice(0, EVENTS_SHOWN)
    .map(({ at, handle, session, project, mine, what, reason }): Piece[] => [
      when(at, now),
      `${project} (${shortId(session)})`,
      mine ? `with ${handle}` : `from ${handle}`,
      what === 'began' ? 'began' : `ended${reason === null ? '' : `: ${reason}`}`,
    ]);
  return [[], ['What began and ended, the newest first:'], ...table(rows)];
}

function readLines(entries: readonly ActivityEntry[], now: number): Line[] {
  if (entries.length === 0) return [['Nobody has read what you share, as far as their machines told.']];
  const rows = entries.map((entry): Piece[] => [
    bold(entry.handle),
    when(entry.last, now),
    `${entry.project} (${shortId(entry.session)}${entry.shared ? '' : ', ended'})`,
    linesText(entry),
    dim(`with ${entry.with}, on ${entry.device}`),
  ]);
  return [...table(rows), [], [dim('As their machines told it. What they asked is never told.')]];
}

function linesText({ source, ranges }: ActivityEntry): string {
  const shown = ranges.slice(-RANGES_SHOWN).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  const more = ranges.length > shown.length ? '…, ' : '';
  return `${source === MAIN_SOURCE ? 'lines' : `subagent ${source.slice(0, 12)}, lines`} ${more}${shown.join(', ')}`;
}
