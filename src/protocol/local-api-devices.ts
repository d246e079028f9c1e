/** Local API: the devices of a person, one's own among them. Times are ISO 8601. */

export interface Device {
  /** The short fingerprint of WhoAmI.device. */
  device: string;
  /** As WhoAmI.code. */
  code: string;
  /** This very machine. */
  here: boolean;
  /**
   * good: used · missing: GitHub left it out once, nothing new goes to it · blocked: waits to be vouched for or trusted ·
   * unlisted: GitHub lists it no longer · revoked: for ever.
   */
  state: 'good' | 'missing' | 'blocked' | 'unlisted' | 'revoked';
  /** The user compared its code. */
  trusted: boolean;
  /** The device that vouches for it. */
  endorsedBy: string | null;
  online: boolean;
  /** When this machine first saw it. */
  since: string;
}

export interface DevicesResponse {
  handle: string;
  /** The one here first. */
  devices: Device[];
}

export interface TrustRequest {
  handle: string;
  /** As typed; null: only list what waits. */
  code: string | null;
}

export interface TrustResponse {
  handle: string;
  uid: number;
  /** The person is oneself. */
  own: boolean;
  trusted: Device | null;
  /** Devices that are not used until somebody vouches for them or the user trusts them. */
  waiting: Device[];
  safetyNumber: string | null;
}

export interface VerifyRequest {
  handle: string;
  /** The user compared the number that was shown last, and it is the same. */
  match: boolean;
}

export interface VerifyResponse {
  handle: string;
  uid: number;
  /** Of both, the devices that the number is of. */
  own: DevicesResponse;
  devices: Device[];
  /** Null: no device of theirs is trusted. */
  safetyNumber: string | null;
  /** As in ConnectionPerson. */
  compared: string | null;
  staleSince: string | null;
}

export interface RevokeRequest {
  code: string;
}

export interface RevokeResponse {
  handle: string;
  revoked: Device;
  /** Own devices that only the revoked one vouched for: blocked until they are trusted anew. */
  fallen: Device[];
  /** False: GitHub could not be told; it is tried again by itself. */
  published: boolean;
}
