/** list_teammates: with whom the user has ties. */
import { MCP_LIST_MAX } from '../../protocol/limits.ts';
import type { Teammate } from '../../protocol/local-api.ts';
import { BadArgument } from '../arguments.ts';
import { countIn, cursorOf, readCursor } from '../text/cursor.ts';
import { counted, handle, type Line, line } from '../text/line.ts';
import { CURSOR, type Tool } from '../tool.ts';
import { moreLine } from './paged.ts';

const OF = ['list_teammates'];

export const teammates: Tool = {
  name: 'list_teammates',
  title: 'List teammates',
  description: [
    'Lists the teammates of the user: who is connected, who is online, how many sessions each shares with the user, and who',
    'waits for an answer to an invite. Call it to find out whom you can ask, or how a handle is spelled. It shares nothing',
    'and changes nothing: invites are accepted by the user alone, by typing `/accept <handle>`.',
  ].join('\n'),
  properties: { cursor: CURSOR },
  required: [],
  quotes: false,
  async run(given, call) {
    const cursor = given.text('cursor');
    const from = cursor === null ? 0 : countAt(cursor);
    call.progress(line`asking who is there`);
    const { members } = await call.client.call('teammates');
    const tied = members.filter(({ relation }) => relation !== 'none');
    const others = members.length - tied.length;
    const page = tied.slice(from, from + MCP_LIST_MAX);
    const head: Line[] = [
      tied.length === 0
        ? line`The user is connected with nobody yet. A teammate shares a session by typing \`/share <handle of the user>\`; the user accepts by typing \`/accept <handle>\`.`
        : line`Teammates with whom the user has ties:`,
      ...page.map((one) => rowOf(one)),
    ];
    if (others > 0) head.push(line`${counted(others, 'member')} of the workspace besides, with no ties to the user.`);
    const next = from + page.length;
    const foot = next < tied.length ? [moreLine(cursorOf(OF, { from: next }))] : [];
    return { head, quoted: [], foot };
  },
};

/** @throws BadArgument */
export function countAt(cursor: string, of: readonly unknown[] = OF): number {
  const fields = readCursor(cursor, of);
  const from = fields && countIn(fields, 'from');
  if (from !== null) return from;
  throw new BadArgument(line`this cursor is not from this tool with these arguments; call without it`);
}

const RELATIONS: Record<Teammate['relation'], Line> = {
  connected: line`connected`,
  pendingIn: line`invites the user, who has not answered (they would type \`/accept\` or \`/decline\` with the handle)`,
  pendingOut: line`invited by the user, has not answered`,
  declinedByMe: line`declined by the user`,
  declinedByThem: line`declined the user's invite`,
  blocked: line`blocked by the user`,
  none: line`no ties`,
};

function rowOf({ handle: who, relation, online, shares }: Teammate): Line {
  const here = relation === 'connected' ? (online ? line`, online` : line`, offline`) : line``;
  const what =
    shares > 0
      ? line`, shares ${counted(shares, 'session')} with the user`
      : relation === 'connected'
        ? line`, shares nothing now`
        : line``;
  return line`- ${handle(who)}: ${RELATIONS[relation]}${here}${what}`;
}
