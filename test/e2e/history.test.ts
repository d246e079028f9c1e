/** What began and ended is remembered on both sides, once each; and short names for people mean them, and nobody else. */
import { describe, expect, it } from 'vitest';
import type { DoctorEvent } from '../../src/protocol/doctor.ts';
import type { HistoryEvent } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { type Person, sharedWith, useWorld, type World } from '../support/world/index.ts';

let world: World;
useWorld((made) => {
  world = made;
});

const historyOf = async (person: Person): Promise<HistoryEvent[]> => (await person.client.call('activity')).history;
const told = (events: readonly HistoryEvent[]): string[] =>
  events.map(({ what, handle, mine, reason }) => `${mine ? 'with' : 'from'} ${handle} ${what} ${reason ?? ''}`.trim());

describe('the history', () => {
  it('has what began and ended, once, over restarts, with the reason', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await until(async () => (await historyOf(sam)).length === 1, { what: 'sam to have it' });
    expect(told(await historyOf(marie))).toEqual([`with ${sam.login} began`]);
    expect(told(await historyOf(sam))).toEqual([`from ${marie.login} began`]);
    await marie.restart();
    await sam.restart();
    claude.say('more');
    await until(async () => (await sam.texts(marie.login, claude.session)).includes('more'), {
      what: 'sam to read on',
    });
    expect([told(await historyOf(marie)), told(await historyOf(sam))]).toEqual([
      [`with ${sam.login} began`],
      [`from ${marie.login} began`],
    ]);
    await marie.client.call('unshare', { body: { session: null, cwd: claude.cwd, from: [sam.login], all: false } });
    await until(async () => (await historyOf(sam)).length === 2, { what: 'sam to hear of the end' });
    expect(told(await historyOf(marie))).toEqual([`with ${sam.login} ended unshared`, `with ${sam.login} began`]);
    expect(told(await historyOf(sam))).toEqual([`from ${marie.login} ended unshared`, `from ${marie.login} began`]);
    expect((await historyOf(sam))[0]).toMatchObject({ session: claude.session.slice(0, 8), project: 'proj' });
  });
});

describe('an invite', () => {
  it('is nothing that began before it is accepted', async () => {
    const [marie, sam] = [await world.person('ines'), await world.person('otto')];
    const claude = await marie.claude();
    claude.say('one');
    await marie.share(claude, sam.login);
    await until(async () => (await sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
    expect(await historyOf(marie)).toEqual([]);
    await sam.accept(marie.login);
    await until(async () => (await historyOf(marie)).length === 1, { what: 'it to begin' });
    expect(told(await historyOf(marie))).toEqual([`with ${sam.login} began`]);
  });
});

describe('an alias', () => {
  it('means somebody wherever a handle is typed, on this machine alone', async () => {
    const { marie, sam, claude } = await sharedWith(world);
    await marie.client.call('alias', { body: { name: 'S', handle: sam.login } });
    expect((await marie.client.call('connections')).accepted).toMatchObject([{ handle: sam.login, alias: 's' }]);
    await sam.client.call('alias', { body: { name: 'boss', handle: marie.login } });
    expect(await sam.texts('boss', claude.session)).toEqual(['one']);
    const ended = await marie.client.call('unshare', {
      body: { session: null, cwd: claude.cwd, from: ['s'], all: false },
    });
    expect(ended.ended).toMatchObject([{ people: [sam.login] }]);
    await marie.restart();
    expect(await marie.client.call('aliases')).toEqual({ aliases: [{ name: 's', handle: sam.login }] });
    await marie.client.call('alias', { body: { name: 's', handle: null } });
    await expect(marie.client.call('verify', { body: { handle: 's', match: false } })).rejects.toMatchObject({
      code: 'NO_SUCH_PERSON',
    });
  });

  it('gives way to a handle that somebody has', async () => {
    const { marie, sam } = await sharedWith(world);
    await expect(marie.client.call('alias', { body: { name: sam.login, handle: sam.login } })).rejects.toMatchObject({
      code: 'ALIAS_TAKEN',
    });
    await expect(marie.client.call('alias', { body: { name: 'a b', handle: sam.login } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await expect(marie.client.call('alias', { body: { name: 'me', handle: marie.login } })).rejects.toMatchObject({
      code: 'ONESELF',
    });
  });
});

describe('the daemon', () => {
  it('looks at everything that doctor looks at, once for all who ask at a time', async () => {
    const marie = await world.person('marie');
    const all = await Promise.all(
      [0, 1].map(async () => {
        const events: DoctorEvent[] = [];
        for await (const event of marie.client.doctor(AbortSignal.timeout(60_000))) events.push(event);
        return events;
      }),
    );
    expect(all[0]).toEqual(all[1]);
    expect(all[0]?.at(-1)).toEqual({ type: 'done' });
    const ids = all[0]?.flatMap((event) => (event.type === 'check' ? [event.check.id] : []));
    expect(ids).toEqual(expect.arrayContaining(['home', 'config', 'keys', 'record', 'lock', 'state']));
  });
});
