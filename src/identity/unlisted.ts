/**
 * What a clear answer of GitHub's does that leaves a pinned device out (docs/PROTOCOL.md, Device record). Its lists may lag
 * by a moment, so once is no end; twice is. Pure rules over one device.
 */
import { GITHUB_SECOND_NO_MS } from '../protocol/limits.ts';
import type { PinChange, PinnedDevice } from './pins.ts';

/** GitHub does not list it. */
export function isLeftOut(device: PinnedDevice): boolean {
  return device.state === 'missing' || device.state === 'unlisted';
}

/** @param now unix milliseconds of this machine's clock */
export function leaveOut(device: PinnedDevice, now: number, change: PinChange): void {
  if (device.state === 'good') {
    device.state = 'missing';
    device.missingSince = now;
    change.missing.push(device.sign);
  } else if (device.state === 'missing') {
    // A first time that lies ahead was noted under another clock: it would never be long enough ago.
    device.missingSince = Math.min(device.missingSince ?? now, now);
    if (now - device.missingSince < GITHUB_SECOND_NO_MS) return;
    device.state = 'unlisted';
    change.unlisted.push(device.sign);
  }
}
