/** Two proved links, one at each end of a real connection, without the swarm that would have made them. */
import type { Self } from '../../src/identity/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { ControlFrame } from '../../src/protocol/control.ts';
import { DeviceLink } from '../../src/swarm/index.ts';
import type { Noise } from './noise.ts';
import { until } from './until.ts';

export type OnFrame = (link: DeviceLink, frame: ControlFrame, bytes: Buffer) => void;

export interface LinkEnd {
  self: Self;
  clock: Clock;
  onFrame?: OnFrame;
}

export interface Links {
  /** The link that `a` has to `b`, and the other way round. */
  a: DeviceLink;
  b: DeviceLink;
  close(): Promise<void>;
}

export async function connectLinks(noise: Noise, a: LinkEnd, b: LinkEnd): Promise<Links> {
  const { client, server } = await noise.pair();
  const link = (connection: typeof client, own: LinkEnd, other: LinkEnd): DeviceLink =>
    new DeviceLink(
      { connection, uid: other.self.uid, sign: other.self.signKey, box: other.self.boxKey, epoch: 1, clock: own.clock },
      {
        onReady: () => {},
        onFrame: (from, frame, bytes) => own.onFrame?.(from, frame, bytes),
        onClose: () => {},
      },
    );
  const links = { a: link(client, a, b), b: link(server, b, a) };
  await until(() => links.a.ready && links.b.ready, { what: 'both links' });
  return {
    ...links,
    async close() {
      links.a.end();
      links.b.end();
      client.destroy();
      server.destroy();
      await until(() => client.destroyed && server.destroyed);
    },
  };
}
