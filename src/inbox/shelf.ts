/** The disk of the inbox: where each replica lies, until when at most, and removing it. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { asTeammateSyncError, type TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { ensurePrivateDir, removeTree, removeUnfinished } from '../platform/private-files.ts';
import type { StateFile } from '../platform/state-file.ts';
import { type InboxFile, openInboxStore, type StoredReplica } from './store.ts';

/** What a replica's folder is named after. */
type Place = Omit<StoredReplica, 'receivedAt' | 'until'>;

interface Removal {
  replica: StoredReplica;
  done: Promise<void>;
}

/** A clock that is this much earlier than at receipt was set back; what is stored is then over. */
const CLOCK_SET_BACK_MS = 5 * 60_000;

export class Shelf {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #store: StateFile<InboxFile>;
  readonly #onProblem: (error: TeammateSyncError, uid: number) => void;
  /** Removals under way, by core key: the same core may come again at once. */
  readonly #removing = new Map<string, Removal>();

  /** @param onProblem something could not be removed; it is tried again when its owner is back, or at the next start */
  constructor(folder: string, clock: Clock, onProblem: (error: TeammateSyncError, uid: number) => void) {
    ensurePrivateDir(folder);
    this.#folder = folder;
    this.#clock = clock;
    this.#onProblem = onProblem;
    this.#store = openInboxStore(path.join(folder, 'inbox.json'));
  }

  get stored(): readonly StoredReplica[] {
    return this.#store.value.replicas;
  }

  /** Without what is being removed. */
  get kept(): StoredReplica[] {
    return this.stored.filter((r) => !this.#isLeaving(r));
  }

  folderOf(replica: Place): string {
    const { owner, session, gen } = replica;
    return path.join(this.#folder, `${owner.uid}-${owner.sign.slice(0, 8)}-${session}`, String(gen));
  }

  /** Notes when a replica must be gone at the latest, before it is opened. */
  remember(replica: Omit<StoredReplica, 'receivedAt'>): void {
    ensurePrivateDir(path.dirname(this.folderOf(replica)));
    const rest = this.stored.filter((r) => r.core !== replica.core);
    this.#store.value.replicas = [...rest, { ...replica, receivedAt: Math.round(this.#clock.now()) }];
    this.#store.save();
  }

  /** Resolves when nothing is being removed any more where this one goes: an earlier copy, or all of its session. */
  async free(replica: Place): Promise<void> {
    const session = path.dirname(this.folderOf(replica));
    const here = [...this.#removing.values()].filter((r) => path.dirname(this.folderOf(r.replica)) === session);
    await Promise.all(here.map((r) => r.done));
  }

  /** Removes what `which` names. `close` ends the use of the folder first. */
  async remove(which: (replica: StoredReplica) => boolean, close: () => Promise<void> = async () => {}): Promise<void> {
    const over = this.kept.filter(which);
    await Promise.all(over.map((r) => this.#remove(r, close)));
  }

  /** Of replicas that are being removed: one for each session of which nothing else is kept. */
  without(leaving: StoredReplica[]): StoredReplica[] {
    const kept = new Set(this.kept.map((r) => path.dirname(this.folderOf(r))));
    const sessions = new Map(leaving.map((r) => [path.dirname(this.folderOf(r)), r]));
    return [...sessions].flatMap(([folder, replica]) => (kept.has(folder) ? [] : [replica]));
  }

  /** True for what ran out, or must be taken to have: a clock that was set back does not bring back what had ended. */
  isOver(replica: StoredReplica): boolean {
    const now = this.#clock.now();
    return now >= replica.until || now < replica.receivedAt - CLOCK_SET_BACK_MS;
  }

  /** Folders that a crash left without an entry, and files that it left unfinished. */
  async removeStrays(): Promise<void> {
    removeUnfinished(this.#folder);
    const known = new Set(this.stored.map((r) => path.basename(path.dirname(this.folderOf(r)))));
    for (const entry of readdirSync(this.#folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !known.has(entry.name)) await removeTree(path.join(this.#folder, entry.name));
    }
  }

  /** Resolves when every removal under way is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#removing.values()].map((r) => r.done));
  }

  #remove(replica: StoredReplica, close: () => Promise<void>): Promise<void> {
    const folder = this.folderOf(replica);
    const earlier = this.#removing.get(replica.core)?.done;
    const done = Promise.all([close().catch(() => {}), earlier])
      .then(() => removeTree(folder))
      .then(async () => {
        this.#store.value.replicas = this.stored.filter((r) => r !== replica);
        this.#store.save();
        const siblings = this.stored.some((r) => path.dirname(this.folderOf(r)) === path.dirname(folder));
        if (!siblings) await removeTree(path.dirname(folder));
      })
      .catch((error: unknown) => this.#onProblem(asTeammateSyncError(error), replica.owner.uid))
      .finally(() => {
        if (this.#isLeaving(replica)) this.#removing.delete(replica.core);
      });
    this.#removing.set(replica.core, { replica, done });
    return done;
  }

  /** Of a core that came again while it was being removed, the earlier entry is leaving and the later is not. */
  #isLeaving(replica: StoredReplica): boolean {
    return this.#removing.get(replica.core)?.replica === replica;
  }
}
