/** What is going on, in a screenful: every block is bounded, and says which verb tells the rest. */
import type { ErrorNote, Presence, Status } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { count, percent } from '../output/count.ts';
import { bold, cyan, dim, green, type Line, type Piece, red, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { ago, until, when } from '../output/time.ts';
import { natAdvice, natText, OFFLINE_ADVICE, offlineReason } from '../../platform/network-words.ts';
import { readableCells, recipientCells } from './sharing.ts';

const ROWS_SHOWN = 4;
const NAMES_SHOWN = 8;

/** The whole text. `now`: milliseconds since 1970. */
export function statusLines(status: Status, now: number): Line[] {
  return [
    ...table(machineRows(status, now)),
    ...shareLines(status, now),
    ...readableLines(status, now),
    ...inviteLines(status, now),
    ...errorLines(status.errors, now),
  ];
}

function machineRows(status: Status, now: number): Piece[][] {
  const { version, pid, startedAt, home, me, setUp, sessions } = status;
  const other = version === PRODUCT_VERSION ? '' : yellow(`this is ${PRODUCT_VERSION}: restart it with down and up`);
  return [
    ['daemon', green('running'), `version ${version}, process ${pid}, since ${when(startedAt, now)}`, other],
    setUp && me !== null
      ? ['you', bold(me.handle), `in ${me.org}, device ${me.device}`]
      : ['you', yellow('not set up'), 'teammate-sync init'],
    ['home', home],
    ...networkRows(status, now),
    ...githubRow(status, now),
    ['claude', `${count(sessions, 'conversation')} here`],
    ...peopleRow(status, now),
  ].map((row) => (row.at(-1) === '' ? row.slice(0, -1) : row));
}

function networkRows({ network }: Status, now: number): Piece[][] {
  if (network === null) return [['network', yellow('not started')]];
  const offline = offlineReason(network, now);
  if (offline !== null) {
    return [
      ['network', red('offline'), offline],
      ['', bold('→'), OFFLINE_ADVICE],
    ];
  }
  const state = network.state === 'online' ? green('online') : yellow(network.state);
  const advice = natAdvice(network.nat);
  return [
    ['network', state, `${count(network.peers, 'device')} of teammates in reach; NAT ${natText(network.nat)}`],
    ...(advice === null ? [] : [['', bold('→'), advice]]),
  ];
}

function githubRow({ github }: Status, now: number): Piece[][] {
  if (github === null) return [];
  const { host, answeredAt, failedAt, failure } = github;
  const last = answeredAt === null ? 'never since the daemon started' : ago(answeredAt, now);
  if (failedAt === null)
    return [['github', answeredAt === null ? 'not asked yet' : green('answers'), `${host}, ${last}`]];
  return [['github', yellow('no answer'), `${failure ?? host} (tried ${ago(failedAt, now)}, last answer: ${last})`]];
}

function peopleRow({ people, connected, pendingOut }: Status, now: number): Piece[][] {
  const online = people.filter((p) => p.online);
  const offline = people.filter((p) => !p.online);
  const rows: Piece[][] = [];
  if (online.length > 0) rows.push(['people', green('online'), names(online, now)]);
  if (offline.length > 0) rows.push([rows.length === 0 ? 'people' : '', yellow('offline'), names(offline, now)]);
  const stale = people.filter((p) => p.staleSince !== null);
  if (stale.length > 0) {
    const [first] = stale.toSorted((a, b) => (a.staleSince ?? '').localeCompare(b.staleSince ?? ''));
    const whom = stale.length === 1 ? first?.handle : count(stale.length, 'person', 'people');
    rows.push([
      '',
      yellow('stale'),
      `GitHub says nothing clear about ${whom} since ${when(first?.staleSince ?? '', now)}`,
    ]);
  }
  if (connected === 0) rows.push(['people', 'nobody is connected yet']);
  if (pendingOut > 0) rows.push(['', dim(`${count(pendingOut, 'invite')} of yours unanswered`)]);
  return rows;
}

function names(people: readonly Presence[], now: number): string {
  const shown = people.slice(0, NAMES_SHOWN).map(({ handle, online, since }) => {
    if (since === null) return `${handle} (not seen since the daemon started)`;
    return `${handle} (${online ? 'since' : 'gone since'} ${when(since, now)})`;
  });
  return shown.join(', ') + (people.length > NAMES_SHOWN ? `, and ${people.length - NAMES_SHOWN} more` : '');
}

function shareLines({ shares, unheardEnds }: Status, now: number): Line[] {
  if (shares.length === 0 && unheardEnds.length === 0) return [[], ['You share nothing.']];
  const lines: Line[] = [[], [bold('You share')]];
  for (const { session, project, title, read, recipients } of shares.slice(0, ROWS_SHOWN)) {
    const reading = read < 1 ? yellow(`  reading the transcript: ${percent(read, 1)}`) : '';
    lines.push(['  ', project, ` (${shortId(session)})`, title === null ? '' : dim(`  ${title}`), reading]);
    const rows = recipients.slice(0, ROWS_SHOWN).map((r) => [bold(r.handle), ...recipientCells(r, now)]);
    lines.push(...table(rows, { indent: 4 }), ...more(recipients.length - ROWS_SHOWN, '    ', 'teammate-sync shared'));
  }
  lines.push(...more(shares.length - ROWS_SHOWN, '  ', 'teammate-sync shared'));
  for (const { handle, session, until: end } of unheardEnds.slice(0, ROWS_SHOWN)) {
    lines.push([
      '  ',
      yellow('ended'),
      `: ${handle} has not confirmed it and may read ${shortId(session)} until ${until(end, now)}`,
    ]);
  }
  return lines;
}

function readableLines({ readable }: Status, now: number): Line[] {
  if (readable.length === 0) return [];
  const rows = readable
    .slice(0, ROWS_SHOWN)
    .map((r): Piece[] => [
      bold(r.handle),
      `${r.project === '' ? 'a session' : r.project} (${shortId(r.session)})`,
      ...readableCells(r, now),
    ]);
  return [
    [],
    [bold('Shared with you')],
    ...table(rows, { indent: 2 }),
    ...more(readable.length - ROWS_SHOWN, '  ', 'teammate-sync show <handle>'),
  ];
}

function inviteLines({ invites }: Status, now: number): Line[] {
  if (invites.length === 0) return [];
  const rows = invites
    .slice(0, ROWS_SHOWN)
    .map(({ handle, project, until: end }): Piece[] => [
      bold(handle),
      project === null ? '' : `about ${project}`,
      end === null ? '' : dim(`open until ${until(end, now)}`),
      cyan(`teammate-sync accept ${handle}`),
    ]);
  return [
    [],
    [yellow(count(invites.length, 'invite')), ' for you'],
    ...table(rows, { indent: 2 }),
    ...more(invites.length - ROWS_SHOWN, '  ', 'teammate-sync connections'),
  ];
}

function errorLines(errors: readonly ErrorNote[], now: number): Line[] {
  const newest = errors.at(-1);
  if (newest === undefined) return [];
  const { code, message, hint, at } = newest;
  return [
    [],
    [red('Last error'), ` ${ago(at, now)}: ${code}, `, message],
    ['  ', bold('→ '), hint],
    ...more(errors.length - 1, '  ', 'teammate-sync logs', ' earlier'),
  ];
}

function more(n: number, indent: string, verb: string, what = ' more'): Line[] {
  return n <= 0 ? [] : [[indent, dim(`${n}${what}: `), cyan(verb)]];
}

/** The newest error only counts in the one-line form while it is news. */
const NEWS_MS = 10 * 60_000;

/** One line for the user's own status line. `current`: the session that it stands under, if that is known. */
export function statusLine(status: Status, current: string | null, now: number): Line {
  const { shares, invites, people, network, errors } = status;
  const here = shares.find(({ session }) => session === current);
  const others = shares.length - (here === undefined ? 0 : 1);
  const parts: Piece[] = [];
  if (here !== undefined) parts.push(green(`shared with ${here.recipients.map(({ handle }) => handle).join(', ')}`));
  else if (current !== null || others === 0) parts.push('not shared');
  if (others > 0) parts.push(`${current === null ? '' : 'elsewhere '}${count(others, 'session')} shared`);
  if (invites.length > 0) parts.push(yellow(`${count(invites.length, 'invite')}: teammate-sync connections`));
  parts.push(`${people.filter((p) => p.online).length}/${people.length} online`);
  if (network?.state === 'offline') parts.push(red('network offline'));
  const newest = errors.at(-1);
  if (newest !== undefined && now - Date.parse(newest.at) < NEWS_MS) parts.push(red(newest.code));
  return parts.flatMap((piece, i) => (i === 0 ? [piece] : [' · ', piece]));
}
