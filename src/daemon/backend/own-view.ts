/** One's own shared session as its recipients have it: read from the very cores that they get. Nobody is told of that. */
import { TeammateSyncError } from '../../errors.ts';
import type { ReadableCore, ReadableGeneration } from '../../inbox/index.ts';
import { shortId } from '../../protocol/ids.ts';
import type { SharedSession } from '../../share/index.ts';
import type { Rooms } from '../rooms.ts';
import { pickSession } from './conversations.ts';

type Generation = ReturnType<SharedSession['readableBy']>[number];

/** What one owns is not lent. */
const FOR_GOOD = { untilElapsed: Number.POSITIVE_INFINITY, untilWall: Number.POSITIVE_INFINITY, skewMs: 0 };
/** How soon a reader who follows sees what was appended. */
const LOOK_MS = 500;

/** One object for each generation, as tables of what is in it are kept by it. */
const cores = new WeakMap<Generation, ReadableCore>();

/** @param typed an id or prefix; null: the only one that is shared. @throws NOT_SHARED, AMBIGUOUS_SESSION, NO_SESSION */
export function chooseOwn({ sharing }: Rooms, typed: string | null): string {
  const candidates = sharing.list().map(({ id, stored }) => ({ session: id, project: stored.project }));
  const [only] = candidates;
  if (!only) throw new TeammateSyncError('NOT_SHARED', 'you share no session now');
  if (typed === null && candidates.length === 1) return only.session;
  if (typed === null) {
    throw new TeammateSyncError('AMBIGUOUS_SESSION', `you share ${candidates.length} sessions`, {
      hint: 'name one by the beginning of its id: see `teammate-sync shared`',
      details: { candidates },
    });
  }
  return pickSession(candidates, typed, () => {
    return new TeammateSyncError('NOT_SHARED', `you share no session that begins with ${JSON.stringify(typed)}`);
  });
}

/** Nothing once it is not shared any more. */
export function ownGenerations({ sharing, live }: Rooms, session: string): ReadableGeneration[] {
  const shared = sharing.get(session);
  if (!shared) return [];
  return shared.readableBy(null).map((generation) => ({
    replica: coreOf(shared, generation, () => live.get(session) !== null),
    lease: FOR_GOOD,
  }));
}

/** Resolves when something of it has changed, or when aborted. */
export function ownChanged(rooms: Rooms, session: string, signal: AbortSignal): Promise<void> {
  const { clock } = rooms.surroundings;
  const state = (): string =>
    ownGenerations(rooms, session)
      .map(({ replica }) => `${replica.grant.core} ${replica.length}`)
      .join();
  const before = state();
  return new Promise((resolve) => {
    const look = (): void => {
      if (signal.aborted || state() !== before) resolve();
      else timer = clock.after(LOOK_MS, look);
    };
    let timer = clock.after(LOOK_MS, look);
    signal.addEventListener(
      'abort',
      () => {
        timer.cancel();
        resolve();
      },
      { once: true },
    );
  });
}

export function ownEnded(session: string): string {
  return `session ${shortId(session)} is no longer shared`;
}

function coreOf(shared: SharedSession, generation: Generation, isLive: () => boolean): ReadableCore {
  const known = cores.get(generation);
  if (known) return known;
  const { stored } = generation;
  const made: ReadableCore = {
    grant: { core: stored.core, gen: stored.gen },
    header: { kind: stored.kind, project: shared.stored.project },
    taken: { overQuota: false, lacks: () => false },
    get title() {
      return shared.title;
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
      return { blocks: generation.blocks, turns: stored.turns };
    },
    read: (block) => generation.read(block),
  };
  cores.set(generation, made);
  return made;
}
