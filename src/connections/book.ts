/** The people of the store: found by account id, added when first dealt with. */
import type { StateFile } from '../platform/state-file.ts';
import { NO_TIES } from './ties.ts';
import { type ConnectionsFile, openConnectionsStore, type StoredPerson } from './store.ts';

export class Book {
  readonly #file: StateFile<ConnectionsFile>;

  /** @throws BAD_CONFIG, UNSAFE_FILE */
  constructor(path: string) {
    this.#file = openConnectionsStore(path);
  }

  /** seq of the newest statement of this device, over all starts. */
  get lastSeq(): number {
    return this.#file.value.lastSeq;
  }

  set lastSeq(seq: number) {
    this.#file.value.lastSeq = seq;
  }

  get people(): readonly StoredPerson[] {
    return this.#file.value.people;
  }

  find(uid: number): StoredPerson | null {
    return this.people.find((p) => p.uid === uid) ?? null;
  }

  /** The person, known by this handle from now on. */
  ensure(uid: number, login: string): StoredPerson {
    const known = this.find(uid);
    if (known) {
      known.login = login;
      return known;
    }
    const none = { blockSeq: 0, statement: null, theirStatement: null, confirmed: [], goodbye: false };
    const said = { unheardEnd: false, lastSaid: 0, heard: [] };
    const person: StoredPerson = { uid, login, ties: NO_TIES, ...none, ...said };
    this.#file.value.people.push(person);
    return person;
  }

  /** What was changed is on disk when it returns. */
  save(): void {
    this.#file.save();
  }
}
