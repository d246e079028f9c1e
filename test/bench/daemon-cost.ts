/** What the daemon costs its machine: until it answers, and while nothing happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createClient } from '../../src/client/index.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import type { Machine } from '../support/process-world/index.ts';
import type { Floors, Ground } from './ground.ts';
import { now } from './now.ts';
import { cpuMsOf, type Memory, memoryOf } from './process-facts.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution } from './statistics.ts';
import { figure, megabytes, type Table, times } from './table.ts';
import { poll, sleep } from './wait.ts';

const FULL = { starts: 7, settleMs: 5000, idleMs: 10_000 };
const QUICK = { starts: 3, settleMs: 2000, idleMs: 4000 };
const START_MS = 30_000;
const ASK_EVERY_MS = 1;

/** Answers like a daemon that does nothing. */
const BARE_SERVER =
  "require('http').createServer((_, a) => a.end('{}')).listen(process.argv[1]); process.stdin.resume().on('end', () => process.exit())";

interface Starts {
  /** From spawn until the local API answers, and until the contact is online. */
  daemonMs: Distribution;
  contactMs: Distribution;
  /** Floors: a Node with an HTTP server on a unix socket; a Node with a raw core that has joined the DHT. */
  bareMs: Distribution;
  rawMs: Distribution;
}

interface Idle {
  name: string;
  memory: Memory | null;
  /** Percent of one core. */
  cpu: number | null;
}

export const daemonCost: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const { starts, settleMs, idleMs } = quick ? QUICK : FULL;
  progress('daemon: two daemons');
  const { owner, recipient } = await ground.pair();
  const claude = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  await ground.shareOnce(owner, recipient, claude, 2);

  const ms = { daemon: [] as number[], contact: [] as number[], bare: [] as number[], raw: [] as number[] };
  for (let i = 0; i < starts; i++) {
    progress(`daemon: start ${i + 1} of ${starts}`);
    const { answered, contact } = await startDaemon(ground, owner);
    ms.daemon.push(answered);
    ms.contact.push(contact);
    ms.bare.push(await startBare(ground, i));
    ms.raw.push(await startRaw(ground, i));
  }
  const start: Starts = {
    daemonMs: distribution(ms.daemon),
    contactMs: distribution(ms.contact),
    bareMs: distribution(ms.bare),
    rawMs: distribution(ms.raw),
  };

  progress(`daemon: idle for ${(settleMs + idleMs) / 1000} s`);
  const bare = spawnBare(ground, ground.file('idle.sock'));
  const idle = await watchIdle(owner, recipient, await idleFloors(ground), bare.pid ?? 0, settleMs, idleMs);
  return { data: { start, idle, idleMs }, tables: [startTable(start), idleTable(idle, idleMs)] };
}

async function startDaemon(ground: Ground, owner: Machine): Promise<{ answered: number; contact: number }> {
  await owner.killDaemon();
  ground.check();
  const began = now();
  const stdio = 'ignore';
  const args = [ground.programs.daemon, 'serve'];
  ground.adopt(spawn(process.execPath, args, { env: owner.env, cwd: owner.folder, detached: true, stdio }));
  const client = createClient({ socketPath: owner.paths.socket, version: PRODUCT_VERSION, timeoutMs: START_MS });
  const bound = { everyMs: ASK_EVERY_MS, timeoutMs: START_MS };
  await poll(() => client.call('status'), { what: 'the daemon to answer', ...bound });
  const answered = now() - began;
  const online = async (): Promise<true | null> =>
    (await client.call('connections')).accepted.some((person) => person.online) ? true : null;
  await poll(online, { what: 'the contact to be online', ...bound });
  return { answered, contact: now() - began };
}

function spawnBare(ground: Ground, socketPath: string): ChildProcess {
  const stdio: ('pipe' | 'ignore')[] = ['pipe', 'ignore', 'ignore'];
  return ground.adopt(spawn(process.execPath, ['-e', BARE_SERVER, socketPath], { stdio, detached: true }));
}

async function startBare(ground: Ground, i: number): Promise<number> {
  const socketPath = ground.file(`bare-${i}.sock`);
  const began = now();
  const child = spawnBare(ground, socketPath);
  await poll(() => ask(socketPath), { what: 'a bare server to answer', everyMs: ASK_EVERY_MS, timeoutMs: START_MS });
  const ms = now() - began;
  child.kill();
  return ms;
}

/** One request, as the client makes them. */
async function ask(socketPath: string): Promise<true> {
  const { request } = await import('node:http');
  await new Promise<void>((resolve, reject) => {
    const asked = request({ socketPath, path: '/', agent: false }, (answer) => answer.resume().once('end', resolve));
    asked.once('error', reject).end();
  });
  return true;
}

async function startRaw(ground: Ground, i: number): Promise<number> {
  const began = now();
  const peer = await ground.peer();
  const topic = randomBytes(32).toString('hex');
  await peer.call('join', { bootstrap: ground.bootstrap, topic, role: 'owner' });
  const blockKey = randomBytes(32).toString('hex');
  await peer.call('createCore', { name: 'start', folder: ground.file(`raw-start-${i}`), blockKey });
  const ms = now() - began;
  peer.kill();
  return ms;
}

/** Raw peers that have met, with one core between them. */
async function idleFloors(ground: Ground): Promise<Floors> {
  const floors = await ground.floors();
  const blockKey = randomBytes(32).toString('hex');
  const key = await floors.owner.call('createCore', { name: 'idle', folder: ground.file('idle-owner'), blockKey });
  await floors.owner.call('appendLines', { name: 'idle', lines: ['one'], spacingMs: 0 });
  await floors.reader.call('fetchAll', { folder: ground.file('idle-reader'), blockKey, key, blocks: 1 });
  return floors;
}

async function watchIdle(
  owner: Machine,
  recipient: Machine,
  floors: Floors,
  barePid: number,
  settleMs: number,
  idleMs: number,
): Promise<Idle[]> {
  const watched = [
    { name: "owner's daemon", pid: owner.daemonPid ?? 0 },
    { name: "recipient's daemon", pid: recipient.daemonPid ?? 0 },
    { name: 'floor: raw hyperswarm + hypercore, owner', pid: floors.owner.pid },
    { name: 'floor: raw hyperswarm + hypercore, reader', pid: floors.reader.pid },
    { name: 'floor: bare Node with an HTTP server', pid: barePid },
  ];
  await sleep(settleMs);
  const began = now();
  const before = watched.map(({ pid }) => cpuMsOf(pid));
  await sleep(idleMs);
  const after = watched.map(({ pid }) => cpuMsOf(pid));
  const passed = now() - began;
  return watched.map(({ name, pid }, i) => {
    const [from = null, to = null] = [before[i], after[i]];
    return { name, memory: memoryOf(pid), cpu: from === null || to === null ? null : ((to - from) / passed) * 100 };
  });
}

function startTable({ daemonMs, contactMs, bareMs, rawMs }: Starts): Table {
  const row = (name: string, { n, p50, max }: Distribution, floors: boolean): string[] => {
    const ratios = floors ? [times(p50, bareMs.p50), times(p50, rawMs.p50)] : ['', ''];
    return [name, String(n), figure(p50), figure(max), ...ratios];
  };
  return {
    title: '4. Daemon: from spawn, ms',
    columns: ['', 'n', 'p50', 'max', 'p50 ÷ bare Node', '÷ raw peer'],
    rows: [
      row('local API answers', daemonMs, true),
      row('the one contact is online, after kill -9', contactMs, false),
      row('floor: bare Node with an HTTP server answers', bareMs, false),
      row('floor: raw hyperswarm + hypercore has joined', rawMs, false),
    ],
    notes: [
      'The daemon was ended with kill -9 each time, and has one shared session to open. It answers before it has joined.',
    ],
  };
}

function idleTable(idle: Idle[], idleMs: number): Table {
  const bare = idle.at(-1)?.memory?.rss ?? null;
  const raw = idle.find(({ name }) => name.includes('raw'))?.memory?.rss ?? null;
  return {
    title: '4. Daemon: idle, one contact and one shared session',
    columns: ['', 'RSS MB', 'of it anonymous', 'peak', 'CPU % of a core', 'RSS ÷ raw peer', '÷ bare Node'],
    rows: idle.map(({ name, memory, cpu }) => {
      const { rss = null, anonymous = null, peak = null } = memory ?? {};
      const ratios = name.startsWith('floor') ? ['', ''] : [times(rss, raw), times(rss, bare)];
      return [name, megabytes(rss), megabytes(anonymous), megabytes(peak), figure(cpu), ...ratios];
    }),
    notes: [
      `A window of ${idleMs / 1000} s, all processes in the same. The stand-in for GitHub is asked meanwhile, as ever.`,
    ],
  };
}
