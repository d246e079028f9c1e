/** How soon a daemon is there: until it answers, and until the contact is linked again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createClient } from '../../src/client/index.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import type { Machine } from '../support/process-world/index.ts';
import type { Ground } from './ground.ts';
import { now } from './now.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { type Distribution, distribution } from './statistics.ts';
import { figure, type Table, times } from './table.ts';
import type { Target } from './target.ts';
import { poll } from './wait.ts';

const STARTS = { full: 7, quick: 3 };
const ANSWERS_TARGET_MS = 1000;
/** What a swarm waits before it first tries again: who is linked sooner did not need it. */
const BACK_OFF_MS = 300;
const START_MS = 30_000;
const ASK_EVERY_MS = 1;

/** Answers like a daemon that does nothing. */
const BARE_SERVER =
  "require('http').createServer((_, a) => a.end('{}')).listen(process.argv[1]); process.stdin.resume().on('end', () => process.exit())";

interface Starts {
  /** From spawn until the local API answers, and until the contact is online. */
  daemonMs: Distribution;
  contactMs: Distribution;
  /** The same when it was the recipient's that started. */
  otherContactMs: Distribution;
  /** Of both: from the first answer until the contact is online. */
  linkingMs: Distribution;
  /** Floors: a Node with an HTTP server on a unix socket; a Node with a raw core that has joined the DHT. */
  bareMs: Distribution;
  rawMs: Distribution;
}

export const daemonCost: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const starts = quick ? STARTS.quick : STARTS.full;
  progress('daemon: two daemons');
  const { owner, recipient } = await ground.pair();
  const claude = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  await ground.shareOnce(owner, recipient, claude, 2);

  const ms = {
    ...{ daemon: [] as number[], contact: [] as number[], other: [] as number[], linking: [] as number[] },
    ...{ bare: [] as number[], raw: [] as number[] },
  };
  for (let i = 0; i < starts; i++) {
    progress(`daemon: start ${i + 1} of ${starts}`);
    const { answered, contact } = await startDaemon(ground, owner);
    const other = await startDaemon(ground, recipient);
    ms.daemon.push(answered);
    ms.contact.push(contact);
    ms.other.push(other.contact);
    ms.linking.push(contact - answered, other.contact - other.answered);
    ms.bare.push(await startBare(ground, i));
    ms.raw.push(await startRaw(ground, i));
  }
  const start: Starts = {
    daemonMs: distribution(ms.daemon),
    contactMs: distribution(ms.contact),
    otherContactMs: distribution(ms.other),
    linkingMs: distribution(ms.linking),
    bareMs: distribution(ms.bare),
    rawMs: distribution(ms.raw),
  };
  return { data: { start }, tables: [startTable(start)], targets: targetsOf(start) };
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

function startTable({ daemonMs, contactMs, otherContactMs, linkingMs, bareMs, rawMs }: Starts): Table {
  const row = (name: string, { n, p50, max }: Distribution, floors: boolean): string[] => {
    const ratios = floors ? [times(p50, bareMs.p50), times(p50, rawMs.p50)] : ['', ''];
    return [name, String(n), figure(p50), figure(max), ...ratios];
  };
  return {
    title: '4. Daemon: from spawn, ms',
    columns: ['', 'n', 'p50', 'max', 'p50 ÷ bare Node', '÷ raw peer'],
    rows: [
      row('local API answers', daemonMs, true),
      row("owner's: the one contact is online, after kill -9", contactMs, false),
      row("recipient's: the same", otherContactMs, false),
      row('of that, from the first answer to the link', linkingMs, false),
      row('floor: bare Node with an HTTP server answers', bareMs, false),
      row('floor: raw hyperswarm + hypercore has joined', rawMs, false),
    ],
    notes: [
      'The daemon was ended with kill -9 each time, and has one shared session to open. It answers before it has joined.',
    ],
  };
}

function targetsOf({ daemonMs, linkingMs }: Starts): Target[] {
  return [
    { what: 'local API answers, p50', value: daemonMs.p50, atMost: ANSWERS_TARGET_MS, unit: 'ms' },
    {
      what: 'linked after a restart, from the first answer, max',
      value: linkingMs.max,
      atMost: BACK_OFF_MS,
      unit: 'ms',
    },
  ];
}
