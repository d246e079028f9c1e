/** The people of one life: real daemons in this process, their conversations, and what each is shown. */
import { type FakeClaude, type Person, uid, type World } from '../../support/world/index.ts';
import { readable } from '../read.ts';
import { Network } from './network.ts';
import { Rules, type Session } from './rules.ts';

const NAMES = ['ann', 'ben', 'cas', 'dan'];
let lives = 0;

export class Cast {
  readonly rules: Rules;
  readonly people: Person[];
  /** How far the true time is ahead of this machine's. */
  passed = 0;
  readonly #world: World;
  readonly #uids: number[] = [];
  readonly #claudes = new Map<Session, FakeClaude>();
  readonly #network: Network;

  constructor(world: World, people: number) {
    this.#world = world;
    this.rules = new Rules(people);
    const suffix = ++lives;
    this.people = NAMES.slice(0, people).map((name) => world.member(`${name}-${suffix}`));
    this.#network = new Network(this.people, this.#uids, this.rules.cut);
  }

  get network(): Network {
    return this.#network;
  }

  get everybody(): number[] {
    return [...this.people.keys()];
  }

  async start(): Promise<void> {
    for (const person of this.people) await person.init();
    await Promise.all(this.people.map((person) => person.start()));
    for (const person of this.people) this.#uids.push(await uid(person));
    for (const index of this.everybody) {
      this.#network.attach(index);
      await this.beginSession(index);
    }
  }

  async close(): Promise<void> {
    for (const person of this.people) this.#world.github.removeMember('acme', person.login);
    await Promise.all(this.people.map((person) => person.close()));
  }

  person(index: number): Person {
    const person = this.people[index];
    if (!person) throw new Error('nobody');
    return person;
  }

  login(index: number): string {
    return this.person(index).login;
  }

  claude(session: Session): FakeClaude {
    const claude = this.#claudes.get(session);
    if (!claude) throw new Error('no such conversation');
    return claude;
  }

  name(session: Session): string {
    return this.claude(session).session.slice(0, 4);
  }

  async beginSession(owner: number): Promise<void> {
    const claude = await this.person(owner).claude(`proj${this.rules.sessions.length}`);
    const session = this.rules.begin(owner);
    this.#claudes.set(session, claude);
    this.say(session);
  }

  /** Time passes for everybody. */
  pass(ms: number): void {
    this.passed += ms;
    for (const { clock } of this.people) clock.pass(ms);
  }

  say(session: Session): void {
    const text = `${this.login(session.owner)} says ${session.said.length} in ${this.name(session)}`;
    session.said.push(text);
    this.claude(session).say(text);
  }

  async bringUp(who: number): Promise<void> {
    await this.person(who).start();
    this.rules.online[who] = true;
    this.#network.attach(who);
  }

  /** What `who` is shown of `whom`. */
  async relation(who: number, whom: number): Promise<string> {
    const all = await this.person(who).client.call('connections', {});
    const login = this.login(whom);
    if (all.accepted.some((p) => p.handle === login)) return 'connected';
    if (all.pendingIn.some((p) => p.handle === login)) return 'pendingIn';
    if (all.pendingOut.some((p) => p.handle === login)) return 'pendingOut';
    if (all.blocked.some((p) => p.handle === login)) return 'blocked';
    const declined = all.declined.find((p) => p.handle === login);
    if (!declined) return 'none';
    return declined.by === 'me' ? 'declinedByMe' : 'declinedByThem';
  }

  /** The texts that this person can read; null when that is refused. */
  read(reader: number, session: Session): Promise<string[] | null> {
    return readable(this.person(reader), this.login(session.owner), this.claude(session).session);
  }
}

/**
 * False while one of two people, by what each is shown of the other, has not heard what the other one said last. Who was
 * blocked or left while they were away may never hear of it.
 */
export function agree(one: string, other: string): boolean {
  const halfAsked = (one === 'pendingOut' && other === 'none') || (other === 'pendingOut' && one === 'none');
  return !halfAsked && (one === 'connected') === (other === 'connected');
}
