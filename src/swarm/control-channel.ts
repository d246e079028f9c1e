/**
 * The control channel of one connection: small frames beside the replication. Whatever a handler throws becomes a plain
 * Error: the Holepunch stack rethrows TypeError and its kin as uncaught, which would end the process (measured).
 */
import type { SecretStream } from 'hyperswarm';
import Protomux, { type Channel, type Encoding, type Message } from 'protomux';
import { asTeammateSyncError, TeammateSyncError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { TokenBucket } from '../platform/token-bucket.ts';
import {
  CONTROL_FEATURES,
  CONTROL_FRAMES,
  type ControlBodies,
  CONTROL_PROTOCOL,
  type ControlFrame,
  encodeControl,
  parseControl,
} from '../protocol/control.ts';
import { DecodeError } from '../protocol/decode.ts';
import { CONTROL_FRAME_MAX_BYTES, CONTROL_MESSAGES_BURST, CONTROL_MESSAGES_PER_SECOND } from '../protocol/limits.ts';
import { CONTROL_VERSION } from '../protocol/version.ts';
import { rawBytes } from './raw-bytes.ts';

export interface ControlChannelOptions {
  connection: SecretStream;
  clock: Clock;
  /** The other side's handshake arrived: what it can do, and its clock in unix milliseconds. */
  onOpen: (handshake: ControlBodies['handshake']) => void;
  onFrame: (frame: ControlFrame, bytes: Buffer) => void;
  /** A limit or a malformed frame: the connection is to be cut off. */
  onViolation: (error: TeammateSyncError) => void;
}

export class ControlChannel {
  readonly mux: Protomux;
  readonly #channel: Channel;
  readonly #messages: Message<Buffer>[];
  readonly #options: ControlChannelOptions;
  readonly #received: TokenBucket;

  constructor(options: ControlChannelOptions) {
    this.#options = options;
    this.#received = new TokenBucket(
      CONTROL_MESSAGES_PER_SECOND,
      () => options.clock.elapsed(),
      CONTROL_MESSAGES_BURST,
    );
    this.mux = Protomux.from(options.connection);
    const channel = this.mux.createChannel({
      protocol: CONTROL_PROTOCOL,
      handshake: rawBytes,
      onopen: (bytes) => this.#guard(() => options.onOpen(parseControl('handshake', bytes))),
    });
    if (!channel) throw new TeammateSyncError('FRAME_MALFORMED', 'the control channel is open already');
    this.#channel = channel;
    this.#messages = CONTROL_FRAMES.map((frame) =>
      channel.addMessage({ encoding: rawBytes as Encoding<Buffer>, onmessage: (bytes) => this.#receive(frame, bytes) }),
    );
    const now = Math.max(0, Math.round(options.clock.now()));
    const hello = { v: CONTROL_VERSION, features: [...CONTROL_FEATURES], now };
    channel.open(encodeControl('handshake', hello));
  }

  send(frame: ControlFrame, bytes: Buffer): void {
    if (bytes.length > CONTROL_FRAME_MAX_BYTES) {
      throw new TeammateSyncError('INTERNAL', `a ${frame} frame of ${bytes.length} bytes`);
    }
    if (!this.#channel.closed) this.#messages[CONTROL_FRAMES.indexOf(frame)]?.send(bytes);
  }

  #receive(frame: ControlFrame, bytes: Buffer): void {
    this.#guard(() => {
      if (bytes.length > CONTROL_FRAME_MAX_BYTES) {
        throw new TeammateSyncError('FRAME_TOO_LARGE', `a ${frame} frame of ${bytes.length} bytes`);
      }
      if (!this.#received.take())
        throw new TeammateSyncError('RATE_LIMITED', 'more than 100 control messages a second');
      this.#options.onFrame(frame, Buffer.from(bytes));
    });
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      const malformed = error instanceof DecodeError;
      this.#options.onViolation(
        malformed ? new TeammateSyncError('FRAME_MALFORMED', error.message) : asTeammateSyncError(error),
      );
    }
  }
}
