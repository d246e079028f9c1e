/** The disk of the inbox: where each replica lies, until when at most, and removing it. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { ensurePrivateDir, removeTree } from '../platform/private-files.ts';
import type { StateFile } from '../platform/state-file.ts';
import { type InboxFile, openInboxStore, type StoredReplica } from './store.ts';

/** A clock that is this much earlier than at receipt was set back; what is stored is then over. */
const CLOCK_SET_BACK_MS = 5 * 60_000;

export class Shelf {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #store: StateFile<InboxFile>;
  /** Removals under way, by core key: the same core may come again at once. */
  readonly #removing = new Map<string, Promise<void>>();

  constructor(folder: string, clock: Clock) {
    ensurePrivateDir(folder);
    this.#folder = folder;
    this.#clock = clock;
    this.#store = openInboxStore(path.join(folder, 'inbox.json'));
  }

  get stored(): readonly StoredReplica[] {
    return this.#store.value.replicas;
  }

  /** Without what is being removed. */
  get kept(): StoredReplica[] {
    return this.stored.filter((r) => !this.#removing.has(r.core));
  }

  folderOf(replica: Omit<StoredReplica, 'receivedAt' | 'until'>): string {
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

  /** Resolves when an earlier copy of this core is gone. */
  async free(core: string): Promise<void> {
    await this.#removing.get(core);
  }

  /** Removes what `which` names. `close` ends the use of the folder first. */
  async remove(which: (replica: StoredReplica) => boolean, close: () => Promise<void> = async () => {}): Promise<void> {
    const over = this.stored.filter((r) => which(r) && !this.#removing.has(r.core));
    await Promise.all(over.map((r) => this.#remove(r, close)));
  }

  /** True for what ran out, or must be taken to have: a clock that was set back does not bring back what had ended. */
  isOver(replica: StoredReplica): boolean {
    const now = this.#clock.now();
    return now >= replica.until || now < replica.receivedAt - CLOCK_SET_BACK_MS;
  }

  /** Folders that a crash left without an entry. */
  async removeStrays(): Promise<void> {
    const known = new Set(this.stored.map((r) => path.basename(path.dirname(this.folderOf(r)))));
    for (const entry of readdirSync(this.#folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !known.has(entry.name)) await removeTree(path.join(this.#folder, entry.name));
    }
  }

  /** Resolves when every removal under way is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#removing.values());
  }

  #remove(replica: StoredReplica, close: () => Promise<void>): Promise<void> {
    const folder = this.folderOf(replica);
    const removal = close()
      .then(() => removeTree(folder))
      .then(async () => {
        this.#store.value.replicas = this.stored.filter((r) => r !== replica);
        this.#store.save();
        const siblings = this.stored.some((r) => path.dirname(this.folderOf(r)) === path.dirname(folder));
        if (!siblings) await removeTree(path.dirname(folder));
      })
      .finally(() => this.#removing.delete(replica.core));
    this.#removing.set(replica.core, removal);
    return removal;
  }
}
