/**
 * A small internet of network namespaces: a core that routes and holds the DHT, and hosts with addresses of their own
 * that can be cut off or moved. Nothing of it is linked to the machine's network. Linux only, as root.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';

/** Of the core. Addresses of bogus networks would take other paths in hyperdht; a NAT is recognised by several hosts. */
const CORE = ['11.0.0.1', '11.0.0.2', '11.0.0.3'];
const DHT_PORT = 49_737;

/**
 * What a home's router does. A consistent one keeps the port; a random one takes another for each destination, and two of
 * these cannot be punched. Who is let in early would find the port taken that the way out has (measured).
 */
const natRules = (kind: 'consistent' | 'random'): string => `
  table ip home {
    chain out {
      type nat hook postrouting priority 100;
      oifname "wan" masquerade ${kind === 'random' ? 'random,fully-random' : ''};
    }
    chain in { type filter hook input priority 0; iifname "wan" ct state new,invalid drop; }
    chain through { type filter hook forward priority 0; iifname "wan" ct state new,invalid drop; }
  }`;

/**
 * True where network namespaces can be made and named, and routers made of them. Elsewhere it says so; as root in CI,
 * where it must be possible, it throws.
 */
export function canMakeNetworks(): boolean {
  if (hasTools() && hasNamespaces()) return true;
  const why = 'networks cannot be made here (Linux, root, and ip, nft and conntrack are needed)';
  if (process.env['CI'] && process.getuid?.() === 0) throw new Error(why);
  console.error(`${why}: what needs them is not tested`);
  return false;
}

function hasTools(): boolean {
  return ['nft', 'conntrack'].every((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0);
}

function hasNamespaces(): boolean {
  const name = `ts-probe-${randomBytes(3).toString('hex')}`;
  const made = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (made) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  return made;
}

export interface Host {
  /** What to put before a command so that it runs on this host. */
  readonly within: readonly string[];
  /** No packet gets through until {@link plug}. */
  unplug(): void;
  plug(): void;
  /** Gets another address in another network; of a home it is the router that does, and the host sees nothing of it. */
  move(): void;
}

export class NetworkLab {
  readonly bootstrap = `${CORE[0]}:${DHT_PORT}`;
  readonly #id = randomBytes(3).toString('hex');
  readonly #names: string[] = [];
  readonly #processes: ChildProcess[] = [];
  #subnets = 0;

  private constructor() {
    this.#namespace('core');
    for (const address of CORE) ip('-n', this.#name('core'), 'address', 'add', `${address}/32`, 'dev', 'lo');
    forwarding(this.#name('core'));
  }

  static async start(): Promise<NetworkLab> {
    const lab = new NetworkLab();
    try {
      await lab.#serve('core', 'dht-nodes.mjs', String(DHT_PORT), ...CORE);
      return lab;
    } catch (error) {
      lab.close();
      throw error;
    }
  }

  /** A host with a link to the core. */
  host(name: string): Host {
    const namespace = this.#namespace(name);
    this.#connect(namespace, name);
    return this.#hostAt(namespace, namespace, name);
  }

  /** A host in a home network, behind a router that translates addresses and lets nobody in. */
  home(name: string, nat: 'consistent' | 'random' = 'consistent'): Host {
    const namespace = this.#namespace(name);
    const router = this.#namespace(`${name}-router`);
    ip('-n', router, 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'wan', 'netns', namespace);
    ip('-n', router, 'address', 'add', '192.168.1.1/24', 'dev', 'lan');
    ip('-n', namespace, 'address', 'add', '192.168.1.2/24', 'dev', 'wan');
    ip('-n', router, 'link', 'set', 'lan', 'up');
    ip('-n', namespace, 'link', 'set', 'wan', 'up');
    ip('-n', namespace, 'route', 'add', 'default', 'via', '192.168.1.1');
    this.#connect(router, name);
    forwarding(router);
    run('ip', 'netns', 'exec', router, 'nft', natRules(nat));
    return this.#hostAt(namespace, router, name);
  }

  #hostAt(namespace: string, edge: string, name: string): Host {
    const core = this.#name('core');
    return {
      within: ['ip', 'netns', 'exec', namespace],
      unplug: () => ip('-n', core, 'link', 'set', `to-${name}`, 'down'),
      plug: () => ip('-n', core, 'link', 'set', `to-${name}`, 'up'),
      move: () => {
        ip('-n', core, 'link', 'del', `to-${name}`);
        this.#connect(edge, name);
        if (edge !== namespace) run('ip', 'netns', 'exec', edge, 'conntrack', '-F');
      },
    };
  }

  /** Lets a server of this machine's loopback be reached on the loopback of a host, on the same port. */
  async lend(name: string, port: number, folder: string): Promise<void> {
    const file = path.join(folder, `${name}-${port}.sock`);
    await this.#serve(null, 'relay.mjs', 'path', file, String(port));
    await this.#serve(name, 'relay.mjs', 'tcp', String(port), file);
  }

  /** Ends what runs for the lab and removes its networks. What was started on its hosts must have ended. */
  close(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
    for (const name of this.#names) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  }

  #name(short: string): string {
    return `ts-${this.#id}-${short}`;
  }

  #namespace(short: string): string {
    const name = this.#name(short);
    ip('netns', 'add', name);
    this.#names.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return name;
  }

  /** A subnet of its own for this link; the core is the way to everywhere. */
  #connect(namespace: string, name: string): void {
    const core = this.#name('core');
    const subnet = `11.0.${++this.#subnets}`;
    ip('-n', core, 'link', 'add', `to-${name}`, 'type', 'veth', 'peer', 'name', 'wan', 'netns', namespace);
    ip('-n', core, 'address', 'add', `${subnet}.1/24`, 'dev', `to-${name}`);
    ip('-n', namespace, 'address', 'add', `${subnet}.2/24`, 'dev', 'wan');
    ip('-n', core, 'link', 'set', `to-${name}`, 'up');
    ip('-n', namespace, 'link', 'set', 'wan', 'up');
    ip('-n', namespace, 'route', 'add', 'default', 'via', `${subnet}.1`);
  }

  /** Starts one of the scripts beside this file, on a host or (null) here; resolves when it says that it is up. */
  async #serve(on: string | null, script: string, ...args: string[]): Promise<void> {
    const command = [process.execPath, path.join(import.meta.dirname, script), ...args];
    const before = on === null ? [] : ['ip', 'netns', 'exec', this.#name(on)];
    const [program = '', ...rest] = [...before, ...command];
    // The guard of the tests knows loopback only; these networks lead nowhere.
    const child = spawn(program, rest, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#processes.push(child);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${script} ended with ${String(code)}`);
    });
    ended.catch(() => {});
    await Promise.race([once(child.stdout, 'data'), ended]);
  }
}

function forwarding(namespace: string): void {
  run('ip', 'netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
}

function ip(...args: string[]): void {
  run('ip', ...args);
}

function run(...[program = '', ...args]: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
}
