/** What the two type, and what each answer, or the lack of one, means for the facts. */
import { until } from '../support/until.ts';
import type { Facts } from './facts.ts';
import { codeOf, type Side, type Talk } from './side.ts';

/** Something that must never be: it fails the run at once, with its history. */
export class Broken extends Error {}

const CUT_OFF = new Set(['DAEMON_NOT_RUNNING']);
/** What a verb may say when a death has left open how things stand. */
const UNSURE = new Set(['NOT_SHARED', 'NOT_CONNECTED', 'NO_INVITE', 'BLOCKED', 'NO_SUCH_PERSON']);

export class Verbs {
  readonly #facts: Facts;
  readonly #note: (line: string) => void;
  /** Called with every answer, before anything else is done. */
  onAnswer: (side: Side) => Promise<void> = async () => {};

  constructor(facts: Facts, note: (line: string) => void) {
    this.#facts = facts;
    this.#note = note;
  }

  async share(side: Side, talk: Talk): Promise<void> {
    const to = this.#facts.other(side).name;
    const outcome = await this.#type(side, `share ${short(talk)}`, () => side.person.share(talk.claude, to));
    if (outcome !== 'refused') this.#facts.shared(talk, outcome === 'answered');
  }

  async unshare(side: Side, talk: Talk): Promise<void> {
    const sure = this.#facts.trust === 'on' && talk.shared === 'on';
    const body = { session: talk.claude.session, cwd: '/', from: [], all: false };
    const call = (): Promise<unknown> => side.person.client.call('unshare', { body });
    const outcome = await this.#type(side, `unshare ${short(talk)}`, call, sure);
    if (outcome !== 'refused') this.#facts.unshared(talk, outcome === 'answered');
  }

  async unshareAll(side: Side): Promise<void> {
    const body = { session: null, cwd: '/', from: [], all: true };
    const outcome = await this.#type(side, 'unshare --all', () => side.person.client.call('unshare', { body }), true);
    for (const talk of side.talks) this.#facts.unshared(talk, outcome === 'answered');
  }

  async accept(side: Side): Promise<void> {
    const outcome = await this.#type(side, 'accept', () => side.person.accept(this.#facts.other(side).name));
    if (outcome !== 'refused') this.#facts.accepted(outcome === 'answered');
  }

  async disconnect(side: Side): Promise<void> {
    const sure = this.#facts.trust === 'on';
    const outcome = await this.#type(side, 'disconnect', () => this.#person(side, 'disconnect'), sure);
    if (outcome !== 'refused') this.#facts.parted(side, outcome === 'answered');
  }

  async block(side: Side): Promise<void> {
    const outcome = await this.#type(side, 'block', () => this.#person(side, 'block'), true);
    this.#facts.blocked.add(side);
    this.#facts.parted(side, outcome === 'answered');
    if (outcome === 'answered') await this.unblock(side);
  }

  async unblock(side: Side): Promise<void> {
    if (side.dead) return;
    const outcome = await this.#type(side, 'unblock', () => this.#person(side, 'unblock'));
    if (outcome !== 'cut off') this.#facts.blocked.delete(side);
  }

  /** /exit, or a terminal that is lost. */
  async end(side: Side, talk: Talk, how: 'exit' | 'kill'): Promise<void> {
    if (how === 'exit') await this.#type(side, `exit ${short(talk)}`, () => talk.claude.exit());
    else this.#note(`${side.name}: the process of ${short(talk)} dies`);
    talk.claude.kill();
    this.#facts.ended(talk);
    if (!side.dead) await side.pass(1100);
  }

  /** Connected again; only an attempt when somebody dies on the way. */
  async reconnect(inviter: Side, talk: Talk, otherTalk: Talk): Promise<void> {
    const other = this.#facts.other(inviter);
    await this.share(inviter, talk);
    if (this.#facts.left.has(other) || this.#facts.trust === 'either') {
      // Nobody meets whoever has left: both invite, which is consent as well.
      if (this.#facts.left.has(other)) await this.share(other, otherTalk);
    }
    if (inviter.dead || other.dead) return;
    const invited = await until(() => this.#reached(inviter, other), { what: `${other.name} is invited or connected` });
    if (invited === 'invited') await this.accept(other);
  }

  async #reached(inviter: Side, other: Side): Promise<'invited' | 'connected' | 'dead' | null> {
    if (inviter.dead || other.dead) return 'dead';
    const { pendingIn, accepted } = await other.person.client.call('connections', {});
    if (pendingIn.some((p) => p.handle === inviter.name)) return 'invited';
    return accepted.some((p) => p.handle === inviter.name) ? 'connected' : null;
  }

  #person(side: Side, verb: 'disconnect' | 'block' | 'unblock'): Promise<unknown> {
    return side.person.client.call(verb, { body: { handle: this.#facts.other(side).name } });
  }

  /** @param sure a refusal would be wrong */
  async #type(
    side: Side,
    what: string,
    call: () => Promise<unknown>,
    sure = false,
  ): Promise<'answered' | 'cut off' | 'refused'> {
    let outcome: 'answered' | 'cut off' | 'refused' = 'answered';
    try {
      await call();
      await this.onAnswer(side);
    } catch (error) {
      const code = codeOf(error);
      outcome = CUT_OFF.has(code) ? 'cut off' : 'refused';
      if (outcome === 'refused' && (sure || !UNSURE.has(code))) {
        throw new Broken(`${side.name} ${what}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
    this.#note(`${side.name}: ${what} (${outcome})`);
    return outcome;
  }
}

const short = (talk: Talk): string => talk.claude.session.slice(0, 4);
