/** `teammates`: the members of the workspace, with what is known of each. */
import type { Teammate, Teammates } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { count, thousands } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, red, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { when } from '../output/time.ts';
import { freshnessLines } from '../render/freshness.ts';
import type { VerbContext } from '../verb.ts';

/** Without --all. */
const ROWS_SHOWN = 30;

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const answer = await openClient(io).call('teammates');
  if (json) out.json({ v: 1, ...answer });
  else out.lines(teammateLines(answer, args.flag('all') ? answer.members.length : ROWS_SHOWN, io.now()));
  return EXIT.done;
}

function teammateLines({ org, members, listedAt, freshness }: Teammates, most: number, now: number): Line[] {
  const lines: Line[] = [[`Teammates in ${org} (${thousands(members.length)})`]];
  if (listedAt === null) lines.push([yellow('GitHub has not listed the members yet; these are known from before')]);
  if (members.length === 0) lines.push([dim('  nobody besides you')]);
  lines.push(
    ...table(
      members.slice(0, most).map((member) => cells(member, now)),
      { indent: 2 },
    ),
    ...cut(members.slice(most)),
    ...freshnessLines(freshness, now),
  );
  return lines;
}

const RELATIONS: Record<Teammate['relation'], Piece> = {
  connected: green('connected'),
  pendingIn: yellow('invites you'),
  pendingOut: yellow('invited by you'),
  declinedByMe: dim('declined by you'),
  declinedByThem: dim('declined'),
  blocked: red('blocked'),
  none: '',
};

const INSTALLED: Record<Teammate['installed'], Piece> = {
  yes: dim('not connected'),
  no: dim('no teammate-sync yet'),
  unknown: dim('not asked about yet'),
};

function cells(member: Teammate, now: number): Piece[] {
  const { handle, relation, installed, online, shares, alarmed, compared, staleSince } = member;
  const state = relation === 'none' ? INSTALLED[installed] : RELATIONS[relation];
  const more: Piece[] = [
    ...(shares > 0 ? [cyan(`shares ${count(shares, 'session')} with you`)] : []),
    ...(compared === null ? [] : [green('number compared')]),
    ...(alarmed > 0 ? [red(`${count(alarmed, 'device')} not trusted: teammate-sync trust ${handle}`)] : []),
    ...(staleSince === null ? [] : [yellow(`GitHub says nothing clear since ${when(staleSince, now)}`)]),
  ];
  const here = online ? green('online') : installed === 'yes' ? dim('offline') : '';
  return more.length === 0 && here === ''
    ? [bold(handle), state]
    : [bold(handle), state, ...(here === '' ? [] : [here]), ...more];
}

function cut(rest: Teammate[]): Line[] {
  if (rest.length === 0) return [];
  const installed = rest.filter((m) => m.installed === 'yes').length;
  const who = `${thousands(rest.length)} more, ${thousands(installed)} of them with teammate-sync: `;
  return [['  ', dim(who), cyan('teammate-sync teammates --all')]];
}
