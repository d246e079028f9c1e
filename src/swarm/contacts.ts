/** Whom this machine may meet, with what it can compute together with each of them. */
import { bytesOf, pairRoot, type Self } from '../identity/index.ts';
import type { Meeting } from './epoch-node.ts';

/** A device that may be met. `login` is the one of its record. */
export interface Contact {
  uid: number;
  login: string;
  sign: string;
  box: string;
  /** Its topic is joined and announced all the time. Else it is looked for in turn, and nothing is announced for it. */
  joined: boolean;
}

type Met = Contact & Meeting;

export class Contacts {
  readonly #self: Self;
  #all: Met[] = [];

  constructor(self: Self) {
    this.#self = self;
  }

  /** From now on these, without those whose keys cannot be used. True when more are joined than before. */
  set(contacts: readonly Contact[]): boolean {
    const before = this.#joined;
    const known = new Map(this.#all.map((c) => [`${c.sign} ${c.box}`, c]));
    this.#all = contacts.flatMap((contact) => {
      const same = known.get(`${contact.sign} ${contact.box}`);
      const root = same ? same.root : this.#rootOf(contact);
      return root ? [{ ...contact, root }] : [];
    });
    return this.#joined > before;
  }

  get(sign: string): Met | undefined {
    return this.#all.find((c) => c.sign === sign);
  }

  /** Those that are joined, and those of `sought`. */
  meetings(sought: ReadonlySet<string>): Met[] {
    return this.#all.filter((c) => c.joined || sought.has(c.sign));
  }

  /** Sign keys of those that are not in `here`: of the joined ones, or of the others. */
  absent(joined: boolean, here: ReadonlySet<string>): string[] {
    return this.#all.flatMap((c) => (c.joined === joined && !here.has(c.sign) ? [c.sign] : []));
  }

  get #joined(): number {
    return this.#all.filter((c) => c.joined).length;
  }

  #rootOf({ uid, login, sign, box }: Contact): Buffer | null {
    const party = { uid, login, sign: bytesOf(sign), box: bytesOf(box) };
    return pairRoot(this.#self.party, this.#self.keys.box, party, this.#self.workspace);
  }
}
