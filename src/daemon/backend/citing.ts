/** What stands behind a citation, as long as it is shared. */
import { TeammateSyncError } from '../../errors.ts';
import { bytesOf, deviceFingerprint } from '../../identity/index.ts';
import { describeSession, type HeldGeneration, readableGenerations } from '../../inbox/index.ts';
import { shortId } from '../../protocol/ids.ts';
import type { CitedTurn, CiteResponse, ProvedBlock } from '../../protocol/local-api.ts';
import { citationOf, isExcerptId, readCitation } from '../../search/index.ts';
import type { AskedPages } from '../answers/asked-pages.ts';
import type { Rooms } from '../rooms.ts';
import { digestOf, indexesOf } from './asking.ts';
import type { Endings } from './endings.ts';
import { knownPerson } from './persons.ts';
import { ReadMarks, toldOnce } from './read-marks.ts';
import { choose, inboxSessions } from './held-sessions.ts';

export interface Citing {
  rooms: Rooms;
  endings: Endings;
  pages: AskedPages;
}

/** Lines that one citation may name. */
const LINES_MAX = 1000;
const READ_WAIT_MS = 2000;
/** As long as it takes to look through a long session that nobody has asked about before. */
const INDEX_WAIT_MS = 15_000;

interface Place {
  person: { uid: number; login: string };
  session: string;
  source: string;
  from: number;
  to: number;
  /** Of the lines when their id was given; null: it was not by an id. */
  digest: string | null;
}

interface Lines {
  turns: CitedTurn[];
  blocks: ProvedBlock[];
}

/** @throws NO_CITATION, CITATION_UNPROVED, NO_LONGER_SHARED, NOT_HERE_YET, and for a typed citation as read */
export async function cite(citing: Citing, typed: string, reader: string): Promise<CiteResponse> {
  const { rooms } = citing;
  const place = placeOf(citing, typed);
  const { person, source, from, to, digest } = place;
  const session = stillShared(citing, place);
  // Typed, it may be of a session that nobody has asked about here.
  if (digest === null) await rooms.indexes.whole(person.uid, session, INDEX_WAIT_MS);
  const held = (): HeldGeneration[] => inboxSessions(rooms, person.uid).get(session) ?? [];
  const { turns, blocks } = await linesOf(rooms, held(), place);
  // Looked at again: it may have ended while it was read.
  stillShared(citing, { ...place, session });
  if (turns.length === 0) {
    throw new TeammateSyncError('NO_CITATION', `nothing that can be read stands there: lines ${from}-${to}`);
  }
  const generations = readableGenerations(held(), rooms.surroundings.clock);
  const { project } = describeSession(session, generations);
  const now = digestOf(indexesOf(rooms, { held: held() }), place);
  const cited = { handle: person.login, session, project, source, from, to };
  const marks = new ReadMarks(rooms, reader);
  for (const turn of turns) marks.turn(held(), turn);
  return {
    ...cited,
    citation: citationOf(cited),
    replaced: digest !== null && digest !== now,
    turns,
    proof: blocks,
    ...toldOnce(rooms, [person]),
  };
}

function placeOf({ rooms, pages }: Citing, typed: string): Place {
  const given = pages.given(typed);
  if (given) return { person: { uid: given.uid, login: given.handle }, ...given };
  const read = isExcerptId(typed) ? null : readCitation(typed);
  if (!read) {
    const known = isExcerptId(typed) ? 'this id is not known any more' : 'this is no citation';
    throw new TeammateSyncError('NO_CITATION', known);
  }
  return {
    ...read,
    to: Math.min(read.to, read.from + LINES_MAX - 1),
    person: knownPerson(rooms, read.handle),
    digest: null,
  };
}

/** The full id of the session. @throws NO_LONGER_SHARED, NOT_HERE_YET, … */
function stillShared({ rooms, endings }: Citing, { person, session, digest }: Place): string {
  try {
    return choose(rooms, endings, person, session);
  } catch (error) {
    const isOver = digest !== null && error instanceof TeammateSyncError && error.code !== 'NOT_HERE_YET';
    if (!isOver) throw error;
    const why = endings.reason(person.uid, session);
    const reason = why === null ? '' : ` (${why})`;
    throw new TeammateSyncError(
      'NO_LONGER_SHARED',
      `session ${shortId(session)} of ${person.login} is no longer shared${reason}`,
    );
  }
}

/** The turns of these lines, from the blocks that hold them, each proved. @throws CITATION_UNPROVED */
async function linesOf(rooms: Rooms, held: HeldGeneration[], { source, from, to }: Place): Promise<Lines> {
  const turns = new Map<string, CitedTurn>();
  const blocks: ProvedBlock[] = [];
  for (const { replica } of readableGenerations(held, rooms.surroundings.clock)) {
    const { gen: generation, core, from: owner } = replica.grant;
    const device = deviceFingerprint(bytesOf(owner.sign));
    const index = rooms.indexes.of(replica);
    const wanted = new Set(index?.lines(source, from, to).map((place) => index.blockOf(place)));
    for (const block of [...wanted].sort((a, b) => a - b)) {
      const proved = await replica.prove(block, READ_WAIT_MS);
      if (!proved) continue;
      const { length, root, entries } = proved;
      blocks.push({ device, generation, core, block, length, root: root.toString('hex') });
      for (const { turn, hash } of entries) {
        const isCited = turn.kind !== 'title' && turn.source === source && turn.line >= from && turn.line <= to;
        if (isCited) turns.set(`${turn.line} ${turn.uuid} ${turn.kind}`, { ...turn, generation, block, hash });
      }
    }
  }
  return { turns: [...turns.values()].sort((a, b) => a.line - b.line), blocks };
}
