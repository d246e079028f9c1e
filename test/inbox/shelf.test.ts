import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TeammateSyncError } from '../../src/errors.ts';
import { Shelf } from '../../src/inbox/shelf.ts';
import { b64of } from '../protocol/samples.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const place = (n: number, gen = 1, session = 's') => ({
  core: b64of(32, n),
  owner: { uid: 1001, sign: b64of(32, 1) },
  session,
  gen,
});

interface Shelved {
  shelf: Shelf;
  clock: ManualClock;
  folder: string;
  problems: TeammateSyncError[];
  /** Remembers a replica and puts a file where its core lies. */
  put: (of: ReturnType<typeof place>, forMs?: number) => string;
  reopened: () => Shelf;
}

function shelved(): Shelved {
  const folder = `${tempDir()}/inbox`;
  const clock = new ManualClock();
  const problems: TeammateSyncError[] = [];
  const open = (): Shelf => new Shelf(folder, clock, (error) => problems.push(error));
  const shelf = open();
  return {
    shelf,
    clock,
    folder,
    problems,
    put(of, forMs = 60 * MINUTE) {
      shelf.remember({ ...of, until: clock.now() + forMs });
      const at = shelf.folderOf(of);
      fs.mkdirSync(at, { recursive: true, mode: 0o700 });
      fs.writeFileSync(path.join(at, 'data'), 'ciphertext');
      return at;
    },
    reopened: open,
  };
}
const isCore = (n: number) => (r: { core: string }) => r.core === b64of(32, n);

/** Root may remove anything: as root, the work is done as somebody who may not. */
async function withoutRoot(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('the shelf', () => {
  it('remembers over a restart what lies where and until when', async () => {
    const { put, shelf, reopened } = shelved();
    put(place(1));
    put(place(2, 2));
    await shelf.free(place(1));
    expect(reopened().stored).toEqual(shelf.stored);
    expect(shelf.stored).toHaveLength(2);
  });

  it('keeps no key: what it writes down opens nothing', async () => {
    const { put, shelf, folder } = shelved();
    put(place(1));
    await shelf.settled();
    const entry = JSON.parse(fs.readFileSync(`${folder}/inbox.json`, 'utf8')) as {
      replicas: Record<string, unknown>[];
    };
    expect(Object.keys(entry.replicas[0] ?? {}).sort()).toEqual([
      'core',
      'gen',
      'owner',
      'receivedAt',
      'session',
      'until',
    ]);
  });

  it('removes what is named, and the folder of a session with its last generation', async () => {
    const { put, shelf, folder } = shelved();
    const first = put(place(1, 1));
    const second = put(place(2, 2));
    await shelf.remove(isCore(1));
    expect([fs.existsSync(first), fs.existsSync(second)]).toEqual([false, true]);
    await shelf.remove(isCore(2));
    expect(fs.readdirSync(folder)).toEqual(['inbox.json']);
    expect(shelf.stored).toEqual([]);
  });

  it('removes one of two cores of the same generation number, and keeps the other', async () => {
    const { put, shelf } = shelved();
    const [ended, again] = [put(place(1)), put(place(2))];
    await shelf.remove(isCore(1));
    expect([ended, again].map((at) => fs.existsSync(at))).toEqual([false, true]);
  });

  it('takes for over what ran out, and what the clock was set back before', () => {
    const { put, shelf, clock } = shelved();
    put(place(1));
    const [entry] = shelf.stored;
    if (!entry) throw new Error('nothing stored');
    const start = clock.now();
    const over = (at: number): boolean => {
      clock.setWall(at);
      return shelf.isOver(entry);
    };
    expect(over(start)).toBe(false);
    expect(over(start + 60 * MINUTE - 1)).toBe(false);
    expect(over(start + 60 * MINUTE)).toBe(true);
    expect(over(start - 5 * MINUTE)).toBe(false);
    expect(over(start - 5 * MINUTE - 1)).toBe(true);
  });

  it('removes a core that a crash left without an entry beside one that has one', async () => {
    const { put, reopened } = shelved();
    const at = put(place(1));
    const stray = path.join(path.dirname(at), '7');
    fs.mkdirSync(stray);
    await until(() => reopened().stored.length === 1);
    await reopened().removeStrays();
    expect([at, stray].map((folder) => fs.existsSync(folder))).toEqual([true, false]);
  });

  it('removes folders that a crash left without an entry, and nothing else', async () => {
    const { put, shelf, folder } = shelved();
    const kept = put(place(1));
    fs.mkdirSync(`${folder}/1001-stray/1`, { recursive: true });
    fs.writeFileSync(`${folder}/1001-stray/1/data`, 'x');
    await shelf.removeStrays();
    expect([fs.existsSync(kept), fs.readdirSync(folder).length]).toEqual([true, 2]);
  });

  it('ends the use of a folder before it removes it, even when that fails', async () => {
    const { put, shelf, problems } = shelved();
    const at = put(place(1));
    const order: string[] = [];
    await shelf.remove(isCore(1), async () => {
      await Promise.resolve();
      order.push(fs.existsSync(at) ? 'closed' : 'too late');
      throw new Error('the disk is away');
    });
    expect([order, fs.existsSync(at), problems, shelf.stored]).toEqual([['closed'], false, [], []]);
  });

  it('tells what could not be removed, and keeps it on the list', async () => {
    const { put, shelf, problems } = shelved();
    const at = put(place(1));
    fs.chmodSync(path.dirname(at), 0o500);
    await shelf.settled();
    await withoutRoot(() => shelf.remove(isCore(1)));
    fs.chmodSync(path.dirname(at), 0o700);
    expect([problems.length, shelf.stored.length]).toEqual([1, 1]);
  });
});

describe('a grant that comes back while its copy is being removed', () => {
  /** A removal that is under way until it is let go. */
  function slowly(): { close: () => Promise<void>; go: () => void } {
    let go = (): void => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    return { close: () => wait, go };
  }

  it('waits for it, and is kept', async () => {
    const { put, shelf } = shelved();
    put(place(1));
    const { close, go } = slowly();
    const removal = shelf.remove(isCore(1), close);
    expect(shelf.kept).toEqual([]);
    shelf.remember({ ...place(1), until: 9e15 });
    let free = false;
    const waiting = shelf.free(place(1)).then(() => (free = true));
    await Promise.resolve();
    expect(free).toBe(false);
    go();
    await Promise.all([removal, waiting]);
    expect(fs.existsSync(shelf.folderOf(place(1)))).toBe(false);
    expect([shelf.stored.length, shelf.kept.length]).toEqual([1, 1]);
  });

  it('as another generation of the session waits, too: the folder of the session is removed last', async () => {
    const { put, shelf } = shelved();
    put(place(1, 1));
    const { close, go } = slowly();
    const removal = shelf.remove(isCore(1), close);
    let free = false;
    const waiting = shelf.free(place(2, 2)).then(() => (free = true));
    const elsewhere = shelf.free(place(3, 1, 'another session'));
    await elsewhere;
    expect(free).toBe(false);
    go();
    await Promise.all([removal, waiting]);
  });

  it('and is ended again before the first removal is over, is closed and removed, too', async () => {
    const { put, shelf } = shelved();
    put(place(1));
    const first = slowly();
    const one = shelf.remove(isCore(1), first.close);
    shelf.remember({ ...place(1), until: 9e15 });
    let closed = false;
    const two = shelf.remove(isCore(1), async () => {
      closed = true;
    });
    await until(() => closed, { what: 'the second copy to be closed' });
    first.go();
    await Promise.all([one, two]);
    await shelf.settled();
    expect([shelf.stored, shelf.kept]).toEqual([[], []]);
  });
});
