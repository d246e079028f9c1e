/** One's own shared sessions as the cores that their recipients get, to be read, searched and shown here. */
import type { ReadableCore, ReadableGeneration } from '../inbox/index.ts';
import type { SharedSession } from '../share/index.ts';
import type { Rooms } from './rooms.ts';

type Generation = ReturnType<SharedSession['readableBy']>[number];

/** What one owns is not lent. */
const FOR_GOOD = { untilElapsed: Number.POSITIVE_INFINITY, untilWall: Number.POSITIVE_INFINITY, skewMs: 0 };

/** One object for each generation, as tables of what is in it are kept by it. */
const cores = new WeakMap<Generation, ReadableCore>();

/** @param uid of the recipient who may read it; null: all that anybody may. @returns nothing once it is shared no more */
export function ownCores(
  { sharing, live, self }: Pick<Rooms, 'sharing' | 'live' | 'self'>,
  session: string,
  uid: number | null,
): ReadableGeneration[] {
  const shared = sharing.get(session);
  if (!shared) return [];
  const isLive = (): boolean => live.get(session) !== null;
  return shared.readableBy(uid).map((generation) => ({
    replica: coreOf(shared, generation, self.uid, isLive),
    lease: FOR_GOOD,
  }));
}

function coreOf(shared: SharedSession, generation: Generation, owner: number, isLive: () => boolean): ReadableCore {
  const known = cores.get(generation);
  if (known) return known;
  const { stored } = generation;
  const made: ReadableCore = {
    grant: { core: stored.core, gen: stored.gen, session: shared.id, from: { uid: owner } },
    header: { kind: stored.kind, project: shared.stored.project },
    taken: { overQuota: false, lacks: () => false, has: (block) => block < generation.blocks },
    get title() {
      return stored.title ?? null;
    },
    get live() {
      return isLive();
    },
    get length() {
      return generation.blocks;
    },
    get announced() {
      return { blocks: generation.blocks, turns: stored.turns };
    },
    get fetched() {
      return { blocks: Math.max(0, generation.blocks - 1), turns: stored.turns };
    },
    read: (block) => generation.read(block),
  };
  cores.set(generation, made);
  return made;
}
