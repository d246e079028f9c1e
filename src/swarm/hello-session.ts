/** Runs the hello over one connection, with its time and size limits. */
import type { SecretStream } from 'hyperswarm';
import { TeammateSyncError } from '../errors.ts';
import type { Self } from '../identity/index.ts';
import { HELLO_HINT_TIMEOUT_MS, HELLO_MAX_BYTES, HELLO_TIMEOUT_MS } from '../protocol/limits.ts';
import { checkProof, type Ends, hintOf, isHint, proof } from './hello.ts';

/** A pinned device of a contact with its hello key for this epoch. */
export interface Candidate {
  uid: number;
  sign: string;
  /** The box key that the pair's keys are of. */
  box: string;
  helloKey: Buffer;
}

export interface HelloOptions {
  connection: SecretStream;
  self: Self;
  /** Server: all candidates of the epoch, or null when there were too many searches. Client: who was found here. */
  candidates: () => Candidate[] | null;
  /** In the very tick in which the proof was accepted: the control channel must be open before the next frame. */
  onProved: (who: Candidate, recordText: string) => void;
  /** Once, when it failed; the connection is already destroyed. */
  onFailed: (error: TeammateSyncError) => void;
}

/** Drives the hello; afterwards it has no listener on the connection. */
export function runHello(options: HelloOptions): void {
  const { connection, self } = options;
  const ends: Ends = {
    handshakeHash: connection.handshakeHash,
    ownTransport: connection.publicKey,
    peerTransport: connection.remotePublicKey,
  };
  const client = connection.isInitiator;
  let who: Candidate | null = null;
  let received = 0;
  let over = false;
  // These guard against a peer, not against the passing of time, so they run on the machine's timers.
  const deadline = setTimeout(
    () => fail(timedOut('the other side did not finish its hello in time')),
    HELLO_TIMEOUT_MS,
  );
  const hintDeadline = setTimeout(() => {
    if (!who || client) fail(timedOut('the other side stayed silent'));
  }, HELLO_HINT_TIMEOUT_MS);

  const finish = (): void => {
    over = true;
    clearTimeout(deadline);
    clearTimeout(hintDeadline);
    connection.off('data', onData);
    connection.off('close', onClose);
  };
  const fail = (error: TeammateSyncError): void => {
    if (over) return;
    finish();
    connection.destroy();
    options.onFailed(error);
  };
  const succeed = (candidate: Candidate, record: string): void => {
    finish();
    options.onProved(candidate, record);
  };
  const onClose = (): void => fail(timedOut('the connection closed during the hello'));
  const onData = (data: Buffer): void => {
    received += data.length;
    if (received > HELLO_MAX_BYTES) return fail(new TeammateSyncError('FRAME_TOO_LARGE', 'a hello is over 4 KiB'));
    try {
      if (client) onServerProof(data);
      else if (!who) onHint(data);
      else succeed(who, checkProof('client', data, ends, self, who));
    } catch (error) {
      fail(error instanceof TeammateSyncError ? error : new TeammateSyncError('HELLO_REFUSED', 'a hello is malformed'));
    }
  };
  const onHint = (hint: Buffer): void => {
    const all = options.candidates();
    if (!all) return fail(new TeammateSyncError('RATE_LIMITED', 'too many hellos at once'));
    who = all.find((c) => isHint(hint, c.helloKey, ends.handshakeHash)) ?? null;
    // A stranger learns nothing, not even what this is.
    if (!who) return fail(new TeammateSyncError('HELLO_REFUSED', 'an unknown device said hello'));
    clearTimeout(hintDeadline);
    connection.write(proof('server', ends, self, who.helloKey));
  };
  const onServerProof = (data: Buffer): void => {
    if (!who) return;
    const record = checkProof('server', data, ends, self, who);
    connection.write(proof('client', ends, self, who.helloKey));
    succeed(who, record);
  };

  connection.on('data', onData);
  connection.on('close', onClose);
  if (client) {
    who = options.candidates()?.[0] ?? null;
    if (!who) return fail(new TeammateSyncError('HELLO_REFUSED', 'found a peer without a contact'));
    connection.write(hintOf(who.helloKey, ends.handshakeHash));
  }
}

function timedOut(message: string): TeammateSyncError {
  return new TeammateSyncError('HELLO_TIMEOUT', message);
}
