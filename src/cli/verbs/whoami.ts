/** `whoami`. */
import type { WhoAmIResponse } from '../../protocol/local-api.ts';
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
        ['token', tokenText(me)],
        ...keyRow(me),
        ['device', me.device],
        ['code', bold(me.code)],
        ['home', me.home],
      ]),
    );
  }
  return EXIT.done;
}

/** No row without a key: nothing needs one. A daemon of an earlier version says nothing about it. */
function keyRow({ anthropic }: Partial<WhoAmIResponse>): string[][] {
  return anthropic ? [['API key', `from ${anthropic.from}, for ${anthropic.base}`]] : [];
}

/** Where it comes from and what it may; of a daemon of an earlier version, nothing is known. */
function tokenText({ token }: Partial<WhoAmIResponse>): string {
  if (token === undefined) return 'unknown';
  if (token === null) return 'none: set GH_TOKEN for the daemon, or run teammate-sync init';
  const from = token.from === 'gh' ? 'gh auth token' : token.from;
  const may = token.scopes?.filter((scope) => scope !== '').join(', ') ?? 'GitHub does not say what it may';
  return `from ${from}: ${may}`;
}
