/** One session that a teammate shares: its generations here, and until when each may be read. */
import type { Clock } from '../platform/clock.ts';
import type { Turn } from '../protocol/turn.ts';
import { type Lease, leftMs } from './lease.ts';
import type { Replica } from './replica.ts';

/** What a reader needs of a session core: a copy of a teammate's, or one's own. */
export interface ReadableCore {
  readonly grant: Pick<Replica['grant'], 'core' | 'gen' | 'session'> & {
    readonly from: Pick<Replica['grant']['from'], 'uid'>;
  };
  /** Null: it is not proved yet. */
  readonly header: Pick<NonNullable<Replica['header']>, 'kind' | 'project'> | null;
  readonly title: string | null;
  /** More may come. */
  readonly live: boolean;
  /** Blocks that are here, the header included. */
  readonly length: number;
  readonly announced: Pick<Replica['announced'], 'blocks' | 'turns'>;
  readonly fetched: Replica['fetched'];
  readonly taken: Pick<Replica['taken'], 'overQuota' | 'lacks' | 'has'>;
  /** Turns of one block (from 1); null: not to be had within `waitMs`. */
  read(block: number, waitMs: number): Promise<Turn[] | null>;
}

/** A generation that can be read until its lease runs out. */
export interface ReadableGeneration {
  replica: ReadableCore;
  lease: Lease;
}

/** A teammate's generation with its lease. */
export interface HeldGeneration extends ReadableGeneration {
  replica: Replica;
  gid: string;
  /** seq of the newest statement about it. */
  seq: number;
}

/** What is shown of a session: the generations since the last that replaced all before it, in order. */
export function readableGenerations<G extends ReadableGeneration>(held: G[], clock: Clock): G[] {
  const proved = held
    .filter((h) => h.replica.header !== null && leftMs(h.lease, clock) > 0)
    .sort((a, b) => a.replica.grant.gen - b.replica.grant.gen);
  const from = proved.findLastIndex((h) => h.replica.header?.kind === 'replace');
  return from < 0 ? proved : proved.slice(from);
}

/**
 * What can be read in order without a gap: the readable generations up to the first that is not proved yet. `whole` is
 * false while one is missing.
 */
export function readableChain<G extends ReadableGeneration>(held: G[], clock: Clock): { chain: G[]; whole: boolean } {
  const proved = readableGenerations(held, clock);
  const from = proved[0]?.replica.header?.kind === 'replace' ? proved[0].replica.grant.gen : 0;
  const unproved = held.filter((h) => h.replica.header === null && h.replica.grant.gen > from);
  const gap = Math.min(...unproved.map((h) => h.replica.grant.gen), Number.POSITIVE_INFINITY);
  return { chain: proved.filter((h) => h.replica.grant.gen < gap), whole: unproved.length === 0 };
}

/** Generations that a proved `replace` made void. */
export function replacedGenerations(held: HeldGeneration[]): HeldGeneration[] {
  const replaces = held.filter((h) => h.replica.header?.kind === 'replace').map((h) => h.replica.grant.gen);
  const from = Math.max(0, ...replaces);
  return held.filter((h) => h.replica.grant.gen < from);
}

/** A session of one device: what an end speaks of. */
export const endKey = (of: { from: { sign: string }; session: string }): string => `${of.from.sign} ${of.session}`;
