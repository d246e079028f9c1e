/** The `logout` mode. */
import { asTeammateSyncError } from '../../errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { type LogoutEvent, logoutRequest } from '../../protocol/logout.ts';
import { logOut } from '../logout.ts';
import { oneRequest, say } from './one-request.ts';

/** Runs to its end; returns the exit code. */
export async function runLogout(): Promise<number> {
  try {
    const { keepDevice } = await oneRequest(logoutRequest);
    const result = await logOut({ keepDevice, env: process.env, clock: systemClock });
    say({ type: 'done', result } satisfies LogoutEvent);
    return 0;
  } catch (error) {
    say({ type: 'error', error: asTeammateSyncError(error).toBody() } satisfies LogoutEvent);
    return 1;
  }
}
