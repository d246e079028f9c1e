/** A block is proved by the key that the grant names, and by no other. */
import { randomBytes } from 'node:crypto';
import type Hypercore from 'hypercore';
import HyperDHT from 'hyperdht';
import { expect, it, onTestFinished } from 'vitest';
import { sign } from '../../src/identity/index.ts';
import { proveBlock } from '../../src/inbox/block-proof.ts';
import { type CoreFolder, openCoreFolder } from '../../src/platform/core-storage.ts';
import { tempDir } from '../support/tmp-dir.ts';

const seed = randomBytes(32);

async function open(from: Buffer = randomBytes(32)): Promise<CoreFolder> {
  const folder = await openCoreFolder(`${tempDir()}/core`, { keyPair: HyperDHT.keyPair(from) }, randomBytes(32));
  onTestFinished(() => folder.wipe());
  return folder;
}

const codeOf = (proof: Promise<unknown>): Promise<string> =>
  proof.then(
    () => 'proved',
    (error: { code?: string }) => error.code ?? 'another error',
  );

it('is found for each block at each length', async () => {
  const { core } = await open();
  for (let length = 1; length <= 20; length++) {
    await core.append(Buffer.from(`block ${length}`));
    for (let block = 0; block < length; block++) {
      const { length: signed, root } = await proveBlock(core, core.key, block);
      expect([signed, root.length]).toEqual([length, 32]);
    }
  }
  expect(await codeOf(proveBlock(core, core.key, 20))).toBe('CITATION_UNPROVED');
});

it('is refused of a core that somebody else signs, though in the name of the granted key', async () => {
  const { core: granted } = await open();
  const { core } = await open(seed);
  await core.append([Buffer.from('one'), Buffer.from('two'), Buffer.from('three')]);
  expect(await codeOf(proveBlock(core, core.key, 1))).toBe('proved');
  expect(await codeOf(proveBlock(core, granted.key, 1))).toBe('CITATION_UNPROVED');
  // All of it right but for the key: it says that it is the head of the granted core, with a signature of its own.
  const forged = {
    length: core.length,
    fork: core.fork,
    core: core.core,
    async proof(of: Parameters<Hypercore['proof']>[0]) {
      const proof = await core.proof(of);
      const { upgrade } = proof;
      if (!upgrade) throw new Error('no head');
      const head = Buffer.concat([
        (await signable(core)).subarray(0, 32),
        granted.key,
        (await signable(core)).subarray(64),
      ]);
      const signature = sign(head, HyperDHT.keyPair(seed).secretKey);
      return {
        ...proof,
        upgrade: { ...upgrade, signature: Buffer.concat([Buffer.from([1, 0]), signature, Buffer.alloc(2)]) },
      };
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the proof looks at
  expect(await codeOf(proveBlock(forged as unknown as Hypercore, granted.key, 1))).toBe('CITATION_UNPROVED');
});

/** What hypercore signs: domain, core key, hash of the tree, length and fork. */
function signable(core: Hypercore): Promise<Buffer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of hypercore, and of no use but here
  return (core as unknown as { signable(): Promise<Buffer> }).signable();
}
