/** What another machine refused, with what can be done about it here or there. */
import { TeammateSyncError } from '../errors.ts';

/** By the code that their machine named; what it says else passes by itself or needs a look at both logs. */
const HINTS: Readonly<Record<string, string>> = {
  QUOTA_EXCEEDED: 'they read what they have; to take more they raise limits in their config.json, or you share less',
  TOO_MANY_DEVICES: 'their machine has links to as many devices as it takes; they can raise limits.devices',
  RATE_LIMITED: 'this machine sent too much at once; it connects again by itself',
  CLOCK_SKEW: 'set the clock: compare both with `teammate-sync doctor`',
  FRAME_MALFORMED: 'one of you runs another version: compare with `teammate-sync version`',
  FRAME_TOO_LARGE: 'one of you runs another version: compare with `teammate-sync version`',
  GENERATION_FORKED: 'this disk was set back to an older copy; what is shared is made anew by itself',
};

/** @param code, message as they came, foreign text both */
export function peerRefusal(code: string, message: string): TeammateSyncError {
  const hint = Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
  const options = hint === undefined ? {} : { hint };
  return new TeammateSyncError('PEER_REFUSED', `${code}: ${message}`, { ...options, details: { code } });
}
