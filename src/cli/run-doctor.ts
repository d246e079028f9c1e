/** Runs the daemon's `doctor`, which looks at what only the daemon's code can see: keys, state, GitHub, the DHT. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Check, DoctorEvent, DoctorRequest, NetworkFound } from '../protocol/doctor.ts';
import { fieldOf, jsonLine, textField } from './field.ts';
import type { CliIo } from './io.ts';

/** All looks together; each has a bound of its own that is far below. */
const ALL_MS = 120_000;

/**
 * Calls `onEvent` as things are found. Never rejects: that it could not run is a finding, too.
 * @param askedFor what only this side knows
 */
export async function runDoctor(
  io: CliIo,
  askedFor: DoctorRequest,
  onEvent: (event: Exclude<DoctorEvent, { type: 'done' }>) => void,
): Promise<void> {
  // The environment holds the token: it is handed on untouched and never becomes an argument, which others could read.
  const child = spawn(io.execPath, [io.daemonEntry, 'doctor'], { stdio: ['pipe', 'pipe', 'ignore'], env: io.env });
  const release = io.onSignal(['SIGINT', 'SIGTERM'], (signal) => child.kill(signal));
  const timer = setTimeout(() => child.kill('SIGKILL'), ALL_MS);
  try {
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(askedFor)}\n`);
    const closed = new Promise<string>((resolve) => {
      child.on('error', (cause) => resolve(cause.message));
      child.on('close', (code, signal) => resolve(`it ended with ${code ?? signal}`));
    });
    let done = false;
    for await (const line of createInterface({ input: child.stdout })) {
      const event = doctorEvent(line);
      if (event?.type === 'done') done = true;
      else if (event) onEvent(event);
    }
    const how = await closed;
    if (!done) onEvent({ type: 'check', check: couldNotRun(how) });
  } finally {
    clearTimeout(timer);
    release();
  }
}

function couldNotRun(why: string): Check {
  const fix = 'run it again; if it stays, install teammate-sync anew';
  return { id: 'doctor', state: 'problem', what: `not everything could be looked at: ${why}`, fix };
}

/** Null for a line that is none: it is our own program, but of another version perhaps. */
function doctorEvent(line: string): DoctorEvent | null {
  const event = jsonLine(line);
  switch (textField(event, 'type')) {
    case 'looking':
      return { type: 'looking', at: textField(event, 'at') ?? '' };
    case 'check':
      return { type: 'check', check: checkOf(fieldOf(event, 'check')) };
    case 'network':
      return { type: 'network', found: foundOf(fieldOf(event, 'found')) };
    case 'done':
      return { type: 'done' };
    default:
      return null;
  }
}

function checkOf(value: unknown): Check {
  const state = textField(value, 'state');
  return {
    id: textField(value, 'id') ?? '?',
    state: state === 'ok' || state === 'warning' ? state : 'problem',
    what: textField(value, 'what') ?? '?',
    fix: textField(value, 'fix'),
  };
}

function foundOf(value: unknown): NetworkFound {
  const bootstrap = fieldOf(value, 'bootstrap');
  return {
    answered: fieldOf(value, 'answered') === true,
    nat: textField(value, 'nat') ?? 'unknown',
    bootstrap: Array.isArray(bootstrap) ? bootstrap.map(String) : [],
  };
}
