/**
 * What must hold between the two, by the rules of docs/PROTOCOL.md and not by what the product does: an answered verb has
 * happened, one that was cut off by a death has happened or has not.
 */
import type { Fact, Side, Talk } from './side.ts';

export class Facts {
  readonly sides: readonly [Side, Side];
  /** Both have consented and nobody has ended it. */
  trust: Fact = 'off';
  /** Who has disconnected since they were connected: these have to invite, as nobody meets them any more. */
  readonly left = new Set<Side>();
  /** Who may have blocked the other one, because the answer was cut off. */
  readonly blocked = new Set<Side>();

  constructor(sides: readonly [Side, Side]) {
    this.sides = sides;
  }

  other(side: Side): Side {
    return this.sides[0] === side ? this.sides[1] : this.sides[0];
  }

  shared(talk: Talk, answered: boolean): void {
    // Whoever has not heard yet that the other one has left shares in vain: that news ends it, late as it is.
    const owner = this.sides.find((side) => side.talks.includes(talk));
    const inVain = owner !== undefined && this.left.has(this.other(owner));
    talk.shared = (answered && !inVain) || talk.shared === 'on' ? 'on' : 'either';
    talk.limit = Number.POSITIVE_INFINITY;
    // Where an invite of the other one waited, sharing has accepted it.
    if (this.trust === 'off') this.trust = 'either';
  }

  accepted(answered: boolean): void {
    if (answered) this.trust = 'on';
    else if (this.trust === 'off') this.trust = 'either';
  }

  unshared(talk: Talk, answered: boolean): void {
    if (!answered) {
      if (talk.shared === 'on') talk.shared = 'either';
      return;
    }
    talk.shared = 'off';
    talk.limit = Math.min(talk.limit, talk.said.length);
  }

  /** A conversation is over when its process is: whatever was answered. */
  ended(talk: Talk): void {
    talk.over = true;
    talk.shared = 'off';
  }

  /** Disconnected or blocked: nothing is shared in either direction any more. */
  parted(by: Side, answered: boolean): void {
    const before = this.trust;
    this.left.add(by);
    if (!answered) {
      if (this.trust === 'on') this.trust = 'either';
      for (const side of this.sides) for (const talk of side.talks) if (talk.shared === 'on') talk.shared = 'either';
      return;
    }
    this.trust = 'off';
    for (const talk of by.talks) talk.shared = 'off';
    // An invite that was still open is void, and whoever made it keeps the name on the list.
    for (const talk of this.other(by).talks)
      if (talk.shared !== 'off') talk.shared = before === 'on' ? 'off' : 'either';
  }

  /** What was found when all was quiet is how it is. */
  settle(connected: boolean, listed: (talk: Talk) => boolean): void {
    this.trust = connected ? 'on' : 'off';
    if (connected) this.left.clear();
    for (const side of this.sides) {
      for (const talk of side.talks) {
        talk.shared = listed(talk) ? 'on' : 'off';
        talk.limit = talk.shared === 'on' ? Number.POSITIVE_INFINITY : talk.said.length;
      }
      side.talks = side.live();
    }
  }
}
