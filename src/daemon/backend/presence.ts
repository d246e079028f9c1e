/** Who has been online or offline since when, as far as this daemon has seen it. */
import type { Rooms } from '../rooms.ts';
import { isOnline } from './persons.ts';

export class Presences {
  /** By uid: the last change, unix milliseconds. */
  readonly #changes = new Map<number, { online: boolean; at: number }>();

  constructor(rooms: Rooms) {
    const { swarm, surroundings } = rooms;
    const look = ({ uid }: { uid: number }): void => {
      const online = isOnline(rooms, uid);
      if (this.#changes.get(uid)?.online !== online) this.#changes.set(uid, { online, at: surroundings.clock.now() });
    };
    swarm.on('open', look);
    swarm.on('close', look);
  }

  /** Unix milliseconds since when it is so; null: not seen since this daemon started. */
  since(uid: number): number | null {
    return this.#changes.get(uid)?.at ?? null;
  }
}
