/** What a recipient would see of a session. */
import { shortId } from '../../protocol/ids.ts';
import type { ShareRequest } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { count, maskedText } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan } from '../output/piece.ts';
import { transcript } from '../render/transcript.ts';
import type { VerbContext } from '../verb.ts';
import { whileWaiting } from '../while-waiting.ts';

export async function preview({ io, json, out, err }: VerbContext, body: ShareRequest): Promise<number> {
  const call = openClient(io).call('preview', { body });
  const answer = await whileWaiting(err, call, async () => 'reading and masking …');
  if (json) {
    out.json({ v: 1, ...answer });
    return EXIT.done;
  }
  const { session, project, turns, total, masked } = answer;
  const range = turns.length < total ? ` (the newest ${turns.length} follow)` : '';
  out.line(
    'They would see ',
    bold(project),
    ' (',
    shortId(session),
    '): ',
    count(total, 'turn'),
    range,
    ', ',
    maskedText(masked),
    '.',
  );
  out.line();
  const render = transcript({ speaker: 'you', columns: out.columns, full: false });
  for (const turn of turns) {
    out.lines(render(turn));
    await out.drained();
  }
  const names = body.to.length === 0 ? '' : ` ${body.to.join(' ')}`;
  out.line('Nothing was shared. To share it: ', cyan(`teammate-sync share${names} --session ${shortId(session)}`));
  return EXIT.done;
}
