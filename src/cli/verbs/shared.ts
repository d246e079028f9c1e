/** `shared`: what I share now, with whom, since when, and what each has fetched. */
import { readWords } from '../../platform/sharing-words.ts';
import type { Shared, SharedSession, UnheardEnd } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { openClient } from '../daemon-access.ts';
import { amount, maskedText, percent } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { until, when } from '../output/time.ts';
import { recipientCells } from '../render/sharing.ts';
import { currentSession } from '../session-choice.ts';
import type { VerbContext } from '../verb.ts';

const NO_ENDS = { unheardEnds: [] };

export async function run({ io, json, out }: VerbContext): Promise<number> {
  // A daemon of an earlier version says nothing of ends.
  const shared: Shared = { ...NO_ENDS, ...(await openClient(io).call('shared')) };
  if (json) out.json({ v: 1, ...shared });
  else out.lines(sharedLines(shared, currentSession(io), io.now()));
  return EXIT.done;
}

function sharedLines({ sessions, unheardEnds }: Shared, current: string | null, now: number): Line[] {
  const unheard = unheardEnds.flatMap((end) => unheardLines(end, now));
  if (sessions.length === 0) {
    return [['You share nothing.'], ...unheard, ['Share this session: ', cyan('teammate-sync share <handle>')]];
  }
  const lines: Line[] = [];
  for (const session of sessions) lines.push(...sessionLines(session, session.session === current, now), []);
  lines.push(...unheard, [
    'End one: ',
    cyan('teammate-sync unshare <id>'),
    '   all: ',
    cyan('teammate-sync unshare --all'),
  ]);
  return lines;
}

function sessionLines(session: SharedSession, isCurrent: boolean, now: number): Line[] {
  const { session: id, project, title, cwd, startedAt, turns, live, withThinking, masked, read, recipients } = session;
  const facts = [amount(turns, 'turn'), `started ${when(startedAt, now)}`, maskedText(masked)];
  if (withThinking) facts.push('with thinking');
  if (!live) facts.push('not live');
  const reading = read < 1 ? [['  ', yellow(`reading the transcript: ${percent(read, 1)}, the rest follows`)]] : [];
  return [
    [bold(project), title === null ? '' : `  ${title}`, isCurrent ? green('  ← this session') : ''],
    ['  ', id],
    ['  ', dim(cwd)],
    ['  ', facts.join(', ')],
    ...reading,
    ...table(
      recipients.map((r): Piece[] => [
        bold(r.handle),
        ...recipientCells(r, now),
        dim(`since ${when(r.since, now)}`),
        dim(readWords(r, now) ?? ''),
      ]),
      { indent: 4 },
    ),
  ];
}

/** Ended for somebody who could not be told. */
function unheardLines({ handle, session, until: end }: UnheardEnd, now: number): Line[] {
  return [
    [
      yellow('ended'),
      `: ${shortId(session)} for `,
      bold(handle),
      `, not confirmed: may be read until ${until(end, now)}`,
    ],
  ];
}
