/** Short local names for people: known on this machine alone, and never in the way of a handle. */
import { TeammateSyncError } from '../errors.ts';
import type { StateFile } from '../platform/state-file.ts';
import { type Decoded, type Decoder, DecodeError, int, list, object, oneOf, text } from '../protocol/decode.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import { ALIASES_MAX } from '../protocol/limits.ts';

/** What can be typed in the place of a handle. */
const aliasName: Decoder<string> = (value, at) => {
  const name = text(64)(value, at);
  if (normaliseHandle(name) !== name) throw new DecodeError(`${at}: no name`);
  return name;
};

export const aliasesFile = object({
  v: oneOf(1),
  aliases: list(object({ name: aliasName, uid: int(1), handle: text(64) }), ALIASES_MAX),
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

  /** Whose there are, as they were called when they were made. */
  get people(): { uid: number; login: string }[] {
    return this.#file.value.aliases.map(({ uid, handle }) => ({ uid, login: handle }));
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

  /**
   * The handle that is meant by what was typed.
   * @throws ALIAS_TAKEN when somebody else has come to have that name as their handle: who is meant is not for us to guess
   */
  meant(typed: string): string {
    const name = normaliseHandle(typed)?.toLowerCase();
    const alias = this.#file.value.aliases.find((one) => one.name === name);
    if (!alias) return typed;
    const handle = this.#loginOf(alias.uid) ?? alias.handle;
    const owner = this.#known(typed);
    if (!owner || owner.uid === alias.uid) return handle;
    throw new TeammateSyncError(
      'ALIAS_TAKEN',
      `${alias.name} is your alias of ${handle}, and by now somebody else is called ${owner.login} on GitHub; nothing was done`,
      { hint: `type ${handle}, or give the name up: teammate-sync alias --remove ${alias.name}` },
    );
  }

  /** In place of the one that this person or this name had. @throws BAD_REQUEST, ALIAS_TAKEN */
  set(typed: string, person: { uid: number; login: string }): void {
    const name = normaliseHandle(typed)?.toLowerCase();
    if (name === undefined) {
      throw new TeammateSyncError('BAD_REQUEST', `${JSON.stringify(typed)} cannot be an alias`, {
        hint: 'use letters, digits, hyphens and underscores, 63 at most',
      });
    }
    const owner = this.#known(name);
    if (owner) throw new TeammateSyncError('ALIAS_TAKEN', `${owner.login} is called that on GitHub`);
    const others = this.#file.value.aliases.filter((one) => one.name !== name && one.uid !== person.uid);
    if (others.length >= ALIASES_MAX) {
      throw new TeammateSyncError('BAD_REQUEST', `there are ${ALIASES_MAX} aliases, and there is no room for another`, {
        hint: 'take one back: `teammate-sync alias --remove <name>`',
      });
    }
    this.#save([...others, { name, uid: person.uid, handle: person.login }]);
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
