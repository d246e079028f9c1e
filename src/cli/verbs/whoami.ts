/** `whoami`. */
import { openClient } from '../daemon-access.ts';
import { EXIT } from '../output/error.ts';
import { bold } from '../output/piece.ts';
import { table } from '../output/table.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const me = await openClient(io).call('whoami');
  if (json) out.json({ v: 1, ...me });
  else {
    out.lines(
      table([
        ['handle', bold(me.handle)],
        ['account', `${me.uid} on ${me.host}`],
        ['workspace', `${me.org} (${me.orgId})`],
        ['device', me.device],
        ['code', bold(me.code)],
        ['home', me.home],
      ]),
    );
  }
  return EXIT.done;
}
