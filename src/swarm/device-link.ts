/** One proved connection to one device of a contact. Everything about a peer is per device, over all its links. */
import type { SecretStream } from 'hyperswarm';
import type Protomux from 'protomux';
import type { TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { type ControlBodies, type ControlFeature, type ControlFrame, encodeControl } from '../protocol/control.ts';
import { CLOCK_SKEW_MAX_MS } from '../protocol/limits.ts';
import { ControlChannel } from './control-channel.ts';
import { Paced } from './paced.ts';

export interface DeviceLinkEvents {
  onReady: (link: DeviceLink) => void;
  onFrame: (link: DeviceLink, frame: ControlFrame, bytes: Buffer) => void;
  onClose: (link: DeviceLink, error: TeammateSyncError | null) => void;
}

/** A wall clock that moved by more than this against the elapsed time was set; less is a clock being trimmed. */
const CLOCK_SET_MS = 60_000;

const wallOffset = (clock: Clock): number => clock.now() - clock.elapsed();

export class DeviceLink {
  readonly uid: number;
  /** base64url of the device's sign key. */
  readonly sign: string;
  /** The box key under which it was found. */
  readonly box: string;
  readonly epoch: number;
  /** Their clock minus ours, milliseconds; known once ready. */
  skewMs = 0;
  ready = false;
  closed = false;
  #features: readonly string[] = [];
  readonly #connection: SecretStream;
  readonly #control: ControlChannel;
  readonly #paced = new Paced();
  readonly #clock: Clock;
  readonly #offset: number;
  #error: TeammateSyncError | null = null;

  constructor(
    options: { connection: SecretStream; uid: number; sign: string; box: string; epoch: number; clock: Clock },
    events: DeviceLinkEvents,
  ) {
    this.uid = options.uid;
    this.sign = options.sign;
    this.box = options.box;
    this.epoch = options.epoch;
    this.#connection = options.connection;
    this.#clock = options.clock;
    this.#offset = wallOffset(options.clock);
    this.#connection.on('close', () => {
      this.closed = true;
      this.#paced.drop();
      events.onClose(this, this.#error);
    });
    this.#control = new ControlChannel({
      connection: options.connection,
      clock: options.clock,
      onOpen: (handshake) => {
        this.#features = handshake.features;
        this.skewMs = handshake.now - options.clock.now();
        this.ready = true;
        events.onReady(this);
      },
      onFrame: (frame, bytes) => {
        if (!this.closed) events.onFrame(this, frame, bytes);
      },
      onViolation: (error) => this.cutOff(error),
    });
  }

  /** The other side said in its handshake that it can do this. */
  can(feature: ControlFeature): boolean {
    return this.#features.includes(feature);
  }

  /** Somebody set our clock since the difference of the two was taken: what rests on it does not hold any more. */
  get clockWasSet(): boolean {
    return Math.abs(wallOffset(this.#clock) - this.#offset) > CLOCK_SET_MS;
  }

  /** True when the two clocks differ so much that no lease may start. */
  get skewed(): boolean {
    return Math.abs(this.skewMs) > CLOCK_SKEW_MAX_MS;
  }

  /** For replication of granted cores on this connection only. */
  get mux(): Protomux {
    return this.#control.mux;
  }

  get handshakeHash(): Buffer {
    return this.#connection.handshakeHash;
  }

  send(frame: ControlFrame, bytes: Buffer): void {
    if (!this.closed) this.#paced.push(() => this.#control.send(frame, bytes));
  }

  /** A frame that only the channel authenticates. */
  tell<K extends keyof ControlBodies & ControlFrame>(frame: K, body: ControlBodies[K]): void {
    this.send(frame, encodeControl(frame, body));
  }

  /** Closes after what was sent has left. */
  end(): void {
    this.closed = true;
    this.#paced.flush();
    this.#connection.end();
  }

  /** Tells the named error and closes: a limit or a broken rule of the other side. Nothing else suffers. */
  cutOff(error: TeammateSyncError): void {
    if (this.closed) return;
    this.#error = error;
    // What waits is void now, and all at once it would be too much for the other side, which is to hear why.
    this.#paced.drop();
    this.tell('refused', { code: error.code, message: error.message.slice(0, 400) });
    this.end();
  }
}
