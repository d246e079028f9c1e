/** One of the two people: a home, a daemon in a process that dies and comes back, and conversations that grow. */
import { type Beginning, DaemonProcess, DiedEarly, type FakeClaude, type Person } from '../support/world/index.ts';
import { readable } from './read.ts';

/** What the model says of something when nobody is killed in the middle: it is so, it is not so, or it may be either. */
export type Fact = 'on' | 'off' | 'either';

/** A conversation and what is known of it. */
export interface Talk {
  claude: FakeClaude;
  /** Every text that was written to its transcript, in order. */
  said: string[];
  /** Its owner has the other one on its list. */
  shared: Fact;
  /** Texts that the other one may have seen at most, once it was told that the share is over. */
  limit: number;
  over: boolean;
}

export class Side {
  readonly person: Person;
  readonly entry: string;
  uid = 0;
  talks: Talk[] = [];
  /** How far its clock is ahead: a clock that goes back is another story. */
  #ahead = 0;
  #daemon: DaemonProcess | null = null;
  #dead = true;

  constructor(person: Person, entry: string) {
    this.person = person;
    this.entry = entry;
  }

  get name(): string {
    return this.person.login;
  }

  get dead(): boolean {
    return this.#dead;
  }

  get daemon(): DaemonProcess {
    if (!this.#daemon) throw new Error(`${this.name} has no daemon`);
    return this.#daemon;
  }

  /** @throws DiedEarly */
  async start(beginning: Beginning = {}): Promise<void> {
    const daemon = await DaemonProcess.start(this.entry, this.person.env, [], {
      frames: false,
      ahead: this.#ahead,
      ...beginning,
    });
    this.#daemon = daemon;
    this.#dead = false;
    void daemon.exited.then(() => {
      if (this.#daemon === daemon) this.#dead = true;
    });
  }

  /** Starts it; one that is doomed to die while it starts is started again. Returns how often it died. */
  async restart(doomed: Beginning, then: Beginning): Promise<number> {
    if (doomed.doom) {
      try {
        await this.start({ ...then, ...doomed });
      } catch (error) {
        if (!(error instanceof DiedEarly) || error.death === null) throw error;
        await this.start(then);
        return 1;
      }
      return 0;
    }
    await this.start(then);
    return 0;
  }

  async pass(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.#daemon?.pass(ms);
  }

  /** kill -9; fine when it is dead already. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
    this.#dead = true;
  }

  live(): Talk[] {
    return this.talks.filter((t) => !t.over);
  }

  async begin(lines: number): Promise<Talk> {
    const claude = await this.person.claude(`proj${this.talks.length}`);
    const talk: Talk = { claude, said: [], shared: 'off', limit: 0, over: false };
    this.talks.push(talk);
    say(talk, lines);
    return talk;
  }

  /** Texts of the other one's session that can be read now; null when it is refused. */
  read(owner: Side, talk: Talk): Promise<string[] | null> {
    return readable(this.person, owner.name, talk.claude.session);
  }
}

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** More lines in a conversation. */
export function say(talk: Talk, lines: number): void {
  if (talk.over || lines === 0) return;
  const texts = Array.from(
    { length: lines },
    (_, i) => `line ${talk.said.length + i} of ${talk.claude.session.slice(0, 4)}`,
  );
  talk.said.push(...texts);
  talk.claude.say(...texts);
}
