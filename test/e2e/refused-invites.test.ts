/** An invite that its recipient's side ended takes what waited for it along: a later consent does not open it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { invited, people, type Person, reads, World } from '../support/world/index.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

const recipientsOf = async (owner: Person): Promise<string[]> =>
  (await owner.client.call('shared', {})).sessions.flatMap(({ recipients }) => recipients.map(({ handle }) => handle));

describe('an invite whose recipient blocked the inviter', () => {
  it('leaves no share behind, and a connection by another invite opens nothing of the first', async () => {
    const [marie, sam] = (await people(world, 'marie', 'sam')) as [Person, Person];
    const hers = await marie.claude('billing');
    hers.say('asked once, refused once');
    await marie.share(hers, sam.login);
    await invited(sam, marie);
    expect(await recipientsOf(marie)).toEqual([sam.login]);
    // Asked twice is asked once: he has nothing yet, and nobody says that he has.
    expect((await marie.share(hers, sam.login)).people).toEqual([
      { handle: sam.login, outcome: 'unanswered', since: null },
    ]);

    const handle = marie.login;
    await sam.client.call('block', { body: { handle } });
    await until(async () => (await marie.client.call('connections', {})).pendingOut.length === 0);
    // By him, and before anything else could open it.
    await until(async () => (await recipientsOf(marie)).length === 0);

    // Sam thinks better of it, and invites her to something of his own.
    await sam.client.call('unblock', { body: { handle } });
    const his = await sam.claude('shop');
    his.say('look at this instead');
    await sam.share(his, marie.login);
    await invited(marie, sam);
    await marie.accept(sam.login);
    await reads(marie, sam, his, ['look at this instead']);
    await expect(sam.client.call('inbox', { params: { handle } })).rejects.toMatchObject({
      code: 'NOTHING_SHARED_WITH_ME',
    });
  });
});
