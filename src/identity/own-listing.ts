/**
 * Whether GitHub lists this device's own record. Its lists may lag by a moment, and a record that was published just now is not
 * there at once: so not being there counts when it was so twice, long enough apart.
 */
import { GITHUB_SECOND_NO_MS } from '../protocol/limits.ts';

export class OwnListing {
  #goneSince: number | null = null;
  #isGone = false;

  /**
   * Notes a clear answer. Returns whether the record counts as listed now, if that is news; else null.
   * @param now unix milliseconds of this machine's clock
   */
  saw(isListed: boolean, now: number): boolean | null {
    const was = this.#isGone;
    if (isListed) this.#goneSince = null;
    // A first time that lies ahead was noted under another clock.
    else this.#goneSince = Math.min(this.#goneSince ?? now, now);
    this.#isGone = this.#goneSince !== null && (was || now - this.#goneSince >= GITHUB_SECOND_NO_MS);
    return was === this.#isGone ? null : !this.#isGone;
  }
}
