/**
 * An owner and recipients, of whom one side has daemons in processes of their own: these can be killed and put to sleep.
 * The others run in this process, where one can look inside.
 */
import { until } from '../until.ts';
import { DaemonProcess } from './daemon-process.ts';
import type { Person } from './person.ts';
import { World } from './world.ts';

/** What happens to a laptop. restart: down and up at once · down: for longer · kill: kill -9 · sleep: the lid is closed. */
export const MISHAPS = ['restart', 'kill -9', 'down', 'sleep'] as const;
export type Mishap = (typeof MISHAPS)[number];

/** One machine, wherever its daemon runs. */
export class Laptop {
  readonly person: Person;
  readonly #entry: string | null;
  #process: DaemonProcess | null = null;
  #asleep = false;
  /** Time that passed while it was asleep. */
  #sleptMs = 0;
  awake = false;

  /** @param entry of a daemon in a process of its own; null: in this process */
  constructor(person: Person, entry: string | null) {
    this.person = person;
    this.#entry = entry;
  }

  async start(): Promise<void> {
    if (this.#entry === null) await this.person.start();
    else {
      // It begins where time stands for the others.
      const wall = this.person.clock.now();
      this.#process = await DaemonProcess.start(this.#entry, this.person.env, [], { wall });
    }
    this.awake = true;
  }

  /** Lets time pass on it, whatever it does. */
  async pass(ms: number): Promise<void> {
    this.person.clock.pass(ms);
    if (this.#asleep) this.#sleptMs += ms;
    else await this.#process?.pass(ms);
  }

  async goAway(how: Mishap): Promise<void> {
    this.awake = false;
    if (this.#process && how === 'sleep') {
      process.kill(this.#process.pid, 'SIGSTOP');
      this.#asleep = true;
    } else if (this.#process && how === 'kill -9') {
      await this.#process.kill();
      this.#process = null;
    } else if (this.#process) {
      await this.#process.stop();
      this.#process = null;
    } else {
      await this.person.stop();
    }
  }

  async comeBack(): Promise<void> {
    if (!this.#asleep) return this.start();
    // It finds that time has passed before it finds anything else.
    const passed = this.#process?.pass(this.#sleptMs);
    if (this.#process) process.kill(this.#process.pid, 'SIGCONT');
    await passed;
    this.#asleep = false;
    this.#sleptMs = 0;
    this.awake = true;
  }

  async close(): Promise<void> {
    await this.#process?.kill();
    await this.person.close();
  }
}

export interface Lane {
  owner: Laptop;
  recipients: Laptop[];
  /** A further recipient, whose daemon runs; who leaves earlier than the lane is closed by whoever let them join. */
  join(login: string): Promise<Laptop>;
  close(): Promise<void>;
}

/**
 * A workspace of their own, so that lanes do not meet one another.
 * @param hit whom the mishap is going to hit; what only a process of its own can suffer, is suffered by one
 * @param spared recipients for whom any mishap is a `down`
 */
export async function openLane(
  entry: string,
  { hit, how }: { hit: 'owner' | 'recipients'; how: Mishap },
  recipients: string[],
  spared: string[] = [],
): Promise<Lane> {
  const world = await World.start();
  const alone = how === 'kill -9' || how === 'sleep';
  const laptop = (login: string, side: 'owner' | 'recipients'): Laptop =>
    new Laptop(world.member(login), alone && side === hit && !spared.includes(login) ? entry : null);
  const owner = laptop('marie', 'owner');
  const others = recipients.map((login) => laptop(login, 'recipients'));
  const all = [owner, ...others];
  for (const { person } of all) await person.init();
  await Promise.all(all.map((l) => l.start()));
  return {
    owner,
    recipients: others,
    async join(login) {
      const joined = laptop(login, 'recipients');
      all.push(joined);
      // As late as it is for the others.
      joined.person.clock.pass(owner.person.clock.now() - joined.person.clock.now());
      await joined.person.init();
      await joined.start();
      return joined;
    },
    async close() {
      await Promise.all(all.map((l) => l.close()));
      await world.close();
    },
  };
}

/** Resolves when each of them sees the owner, or none, as by its local API. */
export async function see(recipients: Laptop[], owner: Laptop, online: boolean): Promise<void> {
  for (const { person } of recipients) {
    const seen = async (): Promise<boolean> => {
      const { accepted } = await person.client.call('connections', {});
      return accepted.some((p) => p.handle === owner.person.login && p.online);
    };
    await until(async () => (await seen()) === online, {
      what: `${person.login} to see ${owner.person.login} ${online ? 'online' : 'offline'}`,
    });
  }
}
