/**
 * How many cores are open at once: each is a RocksDB of its own (0.5 MB of memory, 8 files, 5 MB of disk: measured).
 * Whoever needs one more waits for a place; the core that was used longest ago and is not needed now is closed for it.
 */
import { CORES_OPEN_MAX } from '../protocol/limits.ts';
import { ServedCores } from './served-cores.ts';

/** What takes a place: a core that is open, being opened or being closed. */
export interface PoolMember {
  /** Open, and not needed at this moment. */
  readonly idle: boolean;
  readonly closing: boolean;
  /** Closes it; {@link CorePool.leave} follows. Only called while `idle`. */
  evict(): void;
}

interface Waiter {
  member: PoolMember;
  admit: () => void;
  refuse: (error: Error) => void;
}

/** While somebody waits and every open core is needed: how soon they are asked again. */
const ASK_AGAIN_MS = 25;

export class CorePool {
  readonly max: number;
  /** Which of the cores may be asked for on which connection. */
  readonly served = new ServedCores();
  /** Those that have a place; the one used longest ago comes first. */
  readonly #members = new Set<PoolMember>();
  readonly #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | null = null;
  #most = 0;

  /** @param max cores open at once, at least 1 */
  constructor(max: number = CORES_OPEN_MAX) {
    this.max = Math.max(1, max);
  }

  /** Places that are taken now. */
  get open(): number {
    return this.#members.size;
  }

  /** Cores that wait for a place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Places that were taken at one time at most. */
  get mostOpen(): number {
    return this.#most;
  }

  /**
   * Resolves when there is a place for this one. It must leave again, whatever becomes of it.
   * @param first somebody looks at the answer: before those who work in the background
   */
  enter(member: PoolMember, first: boolean): Promise<void> {
    if (this.#members.size < this.max && this.#waiting.length === 0) {
      this.#admit(member);
      return Promise.resolve();
    }
    return new Promise((admit, refuse) => {
      const waiter = { member, admit, refuse };
      if (first) this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
      this.freed();
    });
  }

  /** It is no longer wanted: whoever waits for its place is refused. */
  cancel(member: PoolMember, error: Error): void {
    for (const waiter of this.#waiting.filter((w) => w.member === member)) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.refuse(error);
    }
  }

  leave(member: PoolMember): void {
    if (this.#members.delete(member)) this.freed();
  }

  /** It was used just now. */
  touch(member: PoolMember): void {
    if (this.#members.delete(member)) this.#members.add(member);
  }

  /** Something may be closed now that could not before. */
  freed(): void {
    while (this.#waiting.length > 0 && this.#members.size < this.max) {
      const waiter = this.#waiting.shift();
      if (!waiter) break;
      this.#admit(waiter.member);
      waiter.admit();
    }
    if (this.#waiting.length > 0) this.#makeRoom();
  }

  #admit(member: PoolMember): void {
    this.#members.add(member);
    this.#most = Math.max(this.#most, this.#members.size);
  }

  #makeRoom(): void {
    const members = [...this.#members];
    let wanted = this.#waiting.length - members.filter((m) => m.closing).length;
    for (const member of members) {
      if (wanted <= 0) return;
      if (!member.idle) continue;
      wanted--;
      member.evict();
    }
    if (wanted <= 0 || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.freed();
    }, ASK_AGAIN_MS);
    this.#timer.unref();
  }
}
