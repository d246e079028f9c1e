/** What `doctor` looks at, for a face that asks the daemon: one examination at a time, which whoever asks meanwhile joins. */
import { asTeammateSyncError } from '../../errors.ts';
import type { DoctorEvent } from '../../protocol/doctor.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Rooms } from '../rooms.ts';

export class Doctoring {
  readonly #rooms: Rooms;
  #running: Examination | null = null;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** Each thing that is looked at and found, `done` last. Ends when `signal` aborts; others may go on with the same. */
  async *events(signal: AbortSignal): AsyncGenerator<DoctorEvent> {
    this.#running ??= this.#begin();
    const running = this.#running;
    for (let next = 0; !signal.aborted;) {
      const event = running.said[next];
      if (event === undefined) await running.more(signal);
      else {
        next++;
        yield event;
        if (event.type === 'done') return;
      }
    }
  }

  #begin(): Examination {
    const examination = new Examination();
    void this.#examine(examination).finally(() => {
      this.#running = null;
      examination.say({ type: 'done' });
    });
    return examination;
  }

  async #examine(examination: Examination): Promise<void> {
    const { surroundings, swarm } = this.#rooms;
    try {
      // Loaded when it is first wished for.
      const { examine } = await import('../doctor/index.ts');
      const daemon = { pid: process.pid, version: PRODUCT_VERSION, online: swarm.status().state === 'online' };
      await examine({ daemon }, surroundings.env, (event) => examination.say(event));
    } catch (error) {
      const { message, hint } = asTeammateSyncError(error);
      examination.say({ type: 'check', check: { id: 'doctor', state: 'problem', what: message, fix: hint } });
    }
  }
}

class Examination {
  readonly said: DoctorEvent[] = [];
  #wake = new Set<() => void>();

  say(event: DoctorEvent): void {
    this.said.push(event);
    for (const wake of this.#wake) wake();
    this.#wake = new Set();
  }

  /** Resolves when more was said, or when aborted. */
  more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#wake.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
