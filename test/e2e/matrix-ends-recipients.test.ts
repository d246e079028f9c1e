/**
 * What recipients end: disconnect and block typed by them, with the owner there, away, or away until the lease is over, and
 * either side's daemon gone right after. From the word on nothing of it is readable or left there, whatever the owner knows;
 * the owner gives them nothing more; and who ended nothing reads on.
 */
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  invited,
  keysOf,
  type Lane,
  type Laptop,
  nothingLeft,
  openLane,
  over,
  reads,
  see,
  useDaemonEntry,
} from '../support/world/index.ts';

const MINUTE = 60_000;
let entry: string;
useDaemonEntry((built) => (entry = built));

const OWNERS = ['online', 'offline during', 'offline until after the lease'] as const;
const RESTARTS = ['restart', 'kill -9'] as const;

interface Row {
  side: 'owner' | 'recipients';
  how: (typeof RESTARTS)[number];
  where: (typeof OWNERS)[number];
}

/** A conversation that three people have: two end it, one reads on. */
class Scene {
  readonly #lane: Lane;
  readonly claude: FakeClaude;
  readonly ending: [verb: 'disconnect' | 'block', by: Laptop][];
  #keys: (string | Buffer)[] = [];

  private constructor(lane: Lane, claude: FakeClaude, ending: Scene['ending']) {
    this.#lane = lane;
    this.claude = claude;
    this.ending = ending;
  }

  /** With two fresh people: who disconnected is not met any more. */
  static async begin(lane: Lane, n: number): Promise<Scene> {
    const { owner, recipients } = lane;
    const [sam, tess] = await Promise.all([lane.join(`sam-${n}`), lane.join(`tess-${n}`)]);
    const claude = await owner.person.claude(`row-${n}`);
    claude.say('one');
    const scene = new Scene(lane, claude, [
      ['disconnect', sam],
      ['block', tess],
    ]);
    const all = [...recipients, sam, tess];
    await owner.person.share(claude, ...all.map((l) => l.person.login));
    for (const { person } of all) {
      const { accepted } = await person.client.call('connections', {});
      if (accepted.length > 0) continue;
      await invited(person, owner.person);
      await person.accept(owner.person.login);
    }
    for (const { person } of all) await reads(person, owner.person, claude, ['one']);
    scene.#keys = keysOf(owner.person, claude);
    return scene;
  }

  get enders(): Laptop[] {
    return this.ending.map(([, by]) => by);
  }

  async type(): Promise<void> {
    const body = { handle: this.#lane.owner.person.login };
    await Promise.all(this.ending.map(([verb, { person }]) => person.client.call(verb, { body })));
  }

  /** Nobody's word and nobody's lease is needed for it. */
  async gone(): Promise<void> {
    const { owner } = this.#lane;
    for (const [verb, { person }] of this.ending) {
      await over(person, owner.person, this.claude, verb);
      await nothingLeft(person, this.claude, this.#keys, verb);
      const { accepted } = await person.client.call('connections', {});
      expect(accepted, verb).toEqual([]);
    }
  }

  /** Sessions' recipients, as the owner is told, and whether they are there. */
  async #has(): Promise<{ handle: string; state: string }[]> {
    const { sessions } = await this.#lane.owner.person.client.call('shared', {});
    return sessions.find((s) => s.session === this.claude.session)?.recipients ?? [];
  }

  /** The owner knows of it, and nobody who ended it is on the list. */
  async heardOf(verb: 'disconnect' | 'block'): Promise<void> {
    const gone = this.ending.filter(([v]) => v === verb).map(([, { person }]) => person.login);
    await until(async () => !(await this.#has()).some(({ handle }) => gone.includes(handle)), {
      what: `the owner to hear of the ${verb}`,
    });
    const { accepted } = await this.#lane.owner.person.client.call('connections', {});
    expect(accepted.filter(({ handle }) => gone.includes(handle))).toEqual([]);
  }

  /** What is said now reaches who ended nothing, and nobody else, and of nobody else the owner says that they are there. */
  async goesOn(): Promise<void> {
    const { owner, recipients } = this.#lane;
    this.claude.say('two');
    for (const { person } of recipients) await reads(person, owner.person, this.claude, ['one', 'two']);
    await until(
      async () => (await this.#has()).filter(({ state }) => state !== 'offline').length === recipients.length,
      {
        what: 'the owner to serve nobody else',
      },
    );
    await this.gone();
  }
}

async function row(lane: Lane, scene: Scene, { side, how, where }: Row): Promise<void> {
  const { owner } = lane;
  const restart = async (laptops: Laptop[]): Promise<void> => {
    await Promise.all(laptops.map((l) => l.goAway(how)));
    await Promise.all(laptops.map((l) => l.comeBack()));
  };
  if (where !== 'online') await owner.goAway(side === 'owner' ? how : 'down');
  await scene.type();
  if (where === 'online' && side === 'owner') await restart([owner]);
  if (side === 'recipients') await restart(scene.enders);
  await scene.gone();
  if (where === 'offline until after the lease') {
    await Promise.all([owner, ...lane.recipients, ...scene.enders].map((l) => l.pass(61 * MINUTE)));
  }
  if (where !== 'online') await owner.comeBack();
  await see(lane.recipients, owner, true);
  // A disconnect is said for an hour, to who is there or comes back, by whoever is left; a block to who is there.
  if (where !== 'offline until after the lease') await scene.heardOf('disconnect');
  await scene.goesOn();
  const { claude } = scene;
  const { client } = owner.person;
  await client.call('unshare', { body: { session: claude.session, cwd: '/', from: [], all: false } });
  await Promise.all(scene.enders.map((l) => l.close()));
}

describe('and a restart of the', () => {
  it.concurrent.each(['owner', 'recipients'] as const)(
    '%s',
    async (side) => {
      const lane = await openLane(entry, { hit: side, how: 'kill -9' }, ['uma'], ['uma']);
      try {
        const rows = RESTARTS.flatMap((how) => OWNERS.map((where) => ({ side, how, where })));
        for (const [i, each] of rows.entries()) await row(lane, await Scene.begin(lane, i), each);
      } finally {
        await lane.close();
      }
    },
    // Six rows after one another, of which each starts daemons: bounded, on a busy machine too.
    300_000,
  );
});
