/** One life: people who do the steps, held against the rules after each of them. */
import { until } from '../../support/until.ts';
import type { World } from '../../support/world/index.ts';
import { Cast } from './cast.ts';
import { hear, perform, share, trust } from './deeds.ts';
import { pair } from './rules.ts';
import type { Step } from './steps.ts';
import { checkSafety, unsettled } from './verify.ts';

const MINUTE = 60_000;
const SETTLE_MS = 30_000;
/** Longer than a lease, and than a clock may have been ahead: what was said with it is then of the past. */
const SETTLE_PASSES = [31 * MINUTE, 31 * MINUTE];

export class Life {
  /** What happened, readable. */
  readonly trace: string[] = [];
  readonly #cast: Cast;

  constructor(world: World, people: number) {
    this.#cast = new Cast(world, people);
  }

  /** @param acquainted they begin connected, everybody with a session that the next one reads */
  async start(acquainted: boolean): Promise<void> {
    const cast = this.#cast;
    await cast.start();
    if (!acquainted) return;
    for (const [owner, session] of cast.rules.sessions.entries()) {
      const reader = (owner + 1) % cast.people.length;
      await this.#live(() => share(cast, reader, session, false));
      await hear(cast);
      await this.#live(() => trust(cast, reader, owner, 0));
    }
  }

  close(): Promise<void> {
    return this.#cast.close();
  }

  async run(step: Step): Promise<void> {
    const done = await this.#live(() => (step.do === 'settle' ? this.settle() : perform(this.#cast, step)));
    if (done) await checkSafety(this.#cast);
  }

  /** Does something, and tells the rules what can be read from then on. False: it could not be done now. */
  async #live(deed: () => Promise<string | null>): Promise<boolean> {
    const before = this.#contacts();
    const done = await deed();
    if (done === null) return false;
    this.trace.push(done);
    const after = this.#contacts();
    this.#cast.rules.track(
      (a, b) => before.has(pair(a, b)) || after.has(pair(a, b)),
      (reader) => this.#cast.person(reader).clock.elapsed(),
    );
    return true;
  }

  /** All faults are mended, time passes, and everybody who may read does, exactly. */
  async settle(): Promise<string> {
    const { rules, network, people, everybody } = this.#cast;
    rules.cut.clear();
    network.heal();
    for (const who of everybody) if (!this.#cast.person(who).running) await this.#cast.bringUp(who);
    for (const { clock } of people) clock.setWall(Date.now() + this.#cast.passed);
    for (const ms of SETTLE_PASSES) this.#cast.pass(ms);
    // Also those on which the clocks are just being exchanged: time that passed in between would be a difference for good.
    network.dropAll();
    let last: string | null = null;
    const calm = async (): Promise<boolean> => (last = await unsettled(this.#cast)) === null;
    await until(calm, { timeoutMs: SETTLE_MS }).catch(async (error: unknown) => {
      throw new Error(`not settled: ${last}\n  ${await account(this.#cast)}`, { cause: error });
    });
    return 'settled';
  }

  #contacts(): Set<string> {
    const { rules, everybody } = this.#cast;
    const all = everybody.flatMap((a) => rules.others(a).map((b) => [a, b] as const));
    return new Set(all.filter(([a, b]) => rules.inContact(a, b)).map(([a, b]) => pair(a, b)));
  }
}

/** What everybody's daemon says of itself, for whoever has to find out why. */
async function account(cast: Cast): Promise<string> {
  const lines = cast.people.map(async ({ login, client, rooms }) => {
    const { errors } = await client.call('status', {});
    const links = rooms.swarm.links().map(({ uid, closed, skewMs }) => ({ uid, closed, skewMs: Math.round(skewMs) }));
    const held = cast.people.flatMap(({ rooms: { self } }) => rooms.inbox.of(self.uid));
    const has = held.map((h) => ({
      of: h.replica.grant.session.slice(0, 4),
      gen: h.replica.grant.gen,
      proved: !!h.replica.header,
    }));
    return `${login}: ${JSON.stringify({ errors: errors.map((e) => `${e.at} ${e.message}`), links, has })}`;
  });
  return (await Promise.all(lines)).join('\n  ');
}
