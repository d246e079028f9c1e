/** A daemon with a probe of its event loop in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from '../../src/client/index.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import type { Machine } from '../support/process-world/index.ts';
import type { Ground } from './ground.ts';
import { poll, within } from './wait.ts';

const START_MS = 30_000;
const ANSWER_MS = 10_000;
const ASK_EVERY_MS = 25;

/** The machine's daemon, started anew with the probe in it; the probe answers over its IPC channel. */
export async function probed(ground: Ground, machine: Machine): Promise<ChildProcess> {
  await machine.killDaemon();
  ground.check();
  const args = ['--import', ground.programs.loopProbe, ground.programs.daemon, 'serve'];
  const stdio: ('ignore' | 'ipc')[] = ['ignore', 'ignore', 'ignore', 'ipc'];
  const { env, folder: cwd } = machine;
  const child = ground.adopt(spawn(process.execPath, args, { env, cwd, detached: true, stdio }));
  const client = createClient({ socketPath: machine.paths.socket, version: PRODUCT_VERSION, timeoutMs: START_MS });
  const online = async (): Promise<true | null> => ((await client.call('status')).pid === child.pid ? true : null);
  await poll(online, { what: 'a daemon to answer', everyMs: ASK_EVERY_MS, timeoutMs: START_MS });
  return child;
}

/** Begins to measure, or ends it and gets the figures. */
export async function tell(child: ChildProcess, what: 'begin' | 'end'): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(what);
  const [said] = (await within(answer, ANSWER_MS, `the answer to ${what}`)) as [unknown];
  return said;
}
