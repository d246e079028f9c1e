/** A workspace of real processes on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import createTestnet from 'hyperdht/testnet.js';
import { isRecord } from '../github-stand-in/reply.ts';
import { type RemoteSteering, steerGithubStandIn } from '../github-stand-in/control.ts';
import type { Programs } from '../product.ts';
import { Machine } from './machine.ts';

export const ORG = 'acme';
const ORG_ID = 9009;

type Testnet = Awaited<ReturnType<typeof createTestnet>>;

export interface PersonOptions {
  /** Of the org; true unless said otherwise. */
  member?: boolean;
  /** Beside or instead of what every machine is given. */
  env?: Readonly<Record<string, string>>;
  /** What comes before node on the command line: the host of a network lab. */
  within?: readonly string[];
}

export class ProcessWorld {
  /** Steers the stand-in of the other process. */
  readonly github: RemoteSteering;
  readonly githubUrl: string;
  readonly folder: string;
  readonly #programs: Programs;
  readonly #standIn: ChildProcess;
  readonly #testnet: Testnet;
  readonly #machines: Machine[] = [];
  #nextId = 1001;

  private constructor(
    folder: string,
    programs: Programs,
    standIn: { child: ChildProcess; url: string; control: string },
    testnet: Testnet,
  ) {
    this.folder = folder;
    this.#programs = programs;
    this.#standIn = standIn.child;
    this.#testnet = testnet;
    this.githubUrl = standIn.url;
    this.github = steerGithubStandIn(standIn);
  }

  /**
   * Starts the stand-in and the DHT.
   * @param programs where the built files are, or what builds them in the world's own folder
   */
  static async start(programs: Programs | ((folder: string) => Promise<Programs>)): Promise<ProcessWorld> {
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ts-'));
    let standIn: Awaited<ReturnType<typeof startStandIn>> | null = null;
    try {
      const files = typeof programs === 'function' ? await programs(folder) : programs;
      standIn = await startStandIn(files.githubStandIn);
      const world = new ProcessWorld(folder, files, standIn, await createTestnet(3));
      await world.github.addOrg({ login: ORG, id: ORG_ID, members: [] });
      return world;
    } catch (error) {
      standIn?.child.kill();
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** `host:port,…` of the DHT. */
  get bootstrap(): string {
    return this.#testnet.bootstrap.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  /** Somebody with a GitHub account and a machine that is not set up yet. */
  async person(login: string, { member = true, ...elsewhere }: PersonOptions = {}): Promise<Machine> {
    const { token } = await this.github.addUser({ login, id: this.#nextId++ });
    if (member) await this.github.addMember(ORG, { login });
    const machine = new Machine({
      login,
      folder: path.join(this.folder, login.toLowerCase()),
      cli: this.#programs.cli,
      env: {
        GH_TOKEN: token,
        TEAMMATE_SYNC_GITHUB_API: this.githubUrl,
        TEAMMATE_SYNC_BOOTSTRAP: this.bootstrap,
        ...elsewhere.env,
      },
      within: elsewhere.within ?? [],
    });
    this.#machines.push(machine);
    return machine;
  }

  /** A further machine of somebody, not set up yet. */
  further(of: Machine): Machine {
    const { login, env } = of;
    const own = ['GH_TOKEN', 'TEAMMATE_SYNC_GITHUB_API', 'TEAMMATE_SYNC_BOOTSTRAP'].map((name) => [name, env[name]]);
    const folder = path.join(this.folder, `${login.toLowerCase()}-${this.#machines.length}`);
    const machine = new Machine({ login, folder, cli: this.#programs.cli, env: Object.fromEntries(own) });
    this.#machines.push(machine);
    return machine;
  }

  /** People whose machines are set up and whose daemons run. Who is there when a daemon starts, it meets at once. */
  async readyPeople<T extends readonly string[]>(...logins: T): Promise<{ [K in keyof T]: Machine }> {
    const machines = await Promise.all(logins.map((login) => this.person(login)));
    await this.ready(machines);
    return machines as { [K in keyof T]: Machine };
  }

  /** Sets machines up and starts their daemons. */
  async ready(machines: readonly Machine[]): Promise<void> {
    for (const args of [['init', '--org', ORG, '--yes'], ['up']]) {
      const runs = await Promise.all(machines.map((machine) => machine.run(args)));
      const failed = runs.find(({ code }) => code !== 0);
      if (failed) throw new Error(`${args.join(' ')} ended with ${failed.code}: ${failed.stderr}`);
    }
  }

  /** Ends every process at once, without waiting: also for exit handlers. */
  end(): void {
    this.#standIn.kill('SIGKILL');
    for (const machine of this.#machines) machine.end();
  }

  /** Ends every process and removes the folder. @throws when the stand-in gave an answer that GitHub could not have given */
  async close(): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.close()));
    // A test may have ended the stand-in already.
    const mismatches = await this.github.mismatches().catch(() => []);
    this.end();
    await this.#testnet.destroy();
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (mismatches.length > 0) throw new Error(`the GitHub stand-in is not as GitHub:\n${mismatches.join('\n')}`);
  }
}

async function startStandIn(file: string): Promise<{ child: ChildProcess; url: string; control: string }> {
  // It ends with its stdin: never later than this process, however that ends.
  const child = spawn(process.execPath, [file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
    detached: true,
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the GitHub stand-in ended at once, with ${String(code)}`);
  });
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  const at: unknown = JSON.parse(line);
  if (!isRecord(at) || typeof at['url'] !== 'string' || typeof at['control'] !== 'string') {
    throw new Error(`the GitHub stand-in said ${line}`);
  }
  return { child, url: at['url'], control: at['control'] };
}
