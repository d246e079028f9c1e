/** `show`: what a teammate shares with me, without a model. */
import { TeammateSyncError } from '../../errors.ts';
import type { Inbox, InboxSession } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { lineRange, type LineRange } from '../range.ts';
import { amount, count, percent } from '../output/count.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, yellow } from '../output/piece.ts';
import { ago, until } from '../output/time.ts';
import { part } from '../../platform/sharing-words.ts';
import { brief } from '../render/transcript.ts';
import { toldLines } from '../render/told.ts';
import type { VerbContext } from '../verb.ts';

/** Of a line in the list, where the output is not a terminal. */
const BRIEF_COLUMNS = 160;

export interface ShowRequest {
  handle: string;
  /** As typed; null: all or the only one. */
  session: string | null;
  range: LineRange;
  follow: boolean;
  full: boolean;
}

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out, err } = context;
  const request: ShowRequest = {
    handle: handleOf(args.words[0] ?? ''),
    session: args.words[1] ?? null,
    range: lineRange(args.value('lines')),
    follow: args.flag('follow'),
    full: args.flag('full'),
  };
  const raw = args.flag('raw');
  if (json && raw) throw new UsageError('show: --json and --raw exclude each other');
  if (json && request.follow) throw new UsageError('show: --json is one object; to follow as data, give --raw -f');
  if (request.session !== null) return read(context, request, [request.session], raw);

  const inbox = await openClient(io).call('inbox', { params: { handle: request.handle } });
  const { sessions } = inbox;
  // As GitHub writes it, not as it was typed.
  request.handle = inbox.handle;
  const [only] = sessions;
  if (only === undefined) {
    throw new TeammateSyncError('NOTHING_SHARED_WITH_ME', `${request.handle} shares nothing with you at the moment`);
  }
  if (sessions.length === 1) return read(context, request, [only.session], raw);
  const wantsOne = request.follow || args.value('lines') !== null;
  if (wantsOne) {
    throw new TeammateSyncError('AMBIGUOUS_SESSION', `${request.handle} shares ${sessions.length} sessions`, {
      hint: 'name one by the beginning of its id',
      details: { candidates: sessions.map(({ session, project }) => ({ session, project })) },
    });
  }
  if (raw)
    return read(
      context,
      request,
      sessions.map(({ session }) => session),
      true,
    );
  // From here on its newest lines are seen, not only looked through for sessions.
  const shown = await openClient(io).call('inbox', { params: { handle: inbox.handle }, query: { shown: '1' } });
  if (json) out.json({ v: 1, ...shown });
  else {
    out.lines(indexLines(shown, out.columns, io.now()));
    err.lines(toldLines(shown));
  }
  return EXIT.done;
}

async function read(context: VerbContext, request: ShowRequest, sessions: string[], raw: boolean): Promise<number> {
  const { readSessions } = await import('../read-sessions.ts');
  return readSessions(context, request, sessions, raw ? 'raw' : context.json ? 'json' : 'text');
}

function indexLines({ handle, sessions }: Inbox, columns: number | null, now: number): Line[] {
  const lines: Line[] = [[bold(handle), ` shares ${count(sessions.length, 'session')} with you.`], []];
  for (const session of sessions) {
    lines.push(...sessionLines(session, now), ...brief(session.newest, handle, (columns ?? BRIEF_COLUMNS) - 30), []);
  }
  lines.push(['Read one: ', cyan(`teammate-sync show ${handle} <id>`)]);
  return lines;
}

function sessionLines(
  { session, project, title, state, lastActivity, turns, fetched, leaseUntil }: InboxSession,
  now: number,
): Line[] {
  const here =
    fetched < turns ? `${part(fetched, turns)} turns here (${percent(fetched, turns)})` : amount(turns, 'turn');
  const newest = lastActivity === null ? '' : `, newest ${ago(lastActivity, now)}`;
  return [
    [bold(shortId(session)), '  ', bold(project), title === null ? '' : `  ${title}`],
    ['  ', STATE[state](until(leaseUntil, now)), dim(`, ${here}${newest}`)],
  ];
}

const STATE = {
  live: () => green('live'),
  offline: (end: string) => yellow(`owner offline, readable until ${end}`),
  waiting: () => yellow('owner offline; readable again when they are back'),
} as const;
