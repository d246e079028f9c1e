/**
 * Who may read what, by the rules that the product promises and nothing else: two have to consent, sharing is per session
 * and recipient, whoever disconnects, blocks or declines takes their own consent back at once, a lease is an hour, and
 * --from-now leaves out what was written before. `either` is what a person cannot know: whether the other one has heard.
 */
export type Known = 'yes' | 'no' | 'either';

const LEASE_MS = 60 * 60_000;
/** Time also passes by itself. */
const TOLERANCE_MS = 10_000;

/** What one person may know of one session of another one. */
interface Entry {
  listed: Known;
  /** Lines before this one are not theirs. */
  from: number;
  /** Lines that they can still have, until they have been told: from … below limit. */
  windows: { from: number; limit: number }[];
  /** On the reader's clock that counts sleep: when the owner could last renew. */
  renewed: number;
  /** At any time since the beginning. */
  ever: boolean;
}

export interface Session {
  owner: number;
  said: string[];
  over: boolean;
  readers: Map<number, Entry>;
}

export class Rules {
  readonly people: number;
  readonly sessions: Session[] = [];
  readonly online: boolean[];
  readonly cut = new Set<string>();
  readonly #consents: Known[][];
  /** Ends that the other one may not have heard: `${who} ${whom}`. */
  readonly #unheard = new Set<string>();

  constructor(people: number) {
    this.people = people;
    this.online = Array.from({ length: people }, () => true);
    this.#consents = Array.from({ length: people }, () => Array.from({ length: people }, (): Known => 'no'));
  }

  begin(owner: number): Session {
    const readers = new Map<number, Entry>();
    for (const reader of this.others(owner)) {
      readers.set(reader, { listed: 'no', from: 0, windows: [], renewed: 0, ever: false });
    }
    const session: Session = { owner, said: [], over: false, readers };
    this.sessions.push(session);
    return session;
  }

  others(of: number): number[] {
    return Array.from({ length: this.people }, (_, i) => i).filter((i) => i !== of);
  }

  entry(session: Session, reader: number): Entry {
    const entry = session.readers.get(reader);
    if (!entry) throw new Error('the owner is no reader');
    return entry;
  }

  consent(who: number, whom: number): Known {
    return this.#consents[who]?.[whom] ?? 'no';
  }

  /** By both consents and the list: yes is a promise to the reader, no one to the owner. */
  mayRead(session: Session, reader: number): Known {
    if (session.over) return 'no';
    const all = [
      this.consent(session.owner, reader),
      this.consent(reader, session.owner),
      this.entry(session, reader).listed,
    ];
    if (all.includes('no')) return 'no';
    return all.every((known) => known === 'yes') ? 'yes' : 'either';
  }

  /** @param before what the owner was shown of the reader before typing */
  shared(session: Session, reader: number, outcome: string, before: string, fromNow: boolean): void {
    if (outcome === 'declined') return;
    const { owner } = session;
    const entry = this.entry(session, reader);
    const unsure = this.#unheard.has(key(reader, owner));
    if (outcome !== 'already' && outcome !== 'unanswered') {
      entry.from = fromNow ? session.said.length : 0;
      entry.listed = unsure ? 'either' : 'yes';
    } else if (entry.listed !== 'yes' || unsure) entry.listed = 'either';
    if (before === 'pendingIn' || before === 'declinedByMe') this.accepted(owner, reader);
    else if (before === 'none') this.#set(owner, reader, unsure ? 'either' : 'yes');
  }

  /** Consents to an invite, which may have been taken back meanwhile. */
  accepted(who: number, whom: number): void {
    this.#set(who, whom, this.consent(whom, who) === 'yes' ? 'yes' : 'either');
  }

  declined(who: number, whom: number): void {
    this.#set(who, whom, 'no');
  }

  unshared(session: Session, reader: number): void {
    this.entry(session, reader).listed = 'no';
  }

  /** Disconnected or blocked. The other one's consent and list go when it hears of it. */
  parted(who: number, whom: number): void {
    this.#set(who, whom, 'no');
    if (this.consent(whom, who) === 'yes') this.#set(whom, who, 'either');
    this.#unheard.add(key(who, whom));
    for (const session of this.sessions) {
      if (session.owner === who) this.entry(session, whom).listed = 'no';
      if (session.owner !== whom) continue;
      const entry = this.entry(session, who);
      if (entry.listed === 'yes') entry.listed = 'either';
      // Whoever leaves has nothing left to read when it is answered.
      entry.windows = [];
    }
  }

  ended(session: Session): void {
    session.over = true;
    for (const entry of session.readers.values()) entry.listed = 'no';
  }

  /** Keys are in memory only: what may not be granted again is gone. */
  stopped(who: number): void {
    this.online[who] = false;
    for (const session of this.sessions) {
      if (session.owner !== who && this.mayRead(session, who) === 'no') this.entry(session, who).windows = [];
    }
  }

  inContact(a: number, b: number): boolean {
    return this.online[a] === true && this.online[b] === true && !this.cut.has(pair(a, b));
  }

  /** After every step: what may be read, or could be renewed, from now on. `elapsed` on each reader's clock. */
  track(contact: (a: number, b: number) => boolean, elapsed: (reader: number) => number): void {
    for (const session of this.sessions) {
      for (const [reader, entry] of session.readers) {
        const open = entry.windows.find((w) => w.limit === Number.POSITIVE_INFINITY);
        if (this.mayRead(session, reader) === 'no') {
          if (open) open.limit = session.said.length;
        } else {
          entry.ever = true;
          if (open && open.from !== entry.from) open.limit = session.said.length;
          if (open?.from !== entry.from) entry.windows.push({ from: entry.from, limit: Number.POSITIVE_INFINITY });
          if (contact(session.owner, reader)) entry.renewed = elapsed(reader);
        }
        if (elapsed(reader) > entry.renewed + LEASE_MS + TOLERANCE_MS) {
          entry.windows = entry.windows.filter((w) => w.limit === Number.POSITIVE_INFINITY);
        }
      }
    }
  }

  /** Whether the lease of all that the reader has is over. */
  expired(session: Session, reader: number, elapsed: number): boolean {
    return elapsed > this.entry(session, reader).renewed + LEASE_MS + TOLERANCE_MS;
  }

  /** Of those who have heard everything what was `either` is as it was found; the rest was as it must be. */
  settled(
    heard: (who: number, whom: number) => boolean,
    consented: (who: number, whom: number) => boolean,
    listed: (session: Session, reader: number) => boolean,
  ): void {
    for (const who of this.others(-1)) {
      for (const whom of this.others(who)) {
        if (!heard(who, whom)) continue;
        this.#unheard.delete(key(who, whom));
        if (this.consent(who, whom) === 'either') this.#set(who, whom, consented(who, whom) ? 'yes' : 'no');
      }
    }
    for (const session of this.sessions) {
      for (const [reader, entry] of session.readers) {
        const known = heard(session.owner, reader);
        if (known && entry.listed === 'either') entry.listed = listed(session, reader) ? 'yes' : 'no';
        const open = { from: entry.from, limit: Number.POSITIVE_INFINITY };
        entry.windows = this.mayRead(session, reader) === 'no' ? [] : [open];
      }
    }
  }

  #set(who: number, whom: number, known: Known): void {
    const row = this.#consents[who];
    if (row) row[whom] = known;
  }
}

const key = (who: number, whom: number): string => `${who} ${whom}`;
export const pair = (a: number, b: number): string => key(Math.min(a, b), Math.max(a, b));
