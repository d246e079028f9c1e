/** A proved connection to one device, as the rooms that share and read see it; the network implements it. */
import type Protomux from 'protomux';
import type { ControlBodies, ControlFrame } from '../protocol/control.ts';

export interface PeerLink {
  readonly uid: number;
  /** base64url of the device's sign key: everything is per device, not per connection. */
  readonly sign: string;
  /** Their clock minus ours, milliseconds. */
  readonly skewMs: number;
  /** The clocks differ so much that no lease may start. */
  readonly skewed: boolean;
  readonly closed: boolean;
  /** For replication of granted cores on this connection only. */
  readonly mux: Protomux;
  send(frame: ControlFrame, bytes: Buffer): void;
  tell<K extends keyof ControlBodies & ControlFrame>(frame: K, body: ControlBodies[K]): void;
}
