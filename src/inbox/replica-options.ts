/** What a replica is given, and what it tells the inbox. */
import type { TeammateSyncError } from '../errors.ts';
import type { CorePool } from '../platform/core-pool.ts';
import type { Grant } from '../protocol/statements.ts';
import type { Replica } from './replica.ts';

export interface ReplicaOptions {
  cores: CorePool;
  folder: string;
  grant: Grant;
  /** Resolves when an earlier copy of the same core is gone from the folder. */
  free: () => Promise<void>;
  /** Bytes that may be taken of this generation, after what is held already of its session and person. */
  allowance: (replica: Replica) => number;
  /** More can be read: the header, a block, or a new length. */
  onChanged: (replica: Replica) => void;
  /** There is more of it than is taken: told once. What is here stays readable, and what is missing stays missing. */
  onQuota: (replica: Replica) => void;
  /** It must not be shown any more; the caller wipes it. */
  onBroken: (replica: Replica, error: TeammateSyncError) => void;
  /** It cannot be opened on this machine; the caller wipes it. */
  onFailed: (replica: Replica, error: unknown) => void;
}
