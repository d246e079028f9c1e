/** People whose accounts have no gists, in an org with people who have: how they publish, meet, share and go. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { setUp } from '../../src/daemon/index.ts';
import { logOut } from '../../src/daemon/logout.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import { GITHUB_SECOND_NO_MS, RECORD_LIFETIME_MS, RECORD_RENEW_MS } from '../../src/protocol/limits.ts';
import { parseRecord } from '../../src/protocol/record.ts';
import { unattended } from '../support/unattended.ts';
import { until } from '../support/until.ts';
import { codeOf, furtherMachine, joined, stateOf } from '../support/world/machines.ts';
import { rounds } from '../support/world/rounds.ts';
import { noted, type Person, people, reads, sharing, type World, useWorld } from '../support/world/index.ts';

const KEYRING = 'acme/.teammate-sync';
/** What a fine-grained token may that is let into the keyring, but may not write gists. */
const NO_GISTS = ['members=read', 'issues=write'];

let world: World;
useWorld((started) => (world = started));

let count = 0;

/** A member whose token may not write gists, not set up yet. */
function withoutGists(name: string): Person {
  const person = world.member(`${name}-k${++count}`);
  onTestFinished(async () => {
    await person.close();
    world.github.removeMember('acme', person.login);
  });
  const { token } = world.github.addToken(person.login, null);
  world.github.setPermissions(token, NO_GISTS);
  person.env['GH_TOKEN'] = token;
  return person;
}

/** Runs init; what it said, or why it did not. */
async function init(person: Person): Promise<{ said: string; error: TeammateSyncError | null }> {
  const said: string[] = [];
  const random = (n: number): Uint8Array => randomBytes(n);
  const { env, clock } = person;
  const onStep = (text: string): void => void said.push(text);
  try {
    await setUp({ ...unattended, onStep, org: 'acme', env, clock, random });
    return { said: said.join('\n'), error: null };
  } catch (error) {
    if (error instanceof TeammateSyncError) return { said: said.join('\n'), error };
    throw error;
  }
}

/** The records in the keyring, by the accounts that wrote them. */
const inKeyring = (): { uid: number; seq: number; endorsed: boolean; id: number }[] =>
  world.github.commentsOf(KEYRING, 1).map(({ id, uid, body }) => {
    const { record } = parseRecord(body.replaceAll('```', ''));
    return { id, uid, seq: record.seq, endorsed: record.endorse !== null };
  });
const ofPerson = (person: Person): ReturnType<typeof inKeyring> =>
  inKeyring().filter(({ uid }) => uid === person.rooms.self.uid);

const statesAt = (at: Person, of: Person): string[] =>
  at.rooms.people.get(of.rooms.self.uid)?.devices.map((d) => d.state) ?? [];

const codesOf = async (at: Person): Promise<string[]> =>
  (await at.client.call('status', {})).errors.map(({ code }) => code);

/** From now on GitHub is asked with this token, as after `gh auth refresh`. */
function useToken(person: Person, token: string): void {
  const before = person.env['GH_TOKEN'] ?? '';
  person.env['GH_TOKEN'] = token;
  world.github.revokeToken(before);
}

it('init without a keyring names what makes one and leaves nothing half done; with one it says where it published, and why', async () => {
  const nina = withoutGists('nina');
  const { error } = await init(nina);
  expect(error).toMatchObject({ code: 'KEYRING_MISSING', message: expect.stringContaining('gists=write') });
  expect(error?.hint).toContain(`gh repo create 127.0.0.1/${KEYRING} --private`);
  expect(error?.hint).toContain(`gh issue create -R 127.0.0.1/${KEYRING} --title "Device records"`);
  expect(fs.existsSync(path.join(nina.home, 'config.json'))).toBe(false);
  await expect(nina.start()).rejects.toMatchObject({ code: 'NOT_SET_UP' });

  world.github.addRepo(KEYRING);
  world.github.addIssue(KEYRING, { author: nina.login, title: 'Device records' });
  const done = await init(nina);
  expect(done.error).toBeNull();
  expect(done.said).toMatch(
    /published the public keys as a comment on issue 1 of acme\/\.teammate-sync: GitHub refused/,
  );
  expect(inKeyring()).toMatchObject([{ seq: 1, endorsed: false }]);
  // Again: it is there, and stays the one that is there.
  const [before] = inKeyring();
  expect((await init(nina)).said).toContain('as a comment on issue 1');
  expect(inKeyring()).toEqual([before]);
});

it('they share with people who have gists and with each other, on several devices, and a lost one is revoked', async () => {
  const [alice] = (await people(world, 'alice')) as [Person];
  const nina = withoutGists('nina');
  const olga = withoutGists('olga');
  for (const person of [nina, olga]) await person.init();
  for (const person of [nina, olga]) await person.start();
  const claude = await alice.claude();
  claude.say('one');
  await sharing(alice, claude, ['one'], nina);
  const hers = await nina.claude();
  hers.say('two');
  await sharing(nina, hers, ['two'], olga);

  const other = await furtherMachine(world, nina);
  await joined(nina, other);
  await rounds(world, 'both known', () => statesAt(alice, nina).join() === 'good,good');
  // The new comment is there before the old one goes.
  const endorsed = (): string =>
    ofPerson(nina)
      .map((one) => String(one.endorsed))
      .join();
  await until(() => endorsed() === 'false,true', { what: 'one comment for each' });
  await reads(other, alice, claude, ['one']);

  await nina.client.call('revoke', { body: { code: await codeOf(other) } });
  expect(ofPerson(nina)).toMatchObject([{ seq: 2, endorsed: false }]);
  await rounds(world, 'revoked', () => statesAt(alice, nina).join() === 'good,revoked');
  expect(await stateOf(nina, other)).toBe('revoked');
  claude.say('more');
  await reads(nina, alice, claude, ['one', 'more']);
  expect(world.github.gistsOf(nina.login)).toEqual([]);
});

it('who loses sight of the keyring goes on with what there is, and is told; whose comment goes is out at the second look, and knows', async () => {
  const [alice] = (await people(world, 'alice')) as [Person];
  const nina = withoutGists('nina');
  await nina.init();
  await nina.start();
  const claude = await alice.claude();
  claude.say('one');
  await sharing(alice, claude, ['one'], nina);
  const { uid } = nina.rooms.self;

  const whole = world.github.addToken(alice.login).token;
  useToken(alice, world.github.addToken(alice.login, ['gist', 'read:org']).token);
  await rounds(world, 'stale', () => alice.rooms.people.staleSince(uid) !== null);
  const note = await noted(alice, 'GITHUB_REFUSED', 'lacks the scope repo');
  expect(note.hint).toContain('gh auth refresh -h 127.0.0.1 -s repo');
  world.pass(GITHUB_SECOND_NO_MS);
  await rounds(world, 'asked again', () => alice.rooms.people.staleSince(uid) !== null);
  expect(statesAt(alice, nina)).toEqual(['good']);
  claude.say('two');
  await reads(nina, alice, claude, ['one', 'two']);
  useToken(alice, whole);
  await rounds(world, 'clear again', () => alice.rooms.people.staleSince(uid) === null);

  const [comment] = ofPerson(nina);
  if (!comment) throw new Error('no comment');
  world.github.deleteComment(KEYRING, comment.id);
  await rounds(world, 'left out once', () => statesAt(alice, nina).join() === 'missing');
  claude.say('three');
  await reads(nina, alice, claude, ['one', 'two', 'three']);
  world.pass(GITHUB_SECOND_NO_MS);
  await rounds(world, 'left out twice', () => statesAt(alice, nina).join() === 'unlisted');
  await noted(alice, 'DEVICE_UNLISTED');
  // She is told, too: she did not take it away. A start publishes it again.
  await rounds(world, 'an alarm', async () => (await codesOf(nina)).includes('OWN_DEVICE_UNLISTED'));
  await nina.restart();
  await rounds(world, 'back', () => statesAt(alice, nina).join() === 'good');
  await rounds(world, 'no alarm', async () => !(await codesOf(nina)).includes('OWN_DEVICE_UNLISTED'));
});

it('a record is renewed before it lapses, and taken back by logout, which says when it could not', async () => {
  const nina = withoutGists('nina');
  await nina.init();
  await nina.start();
  const { uid } = nina.rooms.self;
  const mine = (): number[] => inKeyring().flatMap((one) => (one.uid === uid ? [one.seq] : []));
  const later = RECORD_LIFETIME_MS - RECORD_RENEW_MS + 3_600_000;
  world.github.setDateOffset(later);
  onTestFinished(() => world.github.setDateOffset(0));
  nina.clock.pass(later);
  await nina.rooms.ownRecord.renew();
  expect(mine()).toEqual([2]);
  await nina.stop();

  const { env, clock } = nina;
  const narrow = { ...env, GH_TOKEN: world.github.addToken(nina.login, ['gist', 'read:org']).token };
  const failed = await logOut({ keepDevice: false, env: narrow, clock });
  expect(failed.undone).toMatchObject([{ what: expect.stringContaining('lacks the scope repo') }]);
  expect(failed.undone[0]?.how).toMatch(/delete the comment at http:.*\/acme\/\.teammate-sync\/issues\/1$/);
  expect(mine()).toEqual([2]);
  const done = await logOut({ keepDevice: false, env, clock });
  expect([done.undone, mine()]).toEqual([[], []]);
  expect(done.removed.join('\n')).toContain('from GitHub');
});
