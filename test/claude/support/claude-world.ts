/** Two people with real daemons, and the real Claude Code of one of them; nobody else, and nothing of this machine's. */
import fs from 'node:fs';
import path from 'node:path';
import { TeammateSyncError } from '../../../src/errors.ts';
import { type Machine, ProcessWorld } from '../../support/process-world/index.ts';
import { productDir } from '../../support/product.ts';
import { until } from '../../support/until.ts';
import { ClaudeClient, PROGRAM, requireOnlyLoopback } from './claude-client.ts';
import { MessagesApi } from './messages-api.ts';

export class ClaudeWorld {
  readonly api: MessagesApi;
  /** Has Claude Code, and is connected with sam. */
  readonly marie: Machine;
  readonly sam: Machine;
  readonly claude: ClaudeClient;
  readonly #world: ProcessWorld;

  private constructor(world: ProcessWorld, api: MessagesApi, marie: Machine, sam: Machine) {
    this.#world = world;
    this.api = api;
    this.marie = marie;
    this.sam = sam;
    const bin = path.join(world.folder, 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'teammate-sync'), `#!/bin/sh\nexec '${process.execPath}' '${marie.cli}' "$@"\n`, {
      mode: 0o755,
    });
    fs.symlinkSync(PROGRAM, path.join(bin, 'claude'));
    this.claude = new ClaudeClient(marie, api.url, bin);
  }

  /** @param settings what marie has in Claude Code's settings before `init` puts ours there, as the file has it */
  static async start(settings = '{ "permissions": { "allow": ["Bash"] } }'): Promise<ClaudeWorld> {
    requireOnlyLoopback();
    const world = await ProcessWorld.start(productDir);
    try {
      const [marie, sam] = await Promise.all([world.person('marie'), world.person('sam')]);
      const made = new ClaudeWorld(world, await MessagesApi.start(), marie, sam);
      fs.writeFileSync(made.claude.settings, settings);
      await world.ready([marie, sam]);
      return made;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /** Shares sessions of marie's with sam, as she does in a terminal of her own; sam accepts when it is the first time. */
  async share(...sessions: readonly string[]): Promise<void> {
    for (const session of sessions) await this.marie.ok(['share', 'sam', '--session', session]);
    const { accepted } = await this.sam.client.call('connections');
    if (accepted.length === 0) await this.accept();
  }

  /** Sam accepts marie's invite, once it has come. */
  async accept(): Promise<void> {
    await until(async () => (await this.sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
    await this.sam.ok(['accept', 'marie']);
  }

  /** Sam says `texts` in a session of his own, and marie gets it. */
  async samShares(project: string, ...texts: readonly string[]): Promise<string> {
    const { session } = await this.sam.claude(project, ...texts);
    await this.sam.ok(['share', 'marie', '--session', session]);
    const { accepted, pendingIn } = await this.marie.client.call('connections');
    if (accepted.length === 0) {
      if (pendingIn.length === 0) {
        await until(async () => (await this.marie.client.call('connections')).pendingIn.length === 1, {
          what: 'the invite',
        });
      }
      await this.marie.ok(['accept', 'sam']);
    }
    const reads = async (): Promise<boolean> => {
      const { code, stdout } = await this.marie.run(['show', 'sam', session, '--raw']);
      return code === 0 && texts.every((text) => stdout.includes(JSON.stringify(text).slice(1, -1)));
    };
    await until(reads, { what: 'marie to read what sam shares' });
    return session;
  }

  /** Waits until marie shares these sessions with sam, and no others, and sam holds just these. */
  async sharesOnly(...sessions: readonly string[]): Promise<void> {
    await onlyThese('marie to share', sessions, async () => (await this.marie.client.call('shared')).sessions);
    await onlyThese('sam to hold', sessions, () => this.#received());
  }

  /** Waits until marie's daemon knows of these conversations and of no others. */
  async knows(...sessions: readonly string[]): Promise<void> {
    await onlyThese('the daemon to know', sessions, async () => (await this.marie.client.call('sessions')).sessions);
  }

  /** Waits until sam can read all of `texts` in a session of marie's; all he can read of it, as it is. */
  async samReads(session: string, ...texts: readonly string[]): Promise<string> {
    let read = '';
    const look = async (): Promise<boolean> => {
      read = (await this.sam.run(['show', 'marie', session, '--raw'])).stdout;
      return texts.every((text) => read.includes(text));
    };
    await until(look, { what: `sam to read ${texts.join(' and ')}` });
    return read;
  }

  async close(): Promise<void> {
    await this.claude.close();
    await this.api.close();
    await this.#world.close();
  }

  async #received(): Promise<{ session: string }[]> {
    const answer = await this.sam.client.call('inbox', { params: { handle: 'marie' } }).catch((error: unknown) => {
      // Nobody whom he is connected with shares anything, or he is not connected.
      if (error instanceof TeammateSyncError) return { sessions: [] };
      throw error;
    });
    return answer.sessions;
  }
}

/** Waits for just these sessions, in any order; otherwise says which there were. */
async function onlyThese(
  what: string,
  wanted: readonly string[],
  look: () => Promise<readonly { session: string }[]>,
): Promise<void> {
  const names = wanted.toSorted().join();
  let found = '';
  const matches = async (): Promise<boolean> => {
    found = (await look())
      .map(({ session }) => session)
      .toSorted()
      .join();
    return found === names;
  };
  await until(matches, { what: `${what} only [${names}]` }).catch((cause: unknown) => {
    throw new Error(`${what} only [${names}] took too long; it was [${found}]`, { cause });
  });
}
