/** What ends a share and what only pauses it, with the programs as they are shipped. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InboxSession, SharedSession } from '../../src/protocol/local-api.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
/** Two conversations of marie's whose ids begin alike. */
let shop: ClaudeProcess;
let blog: ClaudeProcess;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie, sam] = await world.readyPeople('marie', 'sam');
  [shop, blog] = marie.openAlike('webshop', 'blog');
  shop.say('why is the login slow?', 'the index is missing', 'add it', 'added');
  blog.say('a post about login', 'a draft');
  for (const claude of [shop, blog]) {
    await claude.begin();
    await shareWithSam(claude);
  }
  await until(async () => (await sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
  await sam.ok(['accept', 'marie']);
  await arrived(shop, 4);
  await arrived(blog, 2);
});
afterAll(() => world.close());

/** What sam's machine holds of one of marie's sessions; null when it refuses to say. */
async function inbox({ session }: ClaudeProcess): Promise<InboxSession | null> {
  const answer = await sam.client.call('inbox', { params: { handle: 'marie' } }).catch(() => null);
  return answer?.sessions.find((s) => s.session === session) ?? null;
}

const arrived = (claude: ClaudeProcess, turns: number): Promise<unknown> =>
  until(async () => ((await inbox(claude))?.fetched ?? 0) >= turns, { what: `${turns} turns of ${claude.session}` });

const isThere = ({ recipients }: SharedSession): boolean => recipients.some((r) => r.state !== 'offline');

const synced = (): Promise<unknown> =>
  until(async () => (await marie.client.call('shared')).sessions.every((s) => s.recipients[0]?.state === 'synced'), {
    what: 'sam to have reported all',
  });

/** Waits until copies of these sessions, and of no others, lie on sam's disk. */
function onlyCopiesOf(...claudes: ClaudeProcess[]): Promise<unknown> {
  const inboxFolder = path.join(sam.paths.state, 'inbox');
  const wanted = claudes.map(({ session }) => session).sort();
  const matches = (): true => {
    const entries = fs.readdirSync(inboxFolder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    if (
      folders
        .map((name) => name.slice(-36))
        .sort()
        .join() === wanted.join()
    )
      return true;
    // What lies there instead, and what is known of it, as the reason of the time-out.
    throw new Error([...folders, fs.readFileSync(path.join(inboxFolder, 'inbox.json'), 'utf8')].join('\n'));
  };
  return until(matches, { what: `only copies of [${wanted.join(' ')}] on the disk` });
}

const shareWithSam = (claude: ClaudeProcess): Promise<string> => marie.ok(['share', 'sam'], { cwd: claude.cwd });

describe('a pause', () => {
  it('is what kill -9 of both daemons brings: it goes on without a word typed', async () => {
    for (const machine of [marie, sam]) {
      await machine.killDaemon();
      await machine.ok(['up']);
    }
    expect(await marie.json(['shared'])).toMatchObject({ sessions: [{ live: true }, { live: true }] });
    shop.say('and after the crash?');
    await until(async () => (await sam.run(['show', 'marie', 'aaaa1'])).stdout.includes('and after the crash?'));
    expect(await sam.json(['show', 'marie', 'aaaa1'])).toMatchObject({
      turns: [{ line: 1 }, { line: 2 }, { line: 3 }, { line: 4 }, { line: 5 }],
    });
  });

  it('is what down of the owner brings, which says who keeps what; it goes on with up', async () => {
    await synced();
    const following = sam.start(['show', 'marie', 'aaaa1', '-f']);
    await until(() => following.stdout().includes('and after the crash?'), { what: 'the turns' });
    const said = await marie.ok(['down']);
    expect(said).toMatch(
      /^Sharing pauses; it goes on by itself when the daemon is back and the conversation still lives/,
    );
    expect(said).toMatch(/\nStopped. It goes on with teammate-sync up\.\n$/);
    expect(said).toMatch(/^ {2}sam {2}keeps webshop \(aaaa1111\) {2}until (?:[\d-]{10} )?\d\d:\d\d \(in \d+ min\)$/m);
    expect(said).toContain('teammate-sync up && teammate-sync unshare --all');
    await until(async () => (await inbox(shop))?.state === 'offline', { what: 'sam to notice' });
    expect(await sam.ok(['show', 'marie'])).toMatch(/owner offline, readable until (?:[\d-]{10} )?\d\d:\d\d/);
    expect(await sam.ok(['show', 'marie', 'aaaa1'])).toMatch(/5 turns, not live\n/);
    expect(await marie.failure(['shared'])).toMatchObject({ exit: 3, code: 'DAEMON_NOT_RUNNING' });
    shop.say('said while the daemon of marie is down');
    expect(await marie.ok(['down'])).toBe('The daemon is not running.\n');
    expect(await marie.ok(['up'])).toMatch(/^Started: process \d+, as marie in acme\n$/);
    await until(async () => (await inbox(shop))?.state === 'live', { what: 'it to be live again' });
    // Nothing else was typed: who is in the middle of it reads on, and nothing comes twice.
    await until(() => following.stdout().includes('said while the daemon of marie is down'), { what: 'the next line' });
    following.child.kill('SIGINT');
    expect((await following.ended).stdout.match(/and after the crash\?/g)).toHaveLength(1);
  });

  it('is what down of the recipient brings: nothing is read meanwhile, and it comes back with up', async () => {
    await synced();
    expect(await sam.ok(['down'])).toBe('Stopped. It goes on with teammate-sync up.\n');
    expect(await sam.failure(['show', 'marie', 'aaaa1'])).toMatchObject({ exit: 3, code: 'DAEMON_NOT_RUNNING' });
    await until(async () => (await marie.client.call('shared')).sessions.every((s) => !isThere(s)), {
      what: 'marie to notice',
    });
    expect(await marie.ok(['shared'])).toMatch(
      /sam {2}offline {2}all 6 turns {2}keeps it until (?:[\d-]{10} )?\d\d:\d\d/,
    );
    shop.say('said while the daemon of sam is down');
    expect(await sam.ok(['up'])).toMatch(/^Started: process \d+, as sam in acme\n$/);
    await arrived(shop, 7);
    expect(await sam.ok(['show', 'marie', 'aaaa1'])).toMatch(/7 turns, live\n[^]*down[^]*down\n/);
    await synced();
    expect(await marie.ok(['shared'])).not.toContain('offline');
  });
});

describe('an end', () => {
  it('comes with unshare, of one session named by the beginning of its id, and tells who follows why', async () => {
    expect(await marie.failure(['unshare', 'aaaa'])).toMatchObject({ exit: 1, code: 'AMBIGUOUS_SESSION' });
    expect(await marie.failure(['unshare', 'ffff'])).toMatchObject({ exit: 1, code: 'NOT_SHARED' });
    expect(await marie.failure(['unshare', 'aaaa1', '--all'])).toMatchObject({ exit: 2 });
    const following = sam.start(['show', 'marie', 'aaaa1', '-f']);
    await until(() => following.stdout().includes('and after the crash?'), { what: 'the turns' });
    expect(await marie.json(['unshare', 'aaaa1', '--from', 'sam'])).toEqual({
      v: 1,
      ended: [{ session: shop.session, project: 'webshop', people: ['sam'] }],
      remaining: 1,
    });
    const { code, stderr } = await following.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('the share ended: unshared')]);
    expect(await sam.failure(['show', 'marie', 'aaaa1'])).toMatchObject({ exit: 1, code: 'NO_LONGER_SHARED' });
    await onlyCopiesOf(blog);
    expect(await sam.ok(['show', 'marie'])).toContain('a draft');
  });

  it('comes with kill -9 of Claude Code', async () => {
    const following = sam.start(['show', 'marie', '-f']);
    await until(() => following.stdout().includes('a draft'), { what: 'the turns' });
    blog.kill();
    const { code, stderr } = await following.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('the share ended: ended')]);
    await onlyCopiesOf();
    expect(await sam.failure(['show', 'marie'])).toMatchObject({ exit: 1, code: 'NOTHING_SHARED_WITH_ME' });
    expect(await marie.json(['shared'])).toMatchObject({ v: 1, sessions: [] });
  });

  it('comes with the hook of SessionEnd, and with unshare --all', async () => {
    for (const end of [() => shop.hook('SessionEnd', { reason: 'clear' }), () => marie.ok(['unshare', '--all'])]) {
      await shop.begin();
      expect(await shareWithSam(shop)).toMatch(/\n {2}sam {2}shared/);
      await arrived(shop, 7);
      await end();
      await onlyCopiesOf();
      expect(await marie.json(['shared'])).toMatchObject({ v: 1, sessions: [] });
    }
    expect(await marie.failure(['unshare'])).toMatchObject({ exit: 1, code: 'NOT_SHARED' });
    expect(await marie.json(['unshare', '--all'])).toEqual({ v: 1, ended: [], remaining: 0 });
  });
});
