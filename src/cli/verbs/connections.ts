/** `connections`: accepted, pending out, pending in, with what to type for each that waits. */
import type { ConnectionPerson, Connections } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { day, until, when } from '../output/time.ts';
import { freshnessLines } from '../render/freshness.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const connections = await openClient(io).call('connections');
  if (json) out.json({ v: 1, ...connections });
  else out.lines([...connectionLines(connections, io.now()), ...freshnessLines(connections.freshness, io.now())]);
  return EXIT.done;
}

function connectionLines(
  { org, accepted, pendingOut, pendingIn, declined, blocked }: Connections,
  now: number,
): Line[] {
  const lines: Line[] = [[`Connections in ${org}`]];
  lines.push(
    ...block(
      'Accepted',
      accepted.length,
      [dim('  nobody yet; invite with '), cyan('teammate-sync share <handle>')],
      [
        ...table(
          accepted.map((person) => [
            bold(person.handle),
            person.online ? green('online') : dim('offline'),
            dim(`since ${day(person.since)}`),
            ...comparedCells(person.compared),
            ...staleCells(person.staleSince, now),
          ]),
          { indent: 2 },
        ),
      ],
    ),
    ...block(
      'Pending: they need to accept you',
      pendingOut.length,
      [dim('  none')],
      pendingOut.flatMap((p) => sent(p, now)),
    ),
    ...block(
      'Pending: you can accept or decline',
      pendingIn.length,
      [dim('  none')],
      pendingIn.flatMap((p) => received(p, now)),
    ),
  );
  if (declined.length > 0) {
    const rows = declined.map(({ handle, by, since }): Piece[] => [
      bold(handle),
      `${by === 'me' ? 'by you' : 'by them'} on ${day(since)}`,
      by === 'me' ? cyan(`teammate-sync accept ${handle}`) : dim('they can still accept'),
    ]);
    lines.push(...block('Declined', declined.length, [], table(rows, { indent: 2 })));
  }
  if (blocked.length > 0) {
    const rows = blocked.map(({ handle, since }): Piece[] => [
      bold(handle),
      `since ${day(since)}`,
      cyan(`teammate-sync unblock ${handle}`),
    ]);
    lines.push(...block('Blocked', blocked.length, [], table(rows, { indent: 2 })));
  }
  return lines;
}

function block(title: string, n: number, empty: Line, lines: Line[]): Line[] {
  return [[], [bold(`${title} (${n})`)], ...(n === 0 ? [empty] : lines)];
}

function sent({ handle, until: end, project }: ConnectionPerson, now: number): Line[] {
  return [
    ['  → ', bold(handle), about(project), end === null ? '' : `, open until ${until(end, now)}`],
    ['      withdraw: ', cyan(`teammate-sync disconnect ${handle}`)],
  ];
}

function received({ handle, uid, note, project, until: end }: ConnectionPerson, now: number): Line[] {
  const lines: Line[] = [
    ['  ← ', bold(handle), ` (account ${uid})`, about(project), end === null ? '' : `, open until ${until(end, now)}`],
  ];
  if (note !== null && note !== '') lines.push(['      "', note, '"']);
  lines.push(['      ', cyan(`teammate-sync accept ${handle}`)], ['      ', cyan(`teammate-sync decline ${handle}`)]);
  return lines;
}

/** Nothing when the safety number was not compared. */
function comparedCells(compared: string | null): Piece[] {
  return compared === null ? [] : [green(`number compared ${day(compared)}`)];
}

/** Nothing when GitHub's last word about somebody is clear. */
function staleCells(staleSince: string | null, now: number): Piece[] {
  return staleSince === null ? [] : [yellow(`GitHub says nothing clear since ${when(staleSince, now)}`)];
}

function about(project: string | null): string {
  return project === null ? '' : `, about ${project}`;
}
