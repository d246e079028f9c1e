/** `doctor` for a face that has no process of its own: run in one, so that no look holds up the daemon. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventFeed } from './event-feed.ts';
import { TeammateSyncError } from '../../errors.ts';
import type { DoctorEvent, DoctorRequest } from '../../protocol/doctor.ts';
import { doctorEvent } from '../../protocol/doctor.ts';
import { parseJson } from '../../protocol/json.ts';
import { DOCTOR_LINE_MAX_BYTES, DOCTOR_MS } from '../../protocol/limits.ts';
import type { Surroundings } from '../rooms.ts';

/** One run at a time: whoever asks while it looks gets what it found so far, and the rest with the others. */
export class Examination {
  readonly #surroundings: Surroundings;
  readonly #request: () => DoctorRequest;
  #running: EventFeed<DoctorEvent> | null = null;

  /** @param request what only the daemon knows, asked for at each run */
  constructor(surroundings: Surroundings, request: () => DoctorRequest) {
    this.#surroundings = surroundings;
    this.#request = request;
  }

  /** Ends with `done`, or as the process does. Aborted by everybody who asked, it is ended. */
  events(signal: AbortSignal): AsyncIterable<DoctorEvent> {
    this.#running ??= this.#start();
    return this.#running.listen(signal);
  }

  #start(): EventFeed<DoctorEvent> {
    const { env, redactor } = this.#surroundings;
    // Both are built into the same folder. The environment holds the token: it is handed on, and is never an argument.
    const entry = fileURLToPath(new URL('teammate-syncd.mjs', redactor));
    const child = spawn(process.execPath, [entry, 'doctor'], { stdio: ['pipe', 'pipe', 'ignore'], env });
    const feed = new EventFeed<DoctorEvent>(() => child.kill('SIGKILL'));
    const timer = setTimeout(() => child.kill('SIGKILL'), DOCTOR_MS);
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(this.#request())}\n`);
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        feed.push(parseJson(Buffer.from(line), DOCTOR_LINE_MAX_BYTES, doctorEvent, 'doctor'));
      } catch (cause) {
        feed.fail(new TeammateSyncError('INTERNAL', 'the doctor said something that is not understood', { cause }));
      }
    });
    const over = (how: string): void => {
      clearTimeout(timer);
      this.#running = null;
      feed.finish(({ type }) => type === 'done', new TeammateSyncError('INTERNAL', `the doctor ended early: ${how}`));
    };
    child.on('error', ({ message }) => over(message));
    child.on('close', (code, ended) => over(String(code ?? ended)));
    return feed;
  }
}
