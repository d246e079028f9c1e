/** Loses, repeats and delays single control frames of a person's daemon, on every connection from now on. */
import type { ControlFrame } from '../../../src/protocol/control.ts';
import type { DeviceLink } from '../../../src/swarm/index.ts';
import type { Rooms } from '../../../src/daemon/index.ts';
import type { Person } from './person.ts';

export type Fault = 'pass' | 'lose' | 'twice' | 'late';

/** @param fault asked for each frame that this person sends; `late`: after all that follows until {@link FrameFaults.mend} */
export class FrameFaults {
  readonly #fault: (frame: ControlFrame) => Fault;
  readonly #late: (() => void)[] = [];
  readonly #swarm: Rooms['swarm'];
  #mended = false;
  /** Frames that did not go as they were sent. */
  hit = 0;

  constructor(person: Person, fault: (frame: ControlFrame) => Fault) {
    this.#fault = fault;
    this.#swarm = person.rooms.swarm;
    for (const link of this.#swarm.links()) this.#spoil(link);
    // Before anything is said on it.
    this.#swarm.prependListener('open', this.#spoil);
  }

  /** What is late comes now, and from now on everything goes as it should. */
  mend(): void {
    this.#mended = true;
    this.#swarm.off('open', this.#spoil);
    for (const send of this.#late.splice(0)) send();
  }

  readonly #spoil = (link: DeviceLink): void => {
    const send = link.send.bind(link);
    link.send = (frame, bytes) => {
      const fault = this.#mended ? 'pass' : this.#fault(frame);
      if (fault !== 'pass') this.hit++;
      if (fault === 'lose') return;
      if (fault === 'late') return void this.#late.push(() => send(frame, bytes));
      send(frame, bytes);
      if (fault === 'twice') send(frame, bytes);
    };
  };
}
