/** What a daemon costs while nothing happens: with a few contacts who are there, and many who are away. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { ORG } from '../support/process-world/index.ts';
import type { Ground } from './ground.ts';
import { now } from './now.ts';
import { cpuMsOf, type Memory, memoryOf } from './process-facts.ts';
import type { Section, SectionContext, SectionResult } from './section.ts';
import { figure, megabytes, type Table, times } from './table.ts';
import { sleep } from './wait.ts';

/** In full the window begins when those who are away are no longer looked for every ten seconds. */
const FULL = { settleMs: 75_000, idleMs: 60_000 };
const QUICK = { settleMs: 3000, idleMs: 10_000 };
const HERE = 5;
const AWAY = 20;
const CPU_TARGET = 0.5;
const RSS_TARGET_MB = 130;
const OWNER = "owner's daemon";
const RAW = 'floor: raw hyperswarm + hypercore';
const BARE = 'floor: bare Node with an HTTP server';

const BARE_SERVER =
  "require('http').createServer((_, a) => a.end('{}')).listen(process.argv[1]); process.stdin.resume().on('end', () => process.exit())";

interface Idle {
  name: string;
  memory: Memory | null;
  /** Percent of one core. */
  cpu: number | null;
}

export const idle: Section = (context) => context.grounds.use((ground) => measure(ground, context));

async function measure(ground: Ground, { quick, progress }: SectionContext): Promise<SectionResult> {
  const { settleMs, idleMs } = quick ? QUICK : FULL;
  progress(`idle: ${HERE + AWAY} contacts`);
  const owner = await ground.world.person('marie');
  const people: { login: string; env: Readonly<Record<string, string>> }[] = [];
  for (let i = 0; i < HERE + AWAY; i++) people.push(await ground.world.person(`mate-${i}`));
  const crowd = await ground.crowd();
  await crowd.call('setUp', { org: ORG, people: people.map(({ login, env }) => ({ login, env })) });
  const here = people.slice(0, HERE).map(({ login }) => login);
  await owner.ok(['init', '--org', ORG, '--yes']);
  await owner.ok(['up']);
  await crowd.call('come', { logins: here, only: owner.login });
  const { session, cwd } = await owner.claude('webshop', 'why is the login slow?', 'the index is missing');
  const about = { session, cwd, note: null, fromNow: false, withThinking: false };
  await owner.client.call('share', { body: { ...about, to: here } });
  await crowd.call('take', { logins: here, handle: owner.login, session });
  const raw = await rawPeer(ground, crowd);
  const socket = ground.file('idle.sock');
  const stdio: ('pipe' | 'ignore')[] = ['pipe', 'ignore', 'ignore'];
  const bare = ground.adopt(spawn(process.execPath, ['-e', BARE_SERVER, socket], { stdio, detached: true }));

  progress(`idle: nothing happens for ${(settleMs + idleMs) / 1000} s`);
  await sleep(settleMs);
  const watched = [
    { name: OWNER, pid: owner.daemonPid ?? 0 },
    { name: RAW, pid: raw },
    { name: BARE, pid: bare.pid ?? 0 },
  ];
  const result = await watch(watched, idleMs);
  const daemon = result.find(({ name }) => name === OWNER);
  const rss = daemon?.memory?.rss ?? null;
  return {
    data: { idle: result, idleMs, settleMs, here: HERE, away: AWAY },
    tables: [table(result, idleMs)],
    targets: [
      {
        what: `idle CPU, ${HERE + AWAY} contacts, ${AWAY} of them away`,
        value: daemon?.cpu ?? null,
        atMost: CPU_TARGET,
        unit: '%',
      },
      { what: 'idle RSS, the same', value: rss === null ? null : rss / 1e6, atMost: RSS_TARGET_MB, unit: 'MB' },
    ],
  };
}

/** A raw owner whose core as many follow as there are contacts here; its process id. */
async function rawPeer(ground: Ground, crowd: Awaited<ReturnType<Ground['crowd']>>): Promise<number> {
  const peer = await ground.peer();
  const [topic, blockKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const { bootstrap } = ground;
  await peer.call('join', { bootstrap, topic, role: 'owner' });
  const key = await peer.call('createCore', { name: 'idle', folder: ground.file('idle-owner'), blockKey });
  await peer.call('appendLines', { name: 'idle', lines: ['bench-line-0 '], spacingMs: 0 });
  const core = { key, blockKey, folder: ground.file('idle-reader') };
  await crowd.call('rawReaders', { join: { bootstrap, topic, role: 'reader' }, core, count: HERE, lines: 1 });
  return peer.pid;
}

async function watch(watched: { name: string; pid: number }[], idleMs: number): Promise<Idle[]> {
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

function table(rows: Idle[], idleMs: number): Table {
  const rssOf = (wanted: string): number | null => rows.find(({ name }) => name === wanted)?.memory?.rss ?? null;
  return {
    title: `5. Daemon: idle, ${HERE} contacts who are here and have one shared session, ${AWAY} who are away`,
    columns: ['', 'RSS MB', 'of it anonymous', 'peak', 'CPU % of a core', 'RSS ÷ raw peer', '÷ bare Node'],
    rows: rows.map(({ name, memory, cpu }) => {
      const { rss = null, anonymous = null, peak = null } = memory ?? {};
      const ratios = name === OWNER ? [times(rss, rssOf(RAW)), times(rss, rssOf(BARE))] : ['', ''];
      return [name, megabytes(rss), megabytes(anonymous), megabytes(peak), figure(cpu), ...ratios];
    }),
    notes: [
      `A window of ${idleMs / 1000} s, all processes in the same. The stand-in for GitHub is asked meanwhile, as ever. The`,
      `raw peer has ${HERE} readers of one core, and looks for nobody else.`,
    ],
  };
}
