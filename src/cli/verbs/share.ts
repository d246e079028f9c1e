/** `share`, and `share --preview`, which shares nothing. */
import { outcomeWords } from '../../platform/sharing-words.ts';
import type { ShareOutcome, ShareRequest, ShareResponse } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { INVITE_NOTE_MAX_BYTES } from '../../protocol/limits.ts';
import { openClient } from '../daemon-access.ts';
import { ensureDaemon } from '../daemon-control.ts';
import { handlesOf } from '../handles.ts';
import type { CliIo } from '../io.ts';
import { amount, maskedText, percent } from '../output/count.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, type Line, type Piece, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { when } from '../output/time.ts';
import { toned } from '../render/sharing.ts';
import { sessionChoice } from '../session-choice.ts';
import type { VerbContext } from '../verb.ts';
import { readingText, whileWaiting } from '../while-waiting.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out, err } = context;
  const note = args.value('note');
  if (note !== null && Buffer.byteLength(note) > INVITE_NOTE_MAX_BYTES) {
    throw new UsageError(`share: the note is longer than ${INVITE_NOTE_MAX_BYTES} bytes`);
  }
  const body: ShareRequest = {
    ...sessionChoice(io, args.value('session')),
    to: handlesOf(args.words),
    note,
    fromNow: args.flag('from-now'),
    withThinking: args.flag('with-thinking'),
  };
  if (args.flag('preview')) {
    await ensureDaemon(context);
    return (await import('./preview.ts')).preview(context, body);
  }
  await ensureDaemon(context);
  const answer = await whileWaiting(err, openClient(io).call('share', { body }), () => readingText(io));
  if (json) out.json({ v: 1, ...answer });
  else out.lines(shareLines(answer, io));
  return EXIT.done;
}

function shareLines({ session, project, people, turns, since, masked, read }: ShareResponse, io: CliIo): Line[] {
  if (people.length === 0) {
    return [
      ['Nobody is connected yet, so nothing was shared.'],
      ['Name someone: ', cyan('teammate-sync share <handle>')],
    ];
  }
  const lines: Line[] = table(
    people.map((person) => outcomeRow(person)),
    { indent: 2 },
  );
  const reached = people.filter(({ outcome }) => outcome !== 'declined').map(({ handle }) => handle);
  if (reached.length === 0) return [[bold(project), ' (', shortId(session), ') was shared with nobody.'], ...lines];
  const from =
    since === null
      ? 'nothing written yet; a copied session brings along what it copied'
      : `${amount(turns, 'turn')} since ${when(since, io.now())}`;
  // Where it is typed in the session itself, no other is meant.
  const which = io.hook?.session === session ? '' : ` ${shortId(session)}`;
  const reading: Line[] = [
    [
      'So far ',
      yellow(`${percent(read, 1)} of the transcript is read`),
      '; the rest follows by itself. Watch it: ',
      cyan('teammate-sync shared'),
    ],
  ];
  return [
    ['Sharing ', bold(project), ' (', shortId(session), '): ', from, ', ', maskedText(masked), '.'],
    ...lines,
    ...(read < 1 ? reading : []),
    ['It goes on live, and ends with the conversation. What they have seen they have seen.'],
    ['Undo: ', cyan(`teammate-sync unshare${which} --from ${reached.join(',')}`)],
  ];
}

function outcomeRow(person: ShareOutcome): Piece[] {
  const { what, tone, means } = outcomeWords(person);
  return [bold(person.handle), toned(what, tone), means];
}
