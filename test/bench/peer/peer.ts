/**
 * A process of the floors and of the measuring itself: it writes, carries or reads, as the bench tells it over IPC, so
 * that every arm has its writer and its reader in processes of their own.
 */
import fs from 'node:fs';
import type Hypercore from 'hypercore';
import { createClient } from '../../../src/client/index.ts';
import { PRODUCT_VERSION } from '../../../src/protocol/version.ts';
import { now } from '../now.ts';
import { serveCommands } from '../serve-commands.ts';
import { within } from '../wait.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import { followProduct } from './follow-product.ts';
import { appendFile, appendLines, fetchAll, follow, readLive } from './raw-core.ts';
import { type CoreRequest, type JoinRequest, RawNode } from './raw-node.ts';
import { spaced } from './spaced.ts';
import { listenForBytes, listenForLines, type Received, sendFile, sendLines } from './tcp.ts';

const CATCH_UP_MS = 20_000;

interface Lines {
  lines: string[];
  spacingMs: number;
}

/** By where they arrive. Lines over a followed file arrive where those of the core do. */
const arrivals = { tcp: new Arrivals(), core: new Arrivals(), product: new Arrivals() };
const node = new RawNode();
const cores = new Map<string, Hypercore>();
let incoming: Promise<Received> | null = null;

function coreNamed(name: string): Hypercore {
  const core = cores.get(name);
  if (!core) throw new Error(`there is no core ${name}`);
  return core;
}

const commands = {
  /** Writes to the end of a file, as Claude Code does to its transcript. */
  writeLines: async ({ file, lines, spacingMs }: Lines & { file: string }): Promise<number[]> => {
    const fd = fs.openSync(file, 'a');
    try {
      return await spaced(lines, spacingMs, (line) => fs.writeSync(fd, `${line}\n`));
    } finally {
      fs.closeSync(fd);
    }
  },
  sendLines: ({ port, lines, spacingMs }: Lines & { port: number }): Promise<number[]> =>
    sendLines(port, lines, spacingMs),
  sendFile: ({ port, file, bytes }: { port: number; file: string; bytes: number }): Promise<number> =>
    sendFile(port, file, bytes),
  listenForLines: (): Promise<number> => listenForLines((line) => arrivals.tcp.note(line)),
  /** For one connection, of which {@link received} tells. */
  listenForBytes: (): Promise<number> =>
    new Promise((resolve, reject) => {
      incoming = new Promise((ended) => {
        listenForBytes(ended).then(resolve, reject);
      });
    }),
  received: async ({ timeoutMs }: { timeoutMs: number }): Promise<Received | null> =>
    incoming && within(incoming, timeoutMs, 'the bytes to arrive'),

  join: (request: JoinRequest): Promise<void> => node.join(request),
  /** The new core's key, hex. */
  createCore: async ({ name, ...request }: CoreRequest & { name: string }): Promise<string> => {
    const core = await node.create(request);
    cores.set(name, core);
    return core.key.toString('hex');
  },
  appendLines: ({ name, lines, spacingMs }: Lines & { name: string }): Promise<number[]> =>
    appendLines(coreNamed(name), lines, spacingMs),
  /** How long it took, in milliseconds, and how many blocks there are. */
  appendFile: async ({ name, file, bytes }: { name: string; file: string; bytes: number }) => {
    const core = coreNamed(name);
    return { ms: await appendFile(core, file, bytes), blocks: core.length };
  },
  follow: ({ name, file }: { name: string; file: string }): Promise<void> => follow(coreNamed(name), file),
  readLive: async ({ key, ...request }: CoreRequest & { key: string }): Promise<void> => {
    readLive(await node.open(request, key), (text) => arrivals.core.note(text));
  },
  /** From the opening to the last block, in milliseconds. */
  fetchAll: async ({ key, blocks, ...request }: CoreRequest & { key: string; blocks: number }) => {
    const began = now();
    const { at, bytes } = await fetchAll(await node.open(request, key), blocks);
    return { ms: at - began, bytes };
  },

  /** Follows a shared session over the product's local API, as `show -f` does; resolves when all so far was read. */
  readProduct: ({ socket, handle, session }: { socket: string; handle: string; session: string }): Promise<void> => {
    const client = createClient({ socketPath: socket, version: PRODUCT_VERSION });
    return within(followProduct(client, handle, session, arrivals.product), CATCH_UP_MS, 'the session to be read');
  },
  /** Takes what has arrived there, once there are so many. */
  arrived: (request: { where: keyof typeof arrivals; count: number; timeoutMs: number }): Promise<Arrival[]> =>
    arrivals[request.where].take(request.count, request.timeoutMs),
};

/** What the bench can ask for. */
export type PeerCommands = typeof commands;

serveCommands(commands);
