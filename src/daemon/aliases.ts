/** Short local names for people: known on this machine alone, and never in the way of a handle. */
import { TeammateSyncError } from '../errors.ts';
import type { StateFile } from '../platform/state-file.ts';
import { type Decoded, int, list, object, oneOf, text } from '../protocol/decode.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import { ALIASES_MAX } from '../protocol/limits.ts';

export const aliasesFile = object({
  v: oneOf(1),
  aliases: list(object({ name: text(64, /^[a-z0-9-]+$/), uid: int(1), handle: text(64) }), ALIASES_MAX),
});
export type AliasesFile = Decoded<typeof aliasesFile>;

export const NO_ALIASES: AliasesFile = { v: 1, aliases: [] };

/** Who is known under a handle now. */
type Known = (handle: string) => { uid: number; login: string } | null;

export class Aliases {
  readonly #file: StateFile<AliasesFile>;
  readonly #known: Known;
  /** How an account is called now; null: it is not known. */
  readonly #loginOf: (uid: number) => string | null;

  constructor(file: StateFile<AliasesFile>, known: Known, loginNow: (uid: number) => string | null) {
    this.#file = file;
    this.#known = known;
    this.#loginOf = loginNow;
  }

  /** With the handles that they stand for now, by name. */
  get list(): { name: string; handle: string }[] {
    return this.#file.value.aliases
      .map(({ name, uid, handle }) => ({ name, handle: this.#loginOf(uid) ?? handle }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  of(uid: number): string | null {
    return this.#file.value.aliases.find((one) => one.uid === uid)?.name ?? null;
  }

  /** What is meant by what was typed: a handle that somebody has always means them. */
  meant(typed: string): string {
    const name = normaliseHandle(typed)?.toLowerCase();
    const alias = this.#file.value.aliases.find((one) => one.name === name);
    if (!alias || this.#known(typed)) return typed;
    return this.#loginOf(alias.uid) ?? alias.handle;
  }

  /** In place of the one that this person or this name had. @throws BAD_REQUEST, ALIAS_TAKEN */
  set(typed: string, person: { uid: number; login: string }): void {
    const name = normaliseHandle(typed)?.toLowerCase();
    if (name === undefined) {
      throw new TeammateSyncError('BAD_REQUEST', `${JSON.stringify(typed)} cannot be an alias`, {
        hint: 'use letters, digits and single hyphens, 39 at most',
      });
    }
    const owner = this.#known(name);
    if (owner) throw new TeammateSyncError('ALIAS_TAKEN', `${owner.login} is called that on GitHub`);
    const others = this.#file.value.aliases.filter((one) => one.name !== name && one.uid !== person.uid);
    this.#save([...others, { name, uid: person.uid, handle: person.login }].slice(-ALIASES_MAX));
  }

  /** False: there is none of that name. */
  remove(typed: string): boolean {
    const name = normaliseHandle(typed)?.toLowerCase();
    const others = this.#file.value.aliases.filter((one) => one.name !== name);
    if (others.length === this.#file.value.aliases.length) return false;
    this.#save(others);
    return true;
  }

  #save(aliases: AliasesFile['aliases']): void {
    this.#file.value.aliases = aliases;
    this.#file.save();
  }
}
