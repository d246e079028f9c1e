/** Things that one can decide about, each drawn once: so what a fact is about is in no other, but its words are. */

const FIRST = (
  'invoice login image search order payment refund profile audit webhook report tenant coupon basket shipping address ' +
  'catalog review mail avatar ledger quota billing export import signup password device locale currency'
).split(' ');
const SECOND = (
  'throttle pipeline resizer ranking outbox retention scheduler exporter reconciler limiter snapshot rollout replica ' +
  'gateway digest fallback backoff schema archive sampler batcher validator planner mirror journal dispatcher'
).split(' ');

export interface Subject {
  first: string;
  second: string;
  /** `invoice throttle`. */
  words: string;
}

export class Subjects {
  readonly #random: () => number;
  readonly #left: Subject[];

  constructor(random: () => number) {
    this.#random = random;
    this.#left = FIRST.flatMap((first) => SECOND.map((second) => ({ first, second, words: `${first} ${second}` })));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  between(low: number, high: number): number {
    return Math.floor(low + (high - low) * this.#random());
  }

  /** @throws Error when all are used */
  next(): Subject {
    const [subject] = this.#left.splice(Math.floor(this.#random() * this.#left.length), 1);
    if (!subject) throw new Error('more facts than there are subjects');
    return subject;
  }

  part(): number {
    return this.#random();
  }
}
