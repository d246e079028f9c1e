/** Follows what pages of the dashboard show: looked at while somebody follows, told when it has changed. */
import type { PartsFeed } from '../../local-api/index.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import { type PartName, PARTS, type PartTypes } from '../../protocol/dashboard.ts';
import { PARTS_MS } from '../../protocol/limits.ts';

/** How each part is made. None may ask the network or leave a receipt: they are made again and again. */
export type PartMakers = { readonly [P in PartName]: () => PartTypes[P] | Promise<PartTypes[P]> };

type Changed = (part: PartName, json: string) => void;

export interface PartsOptions {
  make: PartMakers;
  clock: Clock;
  /** Told of a part that could not be made; the others go on. */
  onError: (part: PartName, error: unknown) => void;
}

export class Parts implements PartsFeed {
  readonly #options: PartsOptions;
  /** Each with what it was told last. */
  readonly #followers = new Map<Changed, Map<PartName, string>>();
  #timer: Timer | null = null;
  #looking = false;
  #again = false;

  constructor(options: PartsOptions) {
    this.#options = options;
  }

  follow(changed: Changed): { stop(): void } {
    this.#followers.set(changed, new Map());
    this.nudge();
    return {
      stop: () => {
        this.#followers.delete(changed);
        if (this.#followers.size === 0) this.#timer?.cancel();
      },
    };
  }

  nudge(): void {
    // What is looked at just now may be older than what was done.
    if (this.#looking) this.#again = true;
    else if (this.#followers.size > 0) void this.#look();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#timer?.cancel();
    // Not at once: who asked for it is to have its answer first.
    await Promise.resolve();
    for (const part of PARTS) await this.#lookAt(part);
    this.#looking = false;
    if (this.#followers.size === 0) return;
    if (this.#again) {
      this.#again = false;
      void this.#look();
    } else this.#timer = this.#options.clock.after(PARTS_MS, () => void this.#look());
  }

  async #lookAt(part: PartName): Promise<void> {
    const { make, onError } = this.#options;
    try {
      const json = JSON.stringify(await make[part]());
      for (const [changed, told] of this.#followers) {
        if (told.get(part) === json) continue;
        told.set(part, json);
        changed(part, json);
      }
    } catch (error) {
      onError(part, error);
    }
  }
}
