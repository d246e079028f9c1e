/** Asking owners' daemons over the link for their newest lines, and waiting for them to have answered. */
import { FRESH_MS, STATE_GRANTS_PER_FRAME } from '../../protocol/limits.ts';
import { orLate } from '../../platform/within.ts';
import type { DeviceLink } from '../../swarm/index.ts';

export class Refreshes {
  #last = 0;
  readonly #open = new Map<number, { link: DeviceLink; done: () => void }>();

  /** Resolves when the owner's device has said what there is of these; false: it took too long. */
  async ask(link: DeviceLink, gids: readonly string[]): Promise<boolean> {
    const frames: Promise<void>[] = [];
    const asked: number[] = [];
    for (let at = 0; at < gids.length; at += STATE_GRANTS_PER_FRAME) {
      const q = ++this.#last;
      asked.push(q);
      frames.push(new Promise((done) => this.#open.set(q, { link, done })));
      link.tell('refresh', { q, gids: gids.slice(at, at + STATE_GRANTS_PER_FRAME) });
    }
    const all = Promise.all(frames).then(() => true);
    const answered = await orLate(all, FRESH_MS, () => false);
    for (const q of asked) this.#open.delete(q);
    return answered;
  }

  /** Only the device that was asked can answer. */
  heard(link: DeviceLink, q: number): void {
    const open = this.#open.get(q);
    if (open?.link === link) open.done();
  }
}
