/** What goes wrong between two daemons in this process: a network that is cut, and control frames that are lost, repeated or late. */
import type { DeviceLink } from '../../../src/swarm/index.ts';
import type { Person } from '../../support/world/index.ts';
import { pair } from './rules.ts';

type Fault = 'lose' | 'repeat' | 'delay';

export class Network {
  readonly #people: readonly Person[];
  readonly #uids: readonly number[];
  readonly #cut: ReadonlySet<string>;
  /** Faults to come, by receiver and sender. */
  readonly #faults = new Map<string, { fault: Fault; left: number }>();
  #late: { receiver: number; deliver: () => void }[] = [];

  constructor(people: readonly Person[], uids: readonly number[], cut: ReadonlySet<string>) {
    this.#people = people;
    this.#uids = uids;
    this.#cut = cut;
  }

  /** To be called whenever this person's daemon has started. */
  attach(index: number): void {
    const person = this.#people[index];
    if (!person) return;
    const { swarm } = person.rooms;
    const emit = swarm.emit.bind(swarm) as (...args: unknown[]) => boolean;
    const watched = (event: string, ...args: unknown[]): boolean => {
      const link = args[0] as DeviceLink;
      const pass = (): boolean => emit(event, ...args);
      if (event === 'open' && this.#isCut(index, link)) {
        link.end();
        return true;
      }
      return event === 'frame' ? this.#frame(index, link, pass) : pass();
    };
    Object.assign(swarm, { emit: watched });
    for (const link of swarm.links()) if (this.#isCut(index, link)) link.end();
  }

  /** The links between two end now; with a cut they do not come back. */
  drop(a: number, b: number): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const uid = this.#uids[other];
      if (uid === undefined || !this.#isRunning(one)) continue;
      for (const link of this.#people[one]?.rooms.swarm.linksOf(uid) ?? []) link.end();
    }
  }

  /** Every connection ends, also one whose hello is not over. */
  dropAll(): void {
    const running = this.#people.filter((person) => person.running);
    const nodes = running.flatMap((person) => person.rooms.swarm.nodes);
    for (const node of nodes) for (const connection of [...node.swarm.connections]) connection.destroy();
  }

  fault(receiver: number, sender: number, fault: Fault, count: number): void {
    this.#faults.set(`${receiver} ${sender}`, { fault, left: count });
  }

  /** What was late arrives. */
  release(): void {
    for (const { receiver, deliver } of this.#late.splice(0)) if (this.#isRunning(receiver)) deliver();
  }

  heal(): void {
    this.#faults.clear();
    this.#late = [];
  }

  stopped(index: number): void {
    this.#late = this.#late.filter((l) => l.receiver !== index);
  }

  #isRunning(index: number): boolean {
    return this.#people[index]?.running === true;
  }

  #isCut(index: number, link: DeviceLink): boolean {
    return this.#cut.has(pair(index, this.#uids.indexOf(link.uid)));
  }

  #frame(receiver: number, link: DeviceLink, pass: () => boolean): boolean {
    const fault = this.#faults.get(`${receiver} ${this.#uids.indexOf(link.uid)}`);
    if (!fault || fault.left-- <= 0) return pass();
    if (fault.fault === 'repeat') pass();
    if (fault.fault === 'delay') this.#late.push({ receiver, deliver: () => void (link.closed || pass()) });
    return fault.fault === 'repeat' ? pass() : true;
  }
}
