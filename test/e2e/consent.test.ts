/** Nobody gets a byte before accepting, and nobody who was not named gets one at all. */
import Corestore from 'corestore';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { spellings } from '../support/disk.ts';
import { until } from '../support/until.ts';
import { type Frame, invited, linked, people, reads, sharing, uid, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

/** How hypercore names its channel when one side opens it. */
const REPLICATION = 'hypercore/alpha';
const holds = (frames: Frame[], needle: string | Buffer): boolean => frames.some((f) => f.bytes.includes(needle));

describe('before the accept', () => {
  it('not one frame holds content, title, key or an open replication channel', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('the secret plan', 'noted');
    claude.write((w) => w.raw({ type: 'custom-title', customTitle: 'plan-title', sessionId: claude.session }));
    await marie.share(claude, sam.login);
    await invited(sam, marie);
    const generation = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0];
    expect(generation).toBeDefined();
    const secrets = [
      'the secret plan',
      'noted',
      'plan-title',
      claude.session,
      ...spellings(generation?.stored.key ?? ''),
      ...spellings(generation?.stored.core ?? ''),
      REPLICATION,
    ];
    const before = [...sam.frames];
    expect(before.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(holds(before, secret), String(secret)).toBe(false);

    // The same look sees the channel once there is consent: the tap is not blind.
    await sam.accept(marie.login);
    await reads(sam, marie, claude, ['the secret plan', 'noted']);
    expect(holds(sam.frames, REPLICATION)).toBe(true);
  });

  it('an invite tells the project and the note, and nothing can be read', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude('billing');
    claude.say('hello');
    const body = {
      session: claude.session,
      cwd: claude.cwd,
      to: [sam.login],
      note: 'look at this',
      fromNow: false,
      withThinking: false,
    };
    await marie.client.call('share', { body });
    await invited(sam, marie);
    const [invite] = (await sam.client.call('connections', {})).pendingIn;
    expect(invite).toMatchObject({ note: 'look at this', project: 'billing' });
    await expect(sam.read(marie.login)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect((await marie.client.call('shared', {})).sessions[0]?.recipients[0]?.state).toBe('pending');
  });
});

describe('a third member of the org', () => {
  it('who knows core key and block key gets nothing', async () => {
    const [marie, sam, eve] = await people(world, 'marie', 'sam', 'eve');
    if (!marie || !sam || !eve) return;
    const claude = await marie.claude();
    claude.say('for sam only');
    await sharing(marie, claude, ['for sam only'], sam);
    await linked(marie, eve);
    const generation = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0];
    const [link] = eve.rooms.swarm.linksOf(await uid(marie));
    if (!generation || !link) throw new Error('no generation or no link');

    const store = new Corestore(path.join(eve.folder, 'stolen'));
    const core = store.get({
      key: Buffer.from(generation.stored.core, 'base64url'),
      encryption: { key: Buffer.from(generation.stored.key, 'base64url') },
    });
    await core.ready();
    core.replicate(link.mux);
    await expect(core.get(1, { timeout: 1500 })).rejects.toThrow();
    expect(core.length).toBe(0);
    await store.close();

    await expect(eve.read(marie.login)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    claude.say('still for sam');
    await reads(sam, marie, claude, ['for sam only', 'still for sam']);
  });
});

describe('answers', () => {
  it('a declined person is not asked again, and the decliner may still accept', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('one');
    await marie.share(claude, sam.login);
    await invited(sam, marie);
    await sam.client.call('decline', { body: { handle: marie.login } });
    await until(async () => (await marie.client.call('connections', {})).declined.some((p) => p.by === 'them'));
    const before = sam.frames.length;
    const again = await marie.share(claude, sam.login);
    expect(again.people[0]?.outcome).toBe('declined');
    expect((await sam.client.call('connections', {})).pendingIn).toEqual([]);
    expect(sam.frames.slice(before).some((f) => f.bytes.includes('"t":"invite"'))).toBe(false);

    await sam.accept(marie.login);
    await reads(sam, marie, claude, ['one']);
  });

  it('crossed invites are mutual consent', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const hers = await marie.claude('hers');
    const his = await sam.claude('his');
    hers.say('from marie');
    his.say('from sam');
    await Promise.all([marie.share(hers, sam.login), sam.share(his, marie.login)]);
    await reads(sam, marie, hers, ['from marie']);
    await reads(marie, sam, his, ['from sam']);
  });

  it('one unknown handle among several: nobody is added', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    const claude = await marie.claude();
    claude.say('one');
    await expect(marie.share(claude, sam.login, 'nobody-at-all')).rejects.toMatchObject({ code: 'NO_SUCH_PERSON' });
    const typo = `${sam.login.slice(0, -1)}x`;
    const hint = `did you mean ${sam.login}?`;
    await expect(marie.share(claude, typo)).rejects.toMatchObject({ code: 'NO_SUCH_PERSON', hint });
    await expect(marie.share(claude, marie.login)).rejects.toMatchObject({ code: 'ONESELF' });
    expect((await marie.client.call('shared', {})).sessions).toEqual([]);
    expect((await marie.client.call('connections', {})).pendingOut).toEqual([]);
  });

  it('somebody without a device yet is waited for', async () => {
    const [marie] = await people(world, 'marie');
    if (!marie) return;
    const late = world.member(`late-${marie.login}`);
    const claude = await marie.claude();
    claude.say('welcome');
    const shared = await marie.share(claude, late.login);
    expect(shared.people[0]?.outcome).toBe('waiting');
    await late.init();
    await late.start();
    marie.clock.pass(60_000);
    await invited(late, marie);
    await late.accept(marie.login);
    await reads(late, marie, claude, ['welcome']);
    await late.close();
  });
});

describe('without GitHub’s word', () => {
  it('no new connection is made, and existing ones go on', async () => {
    const [marie, sam, tess] = await people(world, 'marie', 'sam', 'tess');
    if (!marie || !sam || !tess) return;
    const claude = await marie.claude();
    claude.say('one');
    await sharing(marie, claude, ['one'], sam);
    await marie.share(claude, tess.login);
    await invited(tess, marie);
    world.github.addFault({ status: 503, times: null });
    onTestFinished(() => world.github.clearFaults());
    await expect(tess.accept(marie.login)).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
    claude.say('two');
    await reads(sam, marie, claude, ['one', 'two']);
    const other = await marie.claude('other');
    other.say('three');
    expect((await marie.share(other, sam.login)).people[0]?.outcome).toBe('shared');
    world.github.clearFaults();
    await tess.accept(marie.login);
    await reads(tess, marie, claude, ['one', 'two']);
  });
});
