/**
 * Who is who: device keys, device records and their proof on GitHub, pins, pair secrets, signed statements.
 *
 * Never: a secret key leaves this machine; a handle is trusted without the account id behind it; a signature is checked
 * by anything but libsodium; what GitHub does not clearly say changes what is trusted.
 */
export { deviceCode, isCode } from './device-code.ts';
export { deviceFingerprint, type DeviceKeys, loadDeviceKeys, recordFileName } from './device-keys.ts';
export type {
  Account,
  Directory,
  GistRecord,
  KeyringRecord,
  Membership,
  Organisation,
  Place,
  Publication,
} from './directory.ts';
export { epochAt, type PairKeys, pairKeys, pairRoot, type Party, type Workspace } from './pair.ts';
export type { PeopleEvents } from './known-people.ts';
export { People } from './people.ts';
export type { PinChange, PinnedDevice, PinnedPerson } from './pins.ts';
export { githubNow, isUnclear, listedRecords, ofDevice } from './published.ts';
export { bytesOf, checkRecord, endorsementOf, isEndorsedBy, makeRecord } from './records.ts';
export { safetyNumber } from './safety-number.ts';
export { Self } from './self.ts';
export { blake2b, sign, verify } from './sodium.ts';
export {
  isEcho,
  isFarAhead,
  openSealed,
  openStatement,
  standing,
  type StatementContext,
  statementId,
} from './statements.ts';
