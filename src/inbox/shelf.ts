/** The disk of the inbox: where each replica lies, until when at most, and removing it. */
import { existsSync, readdirSync } from 'node:fs';
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
  /** By core key. */
  readonly #stored: Map<string, StoredReplica>;
  #saving: Promise<void> | null = null;
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
    this.#stored = new Map(this.#store.value.replicas.map((r) => [r.core, r]));
  }

  get stored(): readonly StoredReplica[] {
    return [...this.#stored.values()];
  }

  /** Without what is being removed. */
  get kept(): StoredReplica[] {
    return this.stored.filter((r) => !this.#isLeaving(r));
  }

  /** One for each core: a session that is shared, unshared and shared again within a second has two of one generation number. */
  folderOf(replica: Place): string {
    const { core, owner, session, gen } = replica;
    return path.join(this.#folder, `${owner.uid}-${owner.sign.slice(0, 8)}-${session}`, `${gen}-${core.slice(0, 8)}`);
  }

  /**
   * Notes when a replica must be gone at the latest. On disk before {@link free} lets it be opened: many grants and leases
   * come in one frame, and one save tells of them all. What a crash takes before that save is a longer time for a copy that
   * is there already, or one of which nothing is there yet.
   */
  remember(replica: Omit<StoredReplica, 'receivedAt'>): void {
    ensurePrivateDir(path.dirname(this.folderOf(replica)));
    this.#stored.set(replica.core, { ...replica, receivedAt: Math.round(this.#clock.now()) });
    this.#save().catch((error: unknown) => this.#onProblem(asTeammateSyncError(error), replica.owner.uid));
  }

  /**
   * Resolves when it is noted on disk and nothing is being removed any more where it goes: an earlier copy, or all of its
   * session. @throws when the note cannot be written
   */
  async free(replica: Place): Promise<void> {
    const here = [...this.#removing.values()].filter((r) => isSameSession(r.replica, replica));
    await Promise.all([this.#saving, ...here.map((r) => r.done)]);
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
    const cores = new Set(this.stored.map((r) => this.folderOf(r)));
    const sessions = new Set([...cores].map((folder) => path.dirname(folder)));
    await removeFoldersBut(sessions, this.#folder);
    for (const session of sessions) await removeFoldersBut(cores, session);
  }

  /** Resolves when every removal under way is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#removing.values()].map((r) => r.done));
    await this.#saving?.catch(() => {});
  }

  /** One save in this turn of the event loop, however many ask for it. */
  #save(): Promise<void> {
    this.#saving ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#saving = null;
        this.#store.value.replicas = [...this.#stored.values()];
        try {
          this.#store.save();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#saving;
  }

  #remove(replica: StoredReplica, close: () => Promise<void>): Promise<void> {
    const folder = this.folderOf(replica);
    const earlier = this.#removing.get(replica.core)?.done;
    const done = Promise.all([close().catch(() => {}), earlier])
      .then(() => removeTree(folder))
      .then(async () => {
        if (this.#stored.get(replica.core) === replica) this.#stored.delete(replica.core);
        const siblings = this.stored.some((r) => isSameSession(r, replica));
        if (!siblings) await removeTree(path.dirname(folder));
        // An entry whose folder is gone already is taken out at the next start as well.
        await this.#save();
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

function isSameSession(a: Place, b: Place): boolean {
  return a.session === b.session && a.owner.sign === b.owner.sign && a.owner.uid === b.owner.uid;
}

async function removeFoldersBut(known: ReadonlySet<string>, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory() && !known.has(at)) await removeTree(at);
  }
}
