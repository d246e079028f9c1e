/**
 * Ends that a recipient's device has not confirmed yet. The state that is stated on every contact already makes it wipe;
 * the end says why. Kept until confirmed, or until its lease has run out anyway.
 */
import { type Self, statementId } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { b64, type Decoded, int, list, object, oneOf, text } from '../protocol/decode.ts';
import { GRANT_LIFETIME_MAX_MS } from '../protocol/limits.ts';
import type { End, EndReason } from '../protocol/statements.ts';
import type { RecipientDevice } from './grants.ts';
import type { Leases } from './leases.ts';

const END_REASONS = ['unshared', 'ended', 'disconnected', 'blocked', 'replaced'] as const;
const end = object({
  uid: int(1),
  sign: b64(32),
  box: b64(32),
  session: text(36),
  reason: oneOf(...END_REASONS),
  /** Unix milliseconds. */
  until: int(0),
});
const file = object({ v: oneOf(1), ends: list(end, 100_000) });
type PendingEnd = Decoded<typeof end>;

const SAVE_MS = 100;

export class PendingEnds {
  readonly #file: StateFile<Decoded<typeof file>>;
  readonly #self: Self;
  readonly #clock: Clock;
  readonly #leases: Leases;
  /** Of what was said in this run: the statement's id and which end it told. */
  readonly #said = new Map<string, PendingEnd>();
  #saving: NodeJS.Timeout | null = null;

  constructor(path: string, self: Self, clock: Clock, leases: Leases) {
    this.#file = openStateFile(path, file, { v: 1, ends: [] });
    this.#self = self;
    this.#clock = clock;
    this.#leases = leases;
  }

  /** One save for all of them. */
  add(ended: { device: RecipientDevice; session: string }[], reason: EndReason): void {
    if (ended.length === 0) return;
    const until = this.#clock.now() + GRANT_LIFETIME_MAX_MS;
    const again = new Set(ended.map(({ device, session }) => `${device.sign} ${session}`));
    const others = this.#file.value.ends.filter((e) => !again.has(`${e.sign} ${e.session}`));
    const added = ended.map(({ device: { uid, sign, box }, session }) => ({ uid, sign, box, session, reason, until }));
    this.#file.value.ends = [...others, ...added];
    this.#file.save();
  }

  /** A person has the session again: that it once ended is no longer so. */
  forget(uid: number, session: string): void {
    if (this.#without((e) => e.uid === uid && e.session === session)) this.#file.save();
  }

  /** Says what is pending for the device of this link: all of it, or that of some sessions. */
  repeat(link: PeerLink, only: ReadonlySet<string> | null = null): void {
    const now = this.#clock.now();
    if (this.#without((e) => e.until <= now)) this.#saveSoon();
    for (const pending of this.#file.value.ends) {
      if (pending.sign !== link.sign || (only && !only.has(pending.session))) continue;
      const { uid, sign, box, session, reason, until } = pending;
      const signed = this.#self.say<End>({
        t: 'end',
        to: { uid, sign, box },
        exp: Math.floor(until / 1000),
        session,
        reason,
      });
      this.#said.set(statementId(signed), pending);
      link.send('statement', signed.bytes);
    }
  }

  /**
   * A device confirmed a statement: if it was an end, it has nothing of that session any more. Many do at once, and what a
   * crash forgets is only said again: one save for all.
   */
  acknowledged(sign: string, id: string): void {
    const pending = this.#said.get(id);
    if (pending?.sign !== sign) return;
    this.#said.delete(id);
    this.#leases.forget(sign, pending.session);
    if (this.#without((e) => e.sign === sign && e.session === pending.session)) this.#saveSoon();
  }

  /** Ends that were not confirmed, of devices that may read on until then, unix milliseconds. */
  unheard(): { uid: number; session: string; until: number }[] {
    const people = new Map(this.#file.value.ends.map((e) => [`${e.uid} ${e.session}`, e]));
    return [...people.values()].flatMap(({ uid, session }) => {
      const until = this.#leases.until(uid, session);
      return until === null ? [] : [{ uid, session, until }];
    });
  }

  /** Saves what is not saved yet. */
  stop(): void {
    if (!this.#saving) return;
    clearTimeout(this.#saving);
    this.#saving = null;
    this.#file.save();
  }

  #without(which: (end: PendingEnd) => boolean): boolean {
    const ends = this.#file.value.ends.filter((e) => !which(e));
    const changed = ends.length !== this.#file.value.ends.length;
    this.#file.value.ends = ends;
    return changed;
  }

  #saveSoon(): void {
    this.#saving ??= setTimeout(() => {
      try {
        this.stop();
      } catch {
        // The disk is full or the like: the next save, which somebody waits for, says so and writes these, too.
      }
    }, SAVE_MS).unref();
  }
}
