/** What the dashboard shows is made from what is known here: nobody is asked, and nobody is told. */
import { expect, it } from 'vitest';
import { Endings } from '../../../src/daemon/backend/endings.ts';
import { Presences } from '../../../src/daemon/backend/presence.ts';
import { partMakers } from '../../../src/daemon/dashboard/makers.ts';
import { PARTS, type PartTypes } from '../../../src/protocol/dashboard.ts';
import { until } from '../../support/until.ts';
import { type Person, reads, sharedWith, useWorld, type World } from '../../support/world/index.ts';

let world: World;
useWorld((made) => {
  world = made;
});

async function partsOf({ rooms }: Person): Promise<PartTypes> {
  const [endings, presences] = [new Endings(rooms.inbox), new Presences(rooms)];
  const make = partMakers({ rooms, startedAt: 0, presences, endings });
  const all = await Promise.all(PARTS.map(async (part) => [part, await make[part]()] as const));
  return Object.fromEntries(all) as unknown as PartTypes;
}

it('the parts ask GitHub nothing, show no text, and leave no receipt', async () => {
  const { marie, sam, claude } = await sharedWith(world);
  claude.say('a word that is in no part');
  await until(async () => (await sam.texts(marie.login, claude.session)).length === 2, { what: 'it to be there' });
  await reads(sam, marie, claude, ['one', 'a word that is in no part']);
  const before = (await marie.client.call('activity')).entries.length;
  world.github.clearLog();
  for (let n = 0; n < 3; n++) {
    const [mine, theirs] = [await partsOf(marie), await partsOf(sam)];
    expect(mine.shared.sessions).toMatchObject([{ session: claude.session, recipients: [{ handle: sam.login }] }]);
    expect(mine.connections.accepted).toMatchObject([{ handle: sam.login, online: true }]);
    expect(theirs.inbox.people).toMatchObject([
      { handle: marie.login, sessions: [{ session: claude.session, newest: [] }] },
    ]);
    expect(JSON.stringify([mine, theirs])).not.toContain('a word that is');
  }
  expect(world.github.requests()).toEqual([]);
  expect((await marie.client.call('activity')).entries).toHaveLength(before);
});
