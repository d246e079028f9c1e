/** A workspace on this machine: a DHT and a GitHub stand-in on loopback, and people with homes of their own. */
import fs from 'node:fs';
import path from 'node:path';
import createTestnet from 'hyperdht/testnet.js';
import { type StandIn, startGithubStandIn } from '../github-stand-in/index.ts';
import { makeTempDir } from '../tmp-dir.ts';
import { Person } from './person.ts';

const ORG = 'acme';

export class World {
  readonly github: StandIn;
  readonly #testnet: Awaited<ReturnType<typeof createTestnet>>;
  readonly #temp: ReturnType<typeof makeTempDir>;
  readonly #people: Person[] = [];
  #nextId = 1001;

  private constructor(github: StandIn, testnet: Awaited<ReturnType<typeof createTestnet>>) {
    this.github = github;
    this.#testnet = testnet;
    this.#temp = makeTempDir();
    github.addOrg({ login: ORG, id: 9009, members: [] });
  }

  static async start(): Promise<World> {
    return new World(await startGithubStandIn(), await createTestnet(3));
  }

  get bootstrap(): string {
    return this.#testnet.bootstrap.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  get folder(): string {
    return this.#temp.path;
  }

  /** A member of the org with an empty home. */
  member(login: string): Person {
    const { token } = this.github.addUser({ login, id: this.#nextId++ });
    this.github.addMember(ORG, { login });
    const folder = path.join(this.#temp.path, login.toLowerCase());
    fs.mkdirSync(folder, { mode: 0o700 });
    return this.machine(login, token, folder);
  }

  /** A member whose home is set up and whose daemon runs. */
  async person(login: string): Promise<Person> {
    const person = this.member(login);
    await person.init();
    await person.start();
    return person;
  }

  /** A further machine of somebody, not set up yet. */
  machine(login: string, token: string, folder: string): Person {
    const person = new Person({ login, folder, token, github: this.github.url, bootstrap: this.bootstrap, org: ORG });
    this.#people.push(person);
    return person;
  }

  /** Time passes on every machine: clocks that are too far apart share nothing. */
  pass(ms: number): void {
    for (const { clock } of this.#people) clock.pass(ms);
  }

  async close(): Promise<void> {
    await Promise.all(this.#people.map((p) => p.close()));
    await this.#testnet.destroy();
    this.#temp.remove();
    // Last: it fails when the stand-in was not as GitHub.
    await this.github.close();
  }
}
