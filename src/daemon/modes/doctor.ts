/** The `doctor` mode. */
import { asTeammateSyncError } from '../../errors.ts';
import { type DoctorEvent, doctorRequest } from '../../protocol/doctor.ts';
import { examine } from '../doctor/index.ts';
import { oneRequest, say } from './one-request.ts';

/** Runs to its end; returns the exit code. */
export async function runDoctor(): Promise<number> {
  try {
    await examine(await oneRequest(doctorRequest), process.env, (event: DoctorEvent) => say(event));
    say({ type: 'done' } satisfies DoctorEvent);
    return 0;
  } catch (error) {
    const { message, hint } = asTeammateSyncError(error);
    say({ type: 'check', check: { id: 'doctor', state: 'problem', what: message, fix: hint } } satisfies DoctorEvent);
    say({ type: 'done' } satisfies DoctorEvent);
    return 1;
  }
}
