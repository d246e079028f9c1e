/** Runs the daemon's `setup`, which signs in to GitHub, makes the keys and publishes their public half. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TeammateSyncError } from '../errors.ts';
import type { WhoAmI } from '../protocol/local-api.ts';
import type { CliIo } from './io.ts';
import { setupEvent } from './setup-events.ts';

/** Of what it wrote to stderr before it died. */
const STDERR_KEPT = 2000;

export interface Wanted {
  org: string;
  /** Public key of a relay, hex; null: none from now on; absent: as it was. */
  relay?: string | null;
}

/**
 * @param onStep is called with what it is about to do, in words for people
 * @throws TeammateSyncError as setup reports it; INTERNAL when it ends without a word
 */
export async function runSetup(io: CliIo, wanted: Wanted, onStep: (text: string) => void): Promise<WhoAmI> {
  // The environment holds the token: it is handed on untouched and never becomes an argument, which others could read.
  const child = spawn(io.execPath, [io.daemonEntry, 'setup'], { stdio: 'pipe', env: io.env });
  const release = io.onSignal(['SIGINT', 'SIGTERM'], (signal) => child.kill(signal));
  const outcome: { me?: WhoAmI; failure?: TeammateSyncError } = {};
  let stderr = '';
  try {
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(wanted)}\n`);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_KEPT)));
    const closed = new Promise<number | null>((resolve) => {
      child.on('error', (cause) => {
        outcome.failure = new TeammateSyncError('INTERNAL', `the set-up cannot be run: ${cause.message}`, { cause });
        resolve(null);
      });
      child.on('close', resolve);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const event = setupEvent(line);
      if (event?.type === 'step') onStep(event.text);
      else if (event?.type === 'done') outcome.me = event.me;
      else if (event?.type === 'error') outcome.failure = event.error;
    }
    const code = await closed;
    if (outcome.failure) throw outcome.failure;
    if (!outcome.me) throw endedEarly(code, stderr);
    return outcome.me;
  } finally {
    release();
  }
}

function endedEarly(code: number | null, stderr: string): TeammateSyncError {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const why = last === '' ? '' : `: ${last}`;
  return new TeammateSyncError(
    'INTERNAL',
    `the set-up ended early (${code === null ? 'by a signal' : `exit code ${code}`})${why}`,
  );
}
