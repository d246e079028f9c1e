/** Two people who are killed again and again, with everything checked after each death. */
import { HEAL_FAST_MS, HEAL_FIRST_MS } from '../../src/protocol/limits.ts';
import { until } from '../support/until.ts';
import type { Doom, StepKind } from '../support/world/index.ts';
import { quiet, readSafely } from './checks.ts';
import { Facts } from './facts.ts';
import type { Choices } from './random.ts';
import { codeOf, say, type Side } from './side.ts';
import { Verbs } from './verbs.ts';

/** Lines after which a conversation ends: each check reads all of them, and each start adds a core to it. */
const TALK_MAX = 250;
const TALK_ENDS = 0.15;
/** How often both die. */
const BOTH_DIE = 0.35;
const LONG_TALK = 200;
const WRITE_EVERY_MS = 40;
/** How long a death that was set may take to come, with nothing more typed. */
const DEATH_PATIENCE_MS = 150;
const HISTORY = 40;
const MEETING_MS = 20_000;

/** How far off a death may lie, in steps of each kind. */
const REACH: Record<StepKind, number> = { frame: 40, file: 16, append: 6 };

export class Pair {
  readonly history: string[] = [];
  /** How often each kind of death came. */
  readonly deaths = new Map<string, number>();
  kills = 0;
  /** How often the two had to meet again, and how often that took more than the healer's first look. */
  meetings = 0;
  late = 0;
  readonly #facts: Facts;
  readonly #verbs: Verbs;
  readonly #choose: Choices;
  #writer: NodeJS.Timeout | null = null;

  constructor(sides: readonly [Side, Side], choices: Choices) {
    this.#facts = new Facts(sides);
    this.#choose = choices;
    this.#verbs = new Verbs(this.#facts, (line) => this.#note(line));
  }

  get #sides(): readonly [Side, Side] {
    return this.#facts.sides;
  }

  /** Connected, with one conversation each, the first of them shared. */
  async begin(): Promise<void> {
    const [a, b] = this.#sides;
    for (const side of this.#sides) await side.start();
    await this.#verbs.reconnect(a, await a.begin(2), await b.begin(2));
    await quiet(this.#facts);
  }

  /** One death at least. @throws Broken */
  async round(): Promise<void> {
    const victim = this.#choose.pick(this.#sides);
    await this.#prepare();
    this.#write(true);
    try {
      await this.#untilDead(victim);
      this.#died(victim.daemon.death ?? 'from outside');
      const survivor = this.#facts.other(victim);
      if (this.#choose.chance(BOTH_DIE)) {
        await survivor.kill();
        this.#died('with the other one');
      } else if (this.#choose.chance(0.3)) await this.#act(survivor);
      await this.#bringBack(victim);
      await this.#mend();
    } finally {
      this.#write(false);
    }
    await quiet(this.#facts);
    this.#note('quiet');
  }

  async stop(): Promise<void> {
    this.#write(false);
    for (const side of this.#sides) await side.kill();
  }

  #note(line: string): void {
    this.history.push(line);
    if (this.history.length > HISTORY) this.history.shift();
  }

  #died(how: string): void {
    this.kills++;
    this.deaths.set(how, (this.deaths.get(how) ?? 0) + 1);
    this.#note(`dead: ${how}`);
  }

  /** Everybody has conversations to share; old ones end. */
  async #prepare(): Promise<void> {
    for (const side of this.#sides) {
      for (const talk of side.live()) {
        if (talk.said.length > TALK_MAX || this.#choose.chance(TALK_ENDS))
          await this.#verbs.end(side, talk, this.#choose.pick(['exit', 'kill']));
      }
      const wanted = side === this.#sides[0] ? 2 : 1;
      while (side.live().length < wanted) await side.begin(this.#choose.chance(0.3) ? LONG_TALK : 3);
    }
  }

  #write(on: boolean): void {
    if (this.#writer) clearInterval(this.#writer);
    this.#writer = null;
    if (!on) return;
    const [owner] = this.#sides;
    this.#writer = setInterval(() => {
      for (const talk of owner.live()) if (talk.shared !== 'off') say(talk, 1);
    }, WRITE_EVERY_MS);
  }

  /** Lets things be typed until the victim has died, by what was set for it or from outside. */
  async #untilDead(victim: Side): Promise<void> {
    const how = this.#choose.pick(['doomed', 'doomed', 'doomed', 'answered', 'quiet'] as const);
    if (how === 'doomed') {
      const doom = this.#doom();
      this.#note(`${victim.name} is to die at ${doom.kinds.join('/')} ${doom.after}`);
      await victim.daemon.doom(doom);
    }
    if (how === 'answered') {
      this.#verbs.onAnswer = async (side) => {
        if (side === victim) await victim.kill();
      };
    }
    const steps = this.#choose.int(1, 3);
    for (let i = 0; i < steps && !victim.dead; i++) {
      const actor = how === 'answered' || this.#choose.chance(0.6) ? victim : this.#facts.other(victim);
      await this.#act(actor);
      if (this.#choose.chance(0.3)) await this.#look();
    }
    this.#verbs.onAnswer = async () => {};
    if (how === 'doomed' && !victim.dead) {
      await Promise.race([victim.daemon.exited, new Promise((resolve) => setTimeout(resolve, DEATH_PATIENCE_MS))]);
    }
    await victim.kill();
  }

  #doom(): Doom {
    const kind = this.#choose.pick<StepKind>(['frame', 'file', 'file', 'append']);
    return { kinds: [kind], after: this.#choose.int(1, REACH[kind]) };
  }

  /** One thing that this person might do now. */
  async #act(side: Side): Promise<void> {
    if (side.live().length === 0 && !side.dead) await side.begin(3).catch(ignoreDeath);
    if (side.live().length === 0 || side.dead) return;
    const other = this.#facts.other(side);
    const talk = this.#choose.pick(side.live());
    const chance = this.#choose.fraction();
    if (this.#facts.trust !== 'on') {
      const theirs = other.live()[0];
      if (theirs && !other.dead) await this.#verbs.reconnect(side, talk, theirs);
      return;
    }
    if (talk.shared === 'off') {
      await this.#verbs.share(side, talk);
      // While all of it is still on the way.
      if (this.#choose.chance(0.3)) await this.#verbs.unshare(side, talk);
    } else if (chance < 0.35) say(talk, 20);
    else if (chance < 0.6) await this.#verbs.unshare(side, talk);
    else if (chance < 0.7) await this.#verbs.unshareAll(side);
    else if (chance < 0.82) await this.#verbs.disconnect(side);
    else if (chance < 0.9) await this.#verbs.block(side);
    else await this.#verbs.end(side, talk, this.#choose.pick(['exit', 'kill']));
  }

  /** Whoever reads in between sees nothing wrong either. */
  async #look(): Promise<void> {
    for (const side of this.#sides) {
      const reader = this.#facts.other(side);
      for (const talk of side.live()) if (!reader.dead) await readSafely(reader, side, talk).catch(ignoreDeath);
    }
  }

  /**
   * Back without a back-off: both clocks stand still but for the time of the healer's first look, so whoever needs its
   * next one never finds the other.
   */
  async #bringBack(victim: Side): Promise<void> {
    for (const side of this.#sides) if (!side.dead) await side.daemon.hold();
    await Promise.all(this.#sides.filter((side) => side.dead).map((side) => this.#restart(side)));
    const both = await Promise.all(this.#sides.map((side) => this.#meets(side)));
    if (both.every(Boolean)) {
      for (const side of this.#sides) await side.pass(HEAL_FIRST_MS);
      await this.#waitFor(victim);
    }
    for (const side of this.#sides) await side.daemon.release();
  }

  async #restart(side: Side): Promise<void> {
    const doom = this.#choose.chance(0.15) ? { kinds: ['file' as const], after: this.#choose.int(1, 20) } : null;
    if (doom) this.#note(`${side.name} is to die while it starts, at file ${doom.after}`);
    const died = await side.restart({ doom }, { held: true });
    for (let i = 0; i < died; i++) this.#died('while it started');
  }

  /** A machine under load may lose a connection that had just come: that takes a back-off, and is counted. */
  async #waitFor(victim: Side): Promise<void> {
    this.meetings++;
    const online = (): Promise<boolean> => this.#online(victim);
    try {
      await until(online, { timeoutMs: MEETING_MS });
    } catch {
      this.late++;
      this.#note(`${victim.name} is not back before the first back-off`);
      for (const side of this.#sides) await side.daemon.release();
      for (const side of this.#sides) await side.pass(HEAL_FAST_MS);
      await until(online, { timeoutMs: MEETING_MS, what: `${victim.name} is online after the first back-off` });
    }
  }

  async #meets(side: Side): Promise<boolean> {
    const { accepted } = await side.person.client.call('connections', {});
    return accepted.length > 0;
  }

  async #online(side: Side): Promise<boolean> {
    const { accepted } = await side.person.client.call('connections', {});
    return accepted[0]?.online === true;
  }

  /** What a death cut short is typed to its end. */
  async #mend(): Promise<void> {
    for (const side of this.#facts.blocked) await this.#verbs.unblock(side);
  }
}

function ignoreDeath(error: unknown): void {
  if (codeOf(error) !== 'DAEMON_NOT_RUNNING') throw error;
}
