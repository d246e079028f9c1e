import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Person, World } from '../support/world/index.ts';

let world: World;
let marie: Person;
let sam: Person;

beforeAll(async () => {
  world = await World.start();
  marie = await world.person('Marie');
  sam = await world.person('sam');
});
afterAll(() => world.close());

it('carries a live conversation to the teammate who accepted, and takes it away', async () => {
  const claude = await marie.claude();
  claude.say('shall we use postgres?', 'yes, for the json columns');
  const shared = await marie.share(claude, 'SAM');
  expect(shared.people).toEqual([{ handle: 'sam', outcome: 'invited', since: null }]);
  expect(shared.turns).toBe(2);

  await until(async () => (await sam.client.call('connections', {})).pendingIn.length === 1, { what: 'the invite' });
  await sam.accept('@Marie');
  await until(async () => (await sam.texts('marie')).length === 2, { what: 'the first turns' });
  expect(await sam.texts('marie')).toEqual(['shall we use postgres?', 'yes, for the json columns']);

  claude.say('and the index?');
  await until(async () => (await sam.texts('marie')).length === 3, { what: 'the live turn' });

  await marie.client.call('unshare', { body: { session: claude.session, cwd: claude.cwd, from: [], all: false } });
  await expect(sam.texts('marie', claude.session)).rejects.toMatchObject({ code: 'NO_LONGER_SHARED' });
});

it('tells the title, and counts turns alike on both sides', async () => {
  const claude = await marie.claude('titled');
  claude.say('one', 'two');
  claude.write((w) => w.raw({ type: 'custom-title', customTitle: 'login-fix', sessionId: claude.session }));
  await marie.share(claude, 'sam');
  await until(async () => (await sam.texts('marie', claude.session).catch(() => [])).length === 2);
  const index = await sam.client.call('inbox', { params: { handle: 'marie' } });
  const theirs = index.sessions.find((s) => s.session === claude.session);
  expect(theirs).toMatchObject({ title: 'login-fix', project: 'titled', turns: 2, fetched: 2 });
  const listed = await until(async () => {
    const shared = await marie.client.call('shared', {});
    const session = shared.sessions.find((s) => s.session === claude.session);
    return session?.recipients[0]?.state === 'synced' && session;
  });
  expect(listed).toMatchObject({ turns: 2, title: 'login-fix', recipients: [{ fetched: 2, of: 2 }] });
});

it('shares thinking only when asked, and then replaces what was sent before', async () => {
  const claude = await marie.claude('thinking');
  claude.write((w) => w.prompt('why?').thinking('because of the proxy').reply('the proxy'));
  await marie.share(claude, 'sam');
  await until(async () => (await sam.turns('marie', claude.session).catch(() => [])).length === 2);
  const body = { session: claude.session, cwd: '/', to: ['sam'], note: null, fromNow: false, withThinking: true };
  await marie.client.call('share', { body });
  const turns = await until(async () => {
    const all = await sam.turns('marie', claude.session).catch(() => []);
    return all.length === 3 && all;
  });
  expect(JSON.stringify(turns)).toContain('because of the proxy');
});
