/** A link that only writes down what it was told to say: for what is decided before anything is sent. */
import type Protomux from 'protomux';
import type { PeerLink } from '../../src/platform/peer-link.ts';
import { type ControlBodies, type ControlFrame, encodeControl, parseControl } from '../../src/protocol/control.ts';

export class RecordedLink implements PeerLink {
  readonly uid: number;
  readonly sign: string;
  skewMs = 0;
  skewed = false;
  closed = false;
  readonly mux = null as unknown as Protomux;
  sent: { frame: ControlFrame; bytes: Buffer }[] = [];

  constructor(uid: number, sign: string) {
    this.uid = uid;
    this.sign = sign;
  }

  send(frame: ControlFrame, bytes: Buffer): void {
    this.sent.push({ frame, bytes });
  }

  tell<K extends keyof ControlBodies & ControlFrame>(frame: K, body: ControlBodies[K]): void {
    this.send(frame, encodeControl(frame, body));
  }

  /** The frames of one kind, oldest first. */
  of(frame: ControlFrame): Buffer[] {
    return this.sent.filter((s) => s.frame === frame).map((s) => s.bytes);
  }

  /** As {@link of}, read as the other side would. */
  bodies<K extends keyof ControlBodies & ControlFrame>(frame: K): ControlBodies[K][] {
    return this.of(frame).map((bytes) => parseControl(frame, bytes));
  }
}
