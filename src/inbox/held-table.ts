/** What is held now, found by what each message names it by. */
import type { Grant } from '../protocol/statements.ts';
import { endKey, type HeldGeneration } from './held.ts';

type Group<K> = Map<K, Set<HeldGeneration>>;

export class HeldTable {
  readonly #byCore = new Map<string, HeldGeneration>();
  /** Gids are the owner's device's own. */
  readonly #byGid = new Map<string, HeldGeneration>();
  readonly #byPerson: Group<number> = new Map();
  readonly #bySession: Group<string> = new Map();

  add(held: HeldGeneration): void {
    const { grant } = held.replica;
    this.#byCore.set(grant.core, held);
    this.#byGid.set(gidKey(grant.from.sign, held.gid), held);
    group(this.#byPerson, grant.from.uid).add(held);
    group(this.#bySession, endKey(grant)).add(held);
  }

  /** False when it is not held any more. */
  remove(held: HeldGeneration): boolean {
    const { grant } = held.replica;
    if (this.#byCore.get(grant.core) !== held) return false;
    this.#byCore.delete(grant.core);
    this.#byGid.delete(gidKey(grant.from.sign, held.gid));
    ungroup(this.#byPerson, grant.from.uid, held);
    ungroup(this.#bySession, endKey(grant), held);
    return true;
  }

  clear(): void {
    for (const map of [this.#byCore, this.#byGid, this.#byPerson, this.#bySession]) map.clear();
  }

  all(): HeldGeneration[] {
    return [...this.#byCore.values()];
  }

  /** By core key. */
  core(core: string): HeldGeneration | null {
    return this.#byCore.get(core) ?? null;
  }

  gid(sign: string, gid: string): HeldGeneration | null {
    return this.#byGid.get(gidKey(sign, gid)) ?? null;
  }

  /** Of all devices of a person. */
  person(uid: number): HeldGeneration[] {
    return [...(this.#byPerson.get(uid) ?? [])];
  }

  /** All generations of the session that a grant, an end or a replica is of. */
  session(of: { from: { sign: string }; session: string }): HeldGeneration[] {
    return [...(this.#bySession.get(endKey(of)) ?? [])];
  }

  /** The same generation, perhaps under another core key. */
  generation(grant: Grant): HeldGeneration | null {
    return this.session(grant).find((h) => h.replica.grant.gen === grant.gen) ?? null;
  }
}

const gidKey = (sign: string, gid: string): string => `${sign} ${gid}`;

function group<K>(groups: Group<K>, key: K): Set<HeldGeneration> {
  const known = groups.get(key) ?? new Set();
  groups.set(key, known);
  return known;
}

function ungroup<K>(groups: Group<K>, key: K, held: HeldGeneration): void {
  const members = groups.get(key);
  members?.delete(held);
  if (members?.size === 0) groups.delete(key);
}
