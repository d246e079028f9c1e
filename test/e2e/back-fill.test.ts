/** A long transcript is being taken in when something else happens. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { connected, type FakeClaude, invited, people, type Person, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

const LINES = 500;
const TOKEN = ['gh', 'p_', 'Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2'].join('');
const texts = Array.from({ length: LINES }, (_, i) => `${i} ${'words and words. '.repeat(700)}`);

/** Shares some 6 MB, and returns as soon as some of it is in a core; `turns` tells how much. */
async function busy(owner: Person, recipient: Person): Promise<{ claude: FakeClaude; turns: () => number }> {
  const claude = await owner.claude();
  claude.say(...texts.map((text) => text + TOKEN));
  const turns = (): number => owner.rooms.sharing.get(claude.session)?.turns ?? 0;
  // Its answer waits for the numbers, as long as there is somebody to give it.
  owner.share(claude, recipient.login).catch(() => {});
  await until(() => turns() > 0);
  return { claude, turns };
}

describe('while a long transcript is taken in', () => {
  it('the daemon stops at once, and the next goes on where it was: no line is lost, repeated or unmasked', async () => {
    const [marie, sam] = (await people(world, 'marie', 'sam')) as [Person, Person];
    const { claude, turns } = await busy(marie, sam);
    const { redaction } = marie.rooms;
    const before = turns();
    await marie.stop();
    expect(before).toBeLessThan(LINES);
    expect(redaction.running).toBe(false);
    await marie.start();
    await until(() => turns() === LINES);
    await invited(sam, marie);
    await sam.accept(marie.login);
    await connected(marie, sam);
    const inbox = () => sam.client.call('inbox', { params: { handle: marie.login } });
    await until(async () => (await inbox()).sessions.some(({ fetched }) => fetched === LINES));
    const arrived = await sam.texts(marie.login, claude.session);
    const masked = arrived.map((text) => text.replace(/\[redacted:github-token:[0-9a-f]{4}\]$/, ''));
    expect(masked.length).toBe(LINES);
    expect(masked.every((text, i) => text === texts[i])).toBe(true);
  });

  it('the local API answers, and an unshare ends it: nothing is appended any more, nothing is left', async () => {
    const [marie, sam] = (await people(world, 'marie', 'sam')) as [Person, Person];
    const { claude, turns } = await busy(marie, sam);
    const session = marie.rooms.sharing.get(claude.session);
    expect(turns()).toBeLessThan(LINES);
    await marie.client.call('unshare', {
      body: { session: claude.session, cwd: claude.cwd, from: [], all: false },
    });
    const { length } = fs
      .readdirSync(path.join(marie.home, 'state', 'share'))
      .filter((name) => name === claude.session);
    expect(length).toBe(0);
    const after = session?.turns;
    expect(after).toBeLessThan(LINES);
    await session?.drained();
    expect(session?.turns).toBe(after);
    expect(fs.existsSync(path.join(marie.home, 'state', 'share', claude.session))).toBe(false);
  });
});
