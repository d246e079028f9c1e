/**
 * Many teammates in one process: daemons as in production, each with its own home, network node and local API. They share
 * this process' processor time and memory; the daemon that is measured never runs here. Beside them many raw readers of one
 * hypercore, which are the floor of the same.
 */
import { randomBytes } from 'node:crypto';
import { type Client, createClient } from '../../../src/client/index.ts';
import { Daemon, loadSettings, pathsOf, setUp } from '../../../src/daemon/index.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { PRODUCT_VERSION } from '../../../src/protocol/version.ts';
import { type Arrival, Arrivals } from '../peer/arrivals.ts';
import { followProduct } from '../peer/follow-product.ts';
import { readLive } from '../peer/raw-core.ts';
import { type CoreRequest, type JoinRequest, RawNode } from '../peer/raw-node.ts';
import { serveCommands } from '../serve-commands.ts';
import { poll } from '../wait.ts';
import { typing } from '../../support/typing.ts';
import { unattended } from '../../support/unattended.ts';

type Env = Readonly<Record<string, string>>;

interface Teammate {
  login: string;
  env: Env;
  client: Client;
  arrivals: Arrivals;
}

/** How many do at once what asks GitHub or joins the network. */
const AT_ONCE = 5;
const SOON = { everyMs: 20, timeoutMs: 200_000 };
const teammates = new Map<string, Teammate>();
const rawArrivals: Arrivals[] = [];
/** In dist/, above dist/test/ where this runs. */
const redactor = new URL('../teammate-sync-redactor.mjs', import.meta.url);
const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** Does the work for each of these, a few at once. */
async function forEach(logins: string[], work: (teammate: Teammate) => Promise<void>): Promise<void> {
  const left = logins.map((login) => {
    const teammate = teammates.get(login);
    if (!teammate) throw new Error(`${login} is not set up`);
    return teammate;
  });
  const next = async (): Promise<void> => {
    for (let teammate = left.shift(); teammate; teammate = left.shift()) await work(teammate);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

/**
 * Of the workspace they meet `only` this one person: fifty on one machine who all meet each other would measure that, and
 * take each other's places before the bound on connections from one address.
 */
async function start(env: Env, only: string): Promise<void> {
  const logger = createLogger({ level: 'silent', clock: systemClock });
  const surroundings = { env, clock: systemClock, random, processes: systemProcesses, redactor, logger, tap: null };
  const daemon = new Daemon({ settings: loadSettings(pathsOf(env), null), surroundings });
  await daemon.start();
  const { rooms } = daemon;
  if (rooms) rooms.connections.mayMeet = (uid) => rooms.people.known(only)?.uid === uid;
}

async function accept({ login, client }: Teammate, handle: string): Promise<void> {
  const invited = async (): Promise<true | null> =>
    (await client.call('connections')).pendingIn.length > 0 ? true : null;
  await poll(invited, { what: `the invite to be with ${login}`, ...SOON });
  await client.call('accept', { body: { handle } });
}

async function follow({ login, client, arrivals }: Teammate, handle: string, session: string): Promise<void> {
  const fetched = async (): Promise<true | null> => {
    const { sessions } = await client.call('inbox', { params: { handle } });
    return sessions.some((s) => s.session === session && s.turns > 0 && s.fetched >= s.turns) ? true : null;
  };
  await poll(fetched, { what: `the session to be with ${login}`, ...SOON });
  await followProduct(client, handle, session, arrivals);
  // What was there before is no arrival.
  await arrivals.take(0, SOON.timeoutMs);
}

interface RawReaders {
  join: JoinRequest;
  core: CoreRequest & { key: string };
  count: number;
  /** How many it holds already. */
  lines: number;
}

const commands = {
  /** Sets up homes: their records are on GitHub, and nobody is there yet. */
  setUp: async ({ org, people }: { org: string; people: { login: string; env: Env }[] }): Promise<void> => {
    for (const { login, env } of people) {
      const client = createClient({ socketPath: pathsOf(env).socket, version: PRODUCT_VERSION, caller: typing });
      teammates.set(login, { login, env, client, arrivals: new Arrivals() });
    }
    const logins = people.map(({ login }) => login);
    await forEach(logins, async ({ env }) => {
      await setUp({ ...unattended, org, env, clock: systemClock, random });
    });
  },
  /** Starts their daemons. */
  come: ({ logins, only }: { logins: string[]; only: string }): Promise<void> =>
    forEach(logins, ({ env }) => start(env, only)),
  /** They accept what `handle` shares, and follow that session; resolves when all have read what there is. */
  take: ({ logins, handle, session }: { logins: string[]; handle: string; session: string }): Promise<void> =>
    forEach(logins, async (teammate) => {
      await accept(teammate, handle);
      await follow(teammate, handle, session);
    }),
  /** Takes what has arrived with each, once there are so many. */
  arrived: ({ logins, count, timeoutMs }: { logins: string[]; count: number; timeoutMs: number }) =>
    Promise.all(
      logins.map((login): Promise<Arrival[]> => {
        const { arrivals = new Arrivals() } = teammates.get(login) ?? {};
        return arrivals.take(count, timeoutMs);
      }),
    ),

  /** So many more raw readers follow a core, each with a network node of its own. */
  rawReaders: async ({ join, core: { key, folder, blockKey }, count, lines }: RawReaders): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const node = new RawNode();
      await node.join(join);
      const arrivals = new Arrivals();
      const core = await node.open({ folder: `${folder}-${rawArrivals.push(arrivals)}`, blockKey }, key);
      readLive(core, (text) => arrivals.note(text));
      await arrivals.take(lines, SOON.timeoutMs);
    }
  },
  rawArrived: ({ count, timeoutMs }: { count: number; timeoutMs: number }): Promise<Arrival[][]> =>
    Promise.all(rawArrivals.map((arrivals) => arrivals.take(count, timeoutMs))),
};

/** What the bench can ask for. */
export type CrowdCommands = typeof commands;

serveCommands(commands);
