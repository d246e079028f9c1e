/** `status`: one screenful. */
import type { ErrorNote, NetworkStatus, Status } from '../../protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { openClient } from '../daemon-access.ts';
import { count } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, red, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { ago, when } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

/** More would push what matters off the screen; the log has them all. */
const ERRORS_SHOWN = 3;

export async function run({ io, json, out }: VerbContext): Promise<number> {
  const status = await openClient(io).call('status');
  if (json) out.json({ v: 1, ...status });
  else out.lines(statusLines(status, io.now()));
  return EXIT.done;
}

function statusLines(status: Status, now: number): Line[] {
  const { version, pid, startedAt, home, me, setUp, network } = status;
  const skew = version === PRODUCT_VERSION ? '' : yellow(`  (this is ${PRODUCT_VERSION}: restart it with down and up)`);
  const lines: Line[] = table([
    ['daemon', green('running'), `version ${version}, process ${pid}, since ${when(startedAt, now)}`],
  ]).map((line) => [...line, skew]);
  const rows: Piece[][] = [['home', home]];
  rows.push(['you', setUp && me !== null ? `${me.handle} in ${me.org}` : yellow('not set up: teammate-sync init')]);
  rows.push(['network', ...(network === null ? [yellow('not started')] : [networkText(network)])]);
  rows.push(
    ['sessions', `${count(status.sessions, 'conversation')} here, ${status.sharedSessions} shared by you`],
    ['readable', `${count(status.readableSessions, 'session')} of others`],
    ['people', `${status.connected} connected, ${count(status.pendingOut, 'invite')} sent and unanswered`],
  );
  lines.push(...table(rows));
  if (status.pendingIn > 0) {
    lines.push([yellow(`${count(status.pendingIn, 'invite')} for you: `), cyan('teammate-sync connections')]);
  }
  const errors = network?.lastError ? [network.lastError, ...status.errors] : status.errors;
  for (const note of errors.slice(0, ERRORS_SHOWN)) lines.push(...errorLines(note, now));
  if (errors.length > ERRORS_SHOWN) lines.push([dim(`${errors.length - ERRORS_SHOWN} more with --json`)]);
  return lines;
}

function networkText({ state, nat, peers, bootstrap }: NetworkStatus): string {
  const about = [`NAT ${nat}`, count(peers, 'peer'), `joins by ${bootstrap.slice(0, 3).join(', ') || 'nobody'}`];
  return `${state}, ${about.join(', ')}`;
}

function errorLines({ code, message, hint, at }: ErrorNote, now: number): Line[] {
  return [
    [red(code), ' ', ago(at, now), ': ', message],
    ['  ', bold('→ '), hint],
  ];
}
