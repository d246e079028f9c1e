/** Over real Noise connections: the hello's limits, and the control channel against a peer that breaks every rule. */
import { randomBytes } from 'node:crypto';
import type { SecretStream } from 'hyperswarm';
import Protomux, { type Encoding, type Message } from 'protomux';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TeammateSyncError } from '../../src/errors.ts';
import {
  CONTROL_FRAMES,
  type ControlFrame,
  CONTROL_PROTOCOL,
  encodeControl,
  parseControl,
} from '../../src/protocol/control.ts';
import { CONTROL_FRAME_MAX_BYTES, CONTROL_MESSAGES_BURST, HELLO_HINT_TIMEOUT_MS } from '../../src/protocol/limits.ts';
import { DeviceLink } from '../../src/swarm/index.ts';
import { hintOf, proof } from '../../src/swarm/hello.ts';
import { type Candidate, runHello } from '../../src/swarm/hello-session.ts';
import { rawBytes } from '../../src/swarm/raw-bytes.ts';
import { makeSelf, sha256 } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Ends, Noise } from '../support/noise.ts';
import { until } from '../support/until.ts';

let noise: Noise;
const uncaught: unknown[] = [];
const onUncaught = (error: unknown): void => void uncaught.push(error);
beforeAll(async () => {
  noise = await Noise.start();
  process.on('uncaughtException', onUncaught);
});
afterAll(async () => {
  await noise.close();
  process.off('uncaughtException', onUncaught);
  // Whatever a peer sent, this process would have lived on.
  expect(uncaught).toEqual([]);
});

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });
const tomas = makeSelf({ uid: 2002, login: 'tomas', clock });
const helloKey = sha256('hello key');
const toTomas: Candidate = { uid: tomas.uid, sign: tomas.signKey, box: tomas.boxKey, helloKey };
const toMarie: Candidate = { uid: marie.uid, sign: marie.signKey, box: marie.boxKey, helloKey };

async function pair(): Promise<Ends & { received: { client: Buffer[]; server: Buffer[] } }> {
  const ends = await noise.pair();
  onTestFinished(() => {
    ends.client.destroy();
    ends.server.destroy();
  });
  const received = { client: [] as Buffer[], server: [] as Buffer[] };
  ends.client.on('data', (bytes: Buffer) => received.client.push(Buffer.from(bytes)));
  ends.server.on('data', (bytes: Buffer) => received.server.push(Buffer.from(bytes)));
  return { ...ends, received };
}

/** How the hello of one end went: the login that was proved, or the code of its failure. */
function hello(connection: SecretStream, self: typeof marie, candidates: Candidate[] | null): Promise<string> {
  return new Promise((resolve) => {
    runHello({
      connection,
      self,
      candidates: () => candidates,
      onProved: (who) => resolve(`proved ${who.uid}`),
      onFailed: (error) => resolve(error.code),
    });
  });
}
const closed = (connection: SecretStream): Promise<unknown> =>
  until(() => connection.destroyed, { what: 'the connection to close' });

describe('the hello', () => {
  it('proves each to the other', async () => {
    const { client, server } = await pair();
    const other: Candidate = {
      uid: 3003,
      sign: sha256('x').toString('base64url'),
      box: tomas.boxKey,
      helloKey: sha256('other'),
    };
    expect(await Promise.all([hello(client, marie, [toTomas]), hello(server, tomas, [other, toMarie])])).toEqual([
      'proved 2002',
      'proved 1001',
    ]);
    expect([client.listenerCount('data'), server.listenerCount('data')]).toEqual([1, 1]);
  });

  it('tells a stranger nothing, not one byte', async () => {
    for (const first of [randomBytes(16), randomBytes(3), randomBytes(200), hintOf(sha256('guess'), sha256('hh'))]) {
      const { client, server, received } = await pair();
      const outcome = hello(server, tomas, [toMarie]);
      client.write(first);
      expect(await outcome).toBe('HELLO_REFUSED');
      await closed(client);
      expect(received.client).toEqual([]);
    }
  });

  it('costs too many strangers their connection', async () => {
    const { client, server, received } = await pair();
    const outcome = hello(server, tomas, null);
    client.write(hintOf(helloKey, client.handshakeHash));
    expect(await outcome).toBe('RATE_LIMITED');
    await closed(client);
    expect(received.client).toEqual([]);
  });

  it('ends with who stays silent', async () => {
    const { client, server, received } = await pair();
    const before = performance.now();
    expect(await hello(server, tomas, [toMarie])).toBe('HELLO_TIMEOUT');
    expect(performance.now() - before).toBeGreaterThan(HELLO_HINT_TIMEOUT_MS - 50);
    await closed(client);
    expect(received.client).toEqual([]);
  });

  it('ends with who goes away in the middle, and with who sends more than 4 KiB', async () => {
    const gone = await pair();
    const went = hello(gone.server, tomas, [toMarie]);
    gone.client.destroy();
    expect(await went).toBe('HELLO_TIMEOUT');
    const loud = await pair();
    const told = hello(loud.server, tomas, [toMarie]);
    loud.client.write(Buffer.alloc(5000));
    expect(await told).toBe('FRAME_TOO_LARGE');
  });

  it('does not take what was recorded on another connection, with the same transport keys', async () => {
    const { default: HyperDHT } = await import('hyperdht');
    const keys = { client: HyperDHT.keyPair(), server: HyperDHT.keyPair() };
    const first = await noise.pair(keys);
    const recorded: Buffer[] = [];
    first.server.on('data', (bytes: Buffer) => recorded.push(Buffer.from(bytes)));
    await Promise.all([hello(first.client, marie, [toTomas]), hello(first.server, tomas, [toMarie])]);
    await until(() => recorded.length === 2);
    first.client.destroy();
    first.server.destroy();
    const [hint, shown] = recorded;
    if (!hint || !shown) throw new Error('nothing recorded');
    const again = await noise.pair(keys);
    const refused = hello(again.server, tomas, [toMarie]);
    again.client.write(hint);
    expect(await refused).toBe('HELLO_REFUSED');
    // Also by somebody who knows the hello key, but only has the recorded signature.
    const third = await noise.pair(keys);
    const outcome = hello(third.server, tomas, [toMarie]);
    third.client.once('data', () => third.client.write(shown));
    third.client.write(hintOf(helloKey, third.client.handshakeHash));
    expect(await outcome).toBe('HELLO_REFUSED');
    for (const ends of [again, third]) ends.client.destroy();
  });

  it('is not opened by a server that has the hello key but another device key', async () => {
    const { client, server } = await pair();
    const outcome = hello(client, marie, [toTomas]);
    const eve = makeSelf({ uid: 3003, login: 'eve', clock });
    server.once('data', () => {
      const { handshakeHash, publicKey: ownTransport, remotePublicKey: peerTransport } = server;
      server.write(proof('server', { handshakeHash, ownTransport, peerTransport }, eve, helloKey));
    });
    expect(await outcome).toBe('HELLO_REFUSED');
  });
});

interface Watched {
  link: DeviceLink;
  frames: ControlFrame[];
  closedBy: () => TeammateSyncError | null | undefined;
}

function watch(connection: SecretStream, onFrame: (frame: ControlFrame, bytes: Buffer) => void = () => {}): Watched {
  const frames: ControlFrame[] = [];
  let why: TeammateSyncError | null | undefined;
  const link = new DeviceLink(
    { connection, uid: 2002, sign: tomas.signKey, box: tomas.boxKey, epoch: 1, clock },
    {
      onReady: () => {},
      onFrame: (_link, frame, bytes) => {
        frames.push(frame);
        onFrame(frame, bytes);
      },
      onClose: (_link, error) => {
        why = error;
      },
    },
  );
  return { link, frames, closedBy: () => why };
}

/** A peer that speaks protomux but keeps no rule of ours. */
function hostile(
  connection: SecretStream,
  handshake = encodeControl('handshake', { v: 1, features: [], now: clock.now() }),
) {
  const mux = Protomux.from(connection);
  const told: Buffer[] = [];
  const channel = mux.createChannel({ protocol: CONTROL_PROTOCOL, handshake: rawBytes });
  if (!channel) throw new Error('no channel');
  const messages = CONTROL_FRAMES.map((frame): Message<Buffer> =>
    channel.addMessage({
      encoding: rawBytes as Encoding<Buffer>,
      onmessage: (bytes) => {
        if (frame === 'refused') told.push(Buffer.from(bytes));
      },
    }),
  );
  channel.open(handshake);
  return {
    send: (frame: ControlFrame, bytes: Buffer): void => void messages[CONTROL_FRAMES.indexOf(frame)]?.send(bytes),
    codes: (): string[] => told.map((bytes) => parseControl('refused', bytes).code),
  };
}

describe('the control channel', () => {
  it('carries frames both ways, in order, and knows the other clock', async () => {
    const { client, server } = await pair();
    const heard: Buffer[] = [];
    const one = watch(client, (_frame, bytes) => heard.push(bytes));
    const two = watch(server);
    await until(() => one.link.ready && two.link.ready);
    expect([one.link.skewMs, one.link.skewed]).toEqual([0, false]);
    for (let i = 0; i < 50; i++) two.link.send('statement', Buffer.from([i]));
    await until(() => heard.length === 50);
    expect(heard.map((b) => b[0])).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('sees clocks that differ too much', async () => {
    const { client, server } = await pair();
    const { link } = watch(client);
    hostile(server, encodeControl('handshake', { v: 1, features: [], now: clock.now() + 11 * 60_000 }));
    await until(() => link.ready);
    expect([link.skewMs, link.skewed]).toEqual([11 * 60_000, true]);
  });

  it.each([
    ['no JSON', Buffer.from('x')],
    ['a field too many', Buffer.from('{"v":1,"features":[],"now":1,"x":1}')],
    ['__proto__', Buffer.from('{"v":1,"features":[],"now":1,"__proto__":{}}')],
    ['nothing', Buffer.alloc(0)],
    ['nesting', Buffer.from('['.repeat(10_000))],
  ])('is not opened by a handshake of %s', async (_what, handshake) => {
    const { client, server } = await pair();
    const { link, closedBy } = watch(client);
    hostile(server, handshake);
    await closed(server);
    await until(() => closedBy() !== undefined);
    expect([link.ready, closedBy()?.code]).toEqual([false, 'FRAME_MALFORMED']);
  });

  it('cuts off who sends a frame over the limit, and says so', async () => {
    const { client, server } = await pair();
    const { frames, closedBy } = watch(client);
    const peer = hostile(server);
    peer.send('statement', Buffer.alloc(CONTROL_FRAME_MAX_BYTES));
    await until(() => frames.length === 1);
    peer.send('statement', Buffer.alloc(CONTROL_FRAME_MAX_BYTES + 1));
    peer.send('statement', Buffer.alloc(10));
    await until(() => closedBy() !== undefined);
    expect([closedBy()?.code, frames]).toEqual(['FRAME_TOO_LARGE', ['statement']]);
    expect(peer.codes()).toEqual(['FRAME_TOO_LARGE']);
  });

  it('cuts off who sends more at once than a stand-still explains, and says so', async () => {
    const { client, server } = await pair();
    const { frames, closedBy } = watch(client);
    const peer = hostile(server);
    for (let i = 0; i < CONTROL_MESSAGES_BURST + 50; i++) peer.send('ack', Buffer.from('{}'));
    await until(() => closedBy() !== undefined);
    expect([closedBy()?.code, frames.length]).toEqual(['RATE_LIMITED', CONTROL_MESSAGES_BURST]);
    expect(peer.codes()).toEqual(['RATE_LIMITED']);
  });

  it('lets our own side say much without being cut off by the other', async () => {
    const { client, server } = await pair();
    const one = watch(client);
    // Real time: the receiver's bucket refills on the machine's clock here.
    const passing = setInterval(() => clock.pass(50), 50);
    onTestFinished(() => clearInterval(passing));
    const two = watch(server);
    await until(() => one.link.ready && two.link.ready);
    const many = CONTROL_MESSAGES_BURST + 20;
    for (let i = 0; i < many; i++) two.link.send('statement', Buffer.from([i]));
    await until(() => one.frames.length === many, { what: 'all frames' });
    expect(one.closedBy()).toBeUndefined();
  });

  it('turns whatever a handler throws into a named end of this connection alone', async () => {
    const thrown = [new TypeError('x is not a function'), new RangeError('out'), null, 'text'];
    for (const error of thrown) {
      const { client, server } = await pair();
      const { closedBy } = watch(client, () => {
        throw error;
      });
      const peer = hostile(server);
      peer.send('statement', Buffer.from('x'));
      await until(() => closedBy() !== undefined);
      expect(closedBy()?.code).toBe('INTERNAL');
    }
  });

  it('survives bytes that are no protomux at all, before and after the channel is open', async () => {
    for (let i = 0; i < 40; i++) {
      const { client, server } = await pair();
      const { link } = watch(client);
      if (i % 2 === 0) {
        hostile(server);
        await until(() => link.ready);
      }
      for (let n = 0; n < 8; n++) {
        // The first byte is the channel, or 0 for control; the second the kind.
        const junk = Buffer.concat([sha256(`fuzz ${i} ${n}`), sha256(`more ${i} ${n}`)]);
        server.write(Buffer.concat([Buffer.from([n % 3, (i + n) % 8]), junk]).subarray(0, 1 + ((i * 7 + n * 13) % 66)));
      }
      server.end();
      await until(() => client.destroyed, { what: 'the end' });
    }
    expect(uncaught).toEqual([]);
  });
});
