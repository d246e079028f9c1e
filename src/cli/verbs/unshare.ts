/** `unshare`: ends shares at once. */
import { shortId } from '../../protocol/ids.ts';
import type { Status, UnshareResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handlesOf } from '../handles.ts';
import type { CliIo } from '../io.ts';
import { count } from '../output/count.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, type Line, yellow } from '../output/piece.ts';
import { until } from '../output/time.ts';
import { sessionChoice } from '../session-choice.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const [word] = args.words;
  const option = args.value('session');
  const all = args.flag('all');
  if (word !== undefined && option !== null) throw new UsageError('unshare: the session is named twice');
  const named = word ?? option;
  if (all && named !== null) throw new UsageError('unshare: name a session or give --all, not both');
  const choice = all ? { session: null, cwd: io.cwd } : sessionChoice(io, named);
  const answer = await openClient(io).call('unshare', { body: { ...choice, from: handlesOf(args.list('from')), all } });
  if (json) out.json({ v: 1, ...answer });
  else out.lines([...unshareLines(answer), ...(await unheardLines(io, answer))]);
  return EXIT.done;
}

/** Who could not be told, and until when they read on at most. Whoever is online hears it in a moment. */
async function unheardLines(io: CliIo, { ended }: UnshareResponse): Promise<Line[]> {
  const { people = [], unheardEnds = [] } = await openClient(io)
    .call('status')
    .catch((): Partial<Status> => ({}));
  const sessions = new Set(ended.map(({ session }) => session));
  const online = new Set(people.filter((p) => p.online).map(({ handle }) => handle));
  return unheardEnds
    .filter(({ session, handle }) => sessions.has(session) && !online.has(handle))
    .map(({ session, handle, until: end }) => [
      yellow(handle),
      ` is not online: reads what is there of ${shortId(session)} until it hears of this, or ${until(end, io.now())}.`,
    ]);
}

function unshareLines({ ended, remaining, openInvites = [] }: UnshareResponse): Line[] {
  const lines: Line[] = ended.map(({ session, project, people }) => [
    'Ended: ',
    bold(project),
    ' (',
    shortId(session),
    ')',
    people.length === 0 ? '' : ` for ${people.join(', ')}`,
    '.',
  ]);
  if (ended.length === 0) lines.push(['Nothing was shared, so nothing ended.']);
  for (const handle of openInvites) {
    lines.push([`Your invite to ${handle} stays open. To take it back: `, cyan(`teammate-sync disconnect ${handle}`)]);
  }
  if (remaining === 0) lines.push(['Nothing is shared any more.']);
  else lines.push([`${count(remaining, 'session')} still shared: `, cyan('teammate-sync shared')]);
  return lines;
}
