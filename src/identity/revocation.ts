/**
 * What falls when devices of a person disown one another (docs/PROTOCOL.md, Device record). Pure rules over one person's
 * pins.
 */
import type { PinChange, PinnedDevice } from './pins.ts';

/** Who disowns whom: the disowned device's sign key, and those of the trusted devices whose records say so. */
export type Disowned = ReadonlyMap<string, ReadonlySet<string>>;

/** True when `device` stands only because of `ancestor`: on the way up its endorsers. A user's own trust needs nobody. */
function hangsOn(device: PinnedDevice, ancestor: string, devices: PinnedDevice[]): boolean {
  const seen = new Set<string>();
  for (let at: PinnedDevice | undefined = device; at && !at.trusted && at.endorsedBy !== null;) {
    if (at.endorsedBy === ancestor) return true;
    if (seen.has(at.sign)) return false;
    seen.add(at.sign);
    const by: string = at.endorsedBy;
    at = devices.find((d) => d.sign === by);
  }
  return false;
}

/**
 * Marks what trusted devices disowned, for ever, and blocks what only such a device vouched for: its owner can vouch for
 * it anew, a thief of the disowned one cannot.
 *
 * A person who lost their oldest device disowns it from one that it vouched for. That one stays, and is the root from then
 * on, unless a device that does not hang on the disowned one disowns it, too: then nothing that hangs on it is believed.
 * Of several that hang on it, the one that was known first stays: a thief's came later.
 */
export function applyRevocations(devices: PinnedDevice[], disowned: Disowned, change: PinChange): void {
  for (const [sign, by] of disowned) {
    const device = devices.find((d) => d.sign === sign);
    if (!device || device.state === 'revoked') continue;
    const speakers = devices.filter((d) => by.has(d.sign));
    if (speakers.every((d) => hangsOn(d, sign, devices))) {
      const [heir] = speakers.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.sign < b.sign ? -1 : 1));
      if (heir) heir.endorsedBy = null;
    }
  }
  for (const device of devices) {
    if (device.state === 'revoked' || !disowned.has(device.sign)) continue;
    device.state = 'revoked';
    change.revoked.push(device.sign);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const device of devices) {
      const by = devices.find((d) => d.sign === device.endorsedBy);
      const lost = by?.state === 'revoked' || (by?.state === 'blocked' && !by.trusted);
      if (!lost || device.trusted || device.state === 'revoked' || device.state === 'blocked') continue;
      device.state = 'blocked';
      change.fallen.push(device.sign);
      grew = true;
    }
  }
}
