/** Citations are proved: what is quoted is what its owner's device signed, and what is not is not quoted. */
import { createHash } from 'node:crypto';
import type Hypercore from 'hypercore';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { deviceFingerprint } from '../../src/identity/index.ts';
import { CoreSlot } from '../../src/platform/core-slot.ts';
import type { CiteResponse } from '../../src/protocol/local-api.ts';
import { type FakeClaude, type Person, sharing, useWorld, type World } from '../support/world/index.ts';
import { until } from '../support/until.ts';

let world: World;
useWorld((made) => {
  world = made;
});

/** Internals of hypercore by which a test changes what lies on disk. */
interface Storage {
  read(): { getBlock(index: number): Promise<Buffer>; getTreeNode(index: number): Promise<object>; tryFlush(): void };
  write(): { putBlock(index: number, block: Buffer): void; putTreeNode(node: object): void; flush(): Promise<unknown> };
}
interface Insides {
  state: { storage: Storage };
  core: { header: { manifest: { signers: { publicKey: Buffer }[] } | null } };
}

describe('a citation', () => {
  let marie: Person;
  let sam: Person;
  let claude: FakeClaude;
  let citation = '';
  let opened: CoreSlot[] = [];
  const texts = Array.from({ length: 12 }, (_, i) => `the port is ${4000 + i}`);

  beforeAll(async () => {
    marie = await world.person('marie');
    sam = await world.person('sam');
    claude = await marie.claude('webshop');
    claude.say(...texts.slice(0, 4));
    await sharing(marie, claude, texts.slice(0, 4), sam);
    // One block each, live, so that the tree has several roots.
    for (const text of texts.slice(4)) {
      claude.say(text);
      await until(async () => (await sam.texts('marie')).includes(text), { what: `sam reads ${text}` });
    }
    const body = { handles: [], question: '4006', session: null, mode: 'literal' as const, budget: null, cursor: null };
    const { excerpts } = await sam.client.call('ask', { body });
    const hit = excerpts[0]?.passages.find((passage) => passage.hit);
    citation = `@marie · webshop · ${claude.session.slice(0, 8)}…:L${hit?.line}`;
  });

  afterEach(() => {
    vi.restoreAllMocks();
    opened = [];
  });

  const cite = (): Promise<CiteResponse> => sam.client.call('cite', { body: { citation } });
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      (answer) => JSON.stringify(answer),
      (error: { code?: string; message?: string }) => `${error.code}: ${error.message}`,
    );

  /** The copy that the answer is read from. */
  async function copy(): Promise<{ core: Hypercore; insides: Insides; block: number }> {
    const use = vi.spyOn(CoreSlot.prototype, 'use');
    const { proof } = await cite();
    opened = use.mock.contexts.filter((slot) => slot instanceof CoreSlot);
    const [proved] = proof;
    const core = opened.map((slot) => slot.core).find((one) => one?.key.toString('base64url') === proved?.core);
    if (!core || !proved) throw new Error('nothing is proved');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- members that no program of ours uses
    return { core, insides: core as unknown as Insides, block: proved.block };
  }

  async function stored({ state: { storage } }: Insides, block: number): Promise<Buffer> {
    const reading = storage.read();
    const bytes = reading.getBlock(block);
    reading.tryFlush();
    return Buffer.from(await bytes);
  }

  async function store({ state: { storage } }: Insides, block: number, bytes: Buffer): Promise<void> {
    const writing = storage.write();
    writing.putBlock(block, bytes);
    await writing.flush();
  }

  it('names generation, core, block, length, device and the hash of the entry', async () => {
    const cited = await cite();
    const { header } = sam.rooms.inbox.of((await marie.client.call('whoami')).uid)[0]?.replica ?? {};
    const [turn] = cited.turns;
    expect(turn?.content).toEqual([{ type: 'text', text: texts[6] }]);
    const { generation, block, hash, ...entry } = turn ?? {};
    expect(hash).toBe(createHash('sha256').update(JSON.stringify(entry)).digest('hex'));
    expect(cited.proof).toEqual([
      {
        device: deviceFingerprint(Buffer.from(header?.owner.sign ?? '', 'base64url')),
        generation: header?.gen,
        core: header?.core,
        block,
        length: expect.any(Number) as number,
        root: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    expect(generation).toBe(header?.gen);
    expect((await marie.client.call('whoami')).device).toBe(cited.proof[0]?.device);
    expect(cited.proof[0]?.length).toBeGreaterThan(texts.length - 4);
  });

  it('is refused when the block on disk says something else, in the same number of readable words', async () => {
    const { core, insides, block } = await copy();
    const before = await stored(insides, block);
    const plain = (await core.get(block)) ?? Buffer.alloc(0);
    const at = plain.indexOf('4006');
    const padding = before.length - plain.length;
    const changed = Buffer.from(before);
    // The cipher is a stream: what is changed in it is changed in the text.
    for (const [i, wanted] of [...Buffer.from('9999')].entries()) {
      const place = padding + at + i;
      changed[place] = (changed[place] ?? 0) ^ (plain[at + i] ?? 0) ^ wanted;
    }
    await store(insides, block, changed);
    expect(String(await core.get(block))).toContain('the port is 9999');
    const said = await codeOf(cite());
    expect(said).toMatch(/^CITATION_UNPROVED: block \d+ is not what its owner signed/);
    expect(said).not.toContain('9999');
    await store(insides, block, before);
    expect((await cite()).turns).toHaveLength(1);
  });

  it('is refused when a node of the tree on disk is another one', async () => {
    const { insides, block } = await copy();
    const { storage } = insides.state;
    const reading = storage.read();
    // Its sibling, which a proof goes through.
    const sibling = 2 * (block % 2 === 0 ? block + 1 : block - 1);
    const found = reading.getTreeNode(sibling);
    reading.tryFlush();
    const node = await found;
    const put = async (value: object): Promise<void> => {
      const writing = storage.write();
      writing.putTreeNode(value);
      await writing.flush();
    };
    await put({ ...node, hash: Buffer.alloc(32, 7) });
    expect(await codeOf(cite())).toMatch(/^CITATION_UNPROVED/);
    await put(node);
    expect((await cite()).turns).toHaveLength(1);
  });

  it('is refused when the head is signed by somebody else', async () => {
    const { insides } = await copy();
    const [signer] = insides.core.header.manifest?.signers ?? [];
    if (!signer) throw new Error('nobody signs');
    const { publicKey } = signer;
    signer.publicKey = Buffer.alloc(32, 9);
    expect(await codeOf(cite())).toMatch(/^CITATION_UNPROVED/);
    signer.publicKey = publicKey;
    expect((await cite()).turns).toHaveLength(1);
  });
});
