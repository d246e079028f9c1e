/** Before an answer: the owners are asked for their newest lines, which are fetched and indexed, within a bound. */
import type { HeldGeneration } from '../../inbox/index.ts';
import { FRESH_MS } from '../../protocol/limits.ts';
import type { AskedPerson } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';

type Replica = HeldGeneration['replica'];

/** Of what came since, and of what was not fetched before: as many blocks are waited for. The rest comes by itself. */
const BLOCKS_AWAITED = 16;

/** @param held by uid: what is to be searched @returns by uid: whether their newest is here now */
export async function refreshed(
  rooms: Rooms,
  held: ReadonlyMap<number, HeldGeneration[]>,
): Promise<Map<number, AskedPerson['fresh']>> {
  const said = await Promise.all(
    [...held].map(async ([uid, all]) => [uid, await refreshOne(rooms, uid, all)] as const),
  );
  return new Map(said);
}

async function refreshOne(rooms: Rooms, uid: number, held: HeldGeneration[]): Promise<AskedPerson['fresh']> {
  const { swarm, refreshes, indexes } = rooms;
  const end = performance.now() + FRESH_MS;
  for (const { replica } of held) indexes.want(uid, replica.grant.session);
  const links = swarm.linksOf(uid);
  const able = links.filter((link) => link.can('refresh'));
  const answers = await Promise.all(
    able.map((link) => {
      const theirs = held.filter(({ replica }) => replica.grant.from.sign === link.sign);
      return refreshes.ask(
        link,
        theirs.map(({ gid }) => gid),
      );
    }),
  );
  // With a new block may come a new generation of the same session.
  const sessions = new Set(held.map(({ replica }) => replica.grant.session));
  const now = (): Replica[] =>
    rooms.inbox.of(uid).flatMap(({ replica }) => (sessions.has(replica.grant.session) ? [replica] : []));
  const here = await indexes.until(
    () => now().every((replica) => isNewestHere(rooms, replica)),
    end - performance.now(),
  );
  if (links.length === 0) return 'offline';
  if (able.length === 0) return 'untold';
  return here && answers.every(Boolean) ? 'yes' : 'late';
}

/** The newest blocks that are known of are indexed, those that are here and those that can still come. */
function isNewestHere({ indexes }: Rooms, replica: Replica): boolean {
  const top = Math.max(replica.length, replica.live ? replica.announced.blocks : 0) - 1;
  if (replica.live && !replica.header) return false;
  const index = indexes.of(replica);
  for (let block = top; block > Math.max(0, top - BLOCKS_AWAITED); block--) {
    if (replica.taken.lacks(block) || (!replica.live && !replica.taken.has(block))) continue;
    if (!index?.has(block)) return false;
  }
  return true;
}
