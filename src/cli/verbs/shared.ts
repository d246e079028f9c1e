/** `shared`: what I share now, with whom, since when, and what each has fetched. */
import type { Shared, SharedRecipient, SharedSession } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { count, maskedText } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { until, when } from '../output/time.ts';
import { currentSession } from '../session-choice.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const shared = await openClient(io).call('shared');
  if (json) out.json({ v: 1, ...shared });
  else out.lines(sharedLines(shared, currentSession(io), io.now()));
  return EXIT.done;
}

function sharedLines({ sessions }: Shared, current: string | null, now: number): Line[] {
  if (sessions.length === 0) {
    return [['You share nothing.'], ['Share this session: ', cyan('teammate-sync share <handle>')]];
  }
  const lines: Line[] = [];
  for (const session of sessions) lines.push(...sessionLines(session, session.session === current, now), []);
  lines.push(['End one: ', cyan('teammate-sync unshare <id>'), '   all: ', cyan('teammate-sync unshare --all')]);
  return lines;
}

function sessionLines(session: SharedSession, isCurrent: boolean, now: number): Line[] {
  const { session: id, project, title, cwd, startedAt, turns, live, withThinking, masked, recipients } = session;
  const facts = [count(turns, 'turn'), `started ${when(startedAt, now)}`, maskedText(masked)];
  if (withThinking) facts.push('with thinking');
  if (!live) facts.push('not live');
  return [
    [bold(project), title === null ? '' : `  ${title}`, isCurrent ? green('  ← this session') : ''],
    ['  ', id],
    ['  ', dim(cwd)],
    ['  ', facts.join(', ')],
    ...table(
      recipients.map((recipient) => recipientRow(recipient, now)),
      { indent: 4 },
    ),
  ];
}

function recipientRow({ handle, state, since, fetched, of, leaseUntil }: SharedRecipient, now: number): Piece[] {
  const waits = state === 'pending' || state === 'waiting';
  return [
    bold(handle),
    state === 'synced' || state === 'syncing' ? green(state) : yellow(state),
    waits ? 'has nothing yet' : `${fetched} of ${count(of, 'turn')}`,
    dim(`since ${when(since, now)}`),
    leaseUntil === null ? '' : dim(`lease until ${until(leaseUntil, now)}`),
  ];
}
