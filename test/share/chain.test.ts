import fs from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Chain } from '../../src/share/chain.ts';
import { EMPTY_CHECKPOINT, openSessionFile } from '../../src/share/store.ts';
import { turn } from '../protocol/samples.ts';
import { makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { lines, linesOf, openChain, redacted } from './support.ts';

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });

/** A process that ends without a word: its cores are closed by the system, its last checkpoint is what is on disk. */
async function crash(chain: Chain): Promise<void> {
  await chain.close();
}

const open = (folder: string): Promise<Chain> => openChain(folder, marie, clock);
async function allLines(chain: Chain): Promise<number[][]> {
  return Promise.all(chain.generations.map(linesOf));
}
const position = (chain: Chain): number | undefined => chain.positions.get('main')?.line;

describe('a chain', () => {
  it('continues after a restart in a generation of its own, and numbers them upwards also when the clock is set back', async () => {
    const folder = tempDir();
    const first = await open(folder);
    await first.begin('continue');
    await first.append(lines(1, 2));
    first.checkpoint();
    await crash(first);
    clock.setWall(clock.now() - 86_400_000);
    const second = await open(folder);
    onTestFinished(() => second.close());
    expect([position(second), second.turns]).toEqual([2, 2]);
    await second.begin('continue');
    await second.append(lines(3));
    expect(await allLines(second)).toEqual([[1, 2], [3]]);
    const [one, two] = second.generations.map((g) => g.gen);
    expect(two).toBeGreaterThan(one ?? 0);
    expect(new Set(second.generations.map((g) => g.stored.key)).size).toBe(2);
    expect(new Set(second.generations.map((g) => g.stored.core)).size).toBe(2);
  });

  it('neither loses nor repeats what was appended after the last checkpoint', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    await chain.begin('continue');
    await chain.append(lines(1, 2));
    chain.checkpoint();
    await chain.append(lines(3));
    await chain.append(redacted({ ...turn(4), source: 'agent-1' }));
    const before = fs.readFileSync(`${folder}/session.json`, 'utf8');
    expect(before).not.toContain('agent-1');
    await crash(chain);
    const again = await open(folder);
    onTestFinished(() => again.close());
    expect([...again.positions].map(([source, p]) => [source, p.line])).toEqual([
      ['main', 3],
      ['agent-1', 4],
    ]);
    expect([again.turns, again.generations[0]?.stored.turns]).toEqual([4, 4]);
    // And once more from the same disk: the count does not grow by counting.
    again.checkpoint();
    await again.close();
    const third = await open(folder);
    onTestFinished(() => third.close());
    expect([third.turns, third.generations[0]?.stored.turns, position(third)]).toEqual([4, 4, 3]);
  });

  it('crashing at every step leaves each entry exactly once', async () => {
    const folder = tempDir();
    const wanted: number[] = [];
    for (let run = 0, line = 1; run < 6; run++) {
      const chain = await open(folder);
      expect(position(chain) ?? 0).toBe(line - 1);
      expect(chain.turns).toBe(line - 1);
      await chain.begin('continue');
      for (let n = 0; n < run; n++) {
        await chain.append(lines(line));
        wanted.push(line++);
        if (n % 2 === 0) chain.checkpoint();
      }
      await crash(chain);
    }
    const last = await open(folder);
    onTestFinished(() => last.close());
    expect((await allLines(last)).flat()).toEqual(wanted);
  });

  it('with a checkpoint ahead of a core that lost its end counts what is really there', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    await chain.begin('continue');
    await chain.append(lines(1));
    await chain.append(lines(2));
    chain.checkpoint();
    await crash(chain);
    // A restored disk: the file is newer than the core.
    const file = openSessionFile(folder, null);
    if (!file) throw new Error('no file');
    const positions = [{ source: 'main', line: 9, uuid: '' }];
    file.value.checkpoint = { ...file.value.checkpoint, blocks: 9, turns: 9, positions };
    file.save();
    const again = await open(folder);
    onTestFinished(() => again.close());
    expect([position(again), again.turns, again.generations[0]?.stored.turns]).toEqual([2, 2, 2]);
  });

  it('that lost its checkpoint counts from the beginning', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    await chain.begin('continue');
    await chain.append(lines(1));
    await chain.begin('continue');
    await chain.append(lines(2, 3));
    chain.checkpoint();
    await crash(chain);
    const file = openSessionFile(folder, null);
    if (!file) throw new Error('no file');
    file.value.checkpoint = EMPTY_CHECKPOINT;
    file.save();
    const again = await open(folder);
    onTestFinished(() => again.close());
    expect([position(again), again.turns, again.generations.map((g) => g.stored.turns)]).toEqual([3, 3, [1, 2]]);
  });

  it('removes a generation folder that a crash left without a place in the file', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    await chain.begin('continue');
    await crash(chain);
    fs.mkdirSync(`${folder}/1700000000`);
    fs.writeFileSync(`${folder}/1700000000/left`, 'x');
    fs.mkdirSync(`${folder}/not-ours`);
    const again = await open(folder);
    onTestFinished(() => again.close());
    const [generation] = again.generations;
    expect(fs.readdirSync(folder).sort()).toEqual([String(generation?.gen), 'not-ours', 'session.json'].sort());
  });

  it('that is replaced keeps nothing of before, also on disk', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    onTestFinished(() => chain.close());
    await chain.begin('continue');
    await chain.append(lines(1, 2));
    const [old] = chain.generations;
    await chain.begin('replace');
    expect([chain.turns, chain.positions.size, chain.generations.map((g) => g.stored.kind)]).toEqual([
      0,
      0,
      ['replace'],
    ]);
    expect(fs.existsSync(`${folder}/${old?.gen}`)).toBe(false);
    expect(fs.readFileSync(`${folder}/session.json`, 'utf8')).not.toContain(old?.stored.key ?? '?');
  });

  it('appends and begins in the order in which it was asked', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    onTestFinished(() => chain.close());
    await Promise.all([
      chain.begin('continue'),
      chain.append(lines(1)),
      chain.append(lines(2)),
      chain.begin('continue'),
      chain.append(lines(3)),
    ]);
    expect(await allLines(chain)).toEqual([[1, 2], [3]]);
    expect(position(chain)).toBe(3);
  });

  it('titles are kept but neither counted nor taken for a place in the transcript', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    onTestFinished(() => chain.close());
    await chain.begin('continue');
    await chain.append(redacted(turn(1), { ...turn(7), kind: 'title' }));
    expect([chain.turns, position(chain)]).toEqual([1, 1]);
  });

  it('wiped leaves no generation', async () => {
    const folder = tempDir();
    const chain = await open(folder);
    await chain.begin('continue');
    await chain.append(lines(1));
    await chain.wipe();
    expect(fs.readdirSync(folder)).toEqual(['session.json']);
  });
});
