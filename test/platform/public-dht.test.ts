import HyperDHT from 'hyperdht';
import { expect, it } from 'vitest';
import { PUBLIC_BOOTSTRAP } from '../../src/platform/public-dht.ts';

it("are the network stack's own first nodes", () => {
  expect(PUBLIC_BOOTSTRAP).toEqual(HyperDHT.BOOTSTRAP);
});
