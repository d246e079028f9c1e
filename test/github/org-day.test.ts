/**
 * What a daemon in an org of 1,000 members with 50 contacts asks of GitHub in a day. What each question costs is counted on
 * the wire, with all pages of the org; which questions a day holds, by the rotation with a clock that is told.
 */
import { expect, it } from 'vitest';
import type { Account } from '../../src/identity/index.ts';
import { Rotation } from '../../src/identity/rotation.ts';
import {
  GITHUB_ROTATION_MS,
  GITHUB_SETTLED_MS,
  KEYRING_FRESH_MS,
  KEYRING_HIDDEN_MS,
} from '../../src/protocol/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FILE_A, type Scene, startScene, testClock } from './harness.ts';

const MEMBERS = 1000;
const CONTACTS = 50;
const HOUR_MS = 3_600_000;
/** Of an account, over all its machines and tools. */
const HOURLY_LIMIT = 5000;
/** docs/LIMITS.md says these figures. */
const DAY = { asked: 62_502, firstHourPaid: 2023, laterHourPaid: 112 };
/** With a keyring in which every member has a device: so many questions more in an hour, for as many pages as there are. */
const KEYRING_HOUR = 360;

/** Requests on the wire, and those that count against the limit. */
interface Cost {
  asked: number;
  paid: number;
}

const everybody: Account[] = Array.from({ length: MEMBERS }, (_, n) => ({ uid: 10_000 + n, login: `member-${n}` }));
const [me = { uid: 0, login: '' }, ...others] = everybody;
const isContact = ({ uid }: Account): boolean => uid > me.uid && uid <= me.uid + CONTACTS;

function fill({ standIn }: Scene): void {
  for (const { uid, login } of everybody) standIn.addUser({ login, id: uid });
  standIn.addOrg({ login: 'Thousand', id: 9010, members: ['Marie-T', ...everybody.slice(1).map((m) => m.login)] });
  for (const { login } of others.filter(isContact)) standIn.putGist({ owner: login, files: { [FILE_A]: login } });
}

/** The first time, the next time, ever after, and after a change of what is asked for. */
async function costs({ standIn }: Scene, ask: () => Promise<unknown>, between: (() => unknown)[]): Promise<Cost[]> {
  const all: Cost[] = [];
  for (const before of [() => {}, ...between]) {
    before();
    standIn.clearLog();
    await ask();
    const requests = standIn.requests();
    all.push({ asked: requests.length, paid: requests.filter(({ status }) => status !== 304).length });
  }
  return all;
}

/** The day's questions, by the hour: how often the list was asked for, and whose records. */
async function dayOfRotation(): Promise<{ lists: number; people: number[] }[]> {
  const clock = new ManualClock();
  const hours: { lists: number; people: number[] }[] = [];
  const now = (): { lists: number; people: number[] } =>
    (hours[Math.floor(clock.elapsed() / HOUR_MS)] ??= { lists: 0, people: [] });
  const checked = new Map<number, number>();
  const rotation = new Rotation({
    ...{ me, clock },
    members: async () => {
      now().lists++;
      return everybody;
    },
    warn: (_what, error) => {
      throw error;
    },
    checkedAt: (uid) => checked.get(uid) ?? 0,
    isPinned: (uid) => isContact({ uid, login: '' }),
    refresh: async ({ uid }) => {
      now().people.push(uid);
      checked.set(uid, clock.now());
    },
    onMembers: async () => {},
  });
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  rotation.start();
  await turn();
  for (let passed = GITHUB_ROTATION_MS; passed < 24 * HOUR_MS; passed += GITHUB_ROTATION_MS) {
    clock.pass(GITHUB_ROTATION_MS);
    await turn();
  }
  rotation.stop();
  return hours;
}

it('is far below the limit: each record is paid for once, and then only when it changes', async () => {
  const scene = await startScene();
  fill(scene);
  const { standIn } = scene;
  const clock = testClock();
  const directory = scene.directory({ clock, workspace: () => 'Thousand' });
  const [contact, stranger] = [others.find(isContact), others.findLast((m) => !isContact(m))];
  if (!contact || !stranger) throw new Error('nobody');
  const list = await costs(scene, () => directory.members('Thousand'), [
    () => {},
    () => standIn.removeMember('Thousand', stranger.login),
  ]);
  // Ten pages, and an empty one after a full one; a change in the last page is paid for by that page.
  expect(list).toEqual([
    { asked: 11, paid: 11 },
    { asked: 11, paid: 0 },
    { asked: 10, paid: 1 },
  ]);
  const [gist] = standIn.gistsOf(contact.login);
  const later = (): void => clock.advance(GITHUB_SETTLED_MS);
  const renew = (): unknown =>
    standIn.putGist({ owner: contact.login, id: gist?.id ?? '', files: { [FILE_A]: 'new' } });
  // That there is no keyring is asked for in some minutes anew, once for everybody, and is paid for.
  const noKeyring = await costs(scene, () => directory.records({ uid: 1001, login: 'Marie-T' }), [() => {}]);
  expect(noKeyring[0]).toEqual({ asked: 3, paid: 3 });
  expect(noKeyring[1]).toEqual({ asked: 2, paid: 0 });
  const keyringPerHour = HOUR_MS / KEYRING_HIDDEN_MS;
  const of = {
    contact: await costs(scene, () => directory.records(contact), [later, later, renew]),
    // No records: the account is asked about, too, for it may have another name now.
    stranger: await costs(scene, () => directory.records(stranger), [later, later]),
  };
  expect(of.contact).toEqual([
    { asked: 2, paid: 2 },
    { asked: 2, paid: 0 },
    { asked: 1, paid: 0 },
    { asked: 2, paid: 2 },
  ]);
  expect(of.stranger).toEqual(of.contact.slice(0, 3));

  const hours = await dayOfRotation();
  const visits = new Map<number, number>();
  const costOfVisit = (uid: number): Cost => {
    const nth = visits.get(uid) ?? 0;
    visits.set(uid, nth + 1);
    return of.contact[Math.min(nth, 2)] ?? { asked: 0, paid: 0 };
  };
  const bill = hours.map(({ lists, people }, hour): Cost => {
    const each = people.map(costOfVisit);
    const first = hour === 0 ? 1 : 0;
    // The worst hour: every contact publishes anew.
    const changed = hour === 0 ? 0 : CONTACTS;
    const asked = each.reduce((sum, cost) => sum + cost.asked, changed + keyringPerHour);
    const paid = each.reduce((sum, cost) => sum + cost.paid, 11 * first + 2 * changed + keyringPerHour);
    return { asked: 11 * lists + asked, paid };
  });
  expect(hours).toHaveLength(24);
  expect(visits.size).toBe(MEMBERS);
  const asked = bill.reduce((sum, each) => sum + each.asked, 0);
  expect({ asked, firstHourPaid: bill[0]?.paid, laterHourPaid: Math.max(...bill.slice(1).map((b) => b.paid)) }).toEqual(
    DAY,
  );
  for (const { asked: inHour, paid } of bill) {
    // With a keyring that changes all the time, too.
    expect(paid + KEYRING_HOUR).toBeLessThan(HOURLY_LIMIT / 2);
    // Even if each were paid for.
    expect(inHour + KEYRING_HOUR).toBeLessThan(HOURLY_LIMIT);
  }
}, 60_000);

it('asks for a keyring of 1,000 devices no oftener than for one of a few, and pays for what changed', async () => {
  const scene = await startScene();
  fill(scene);
  const { standIn } = scene;
  standIn.addRepo('Thousand/.teammate-sync');
  standIn.addIssue('Thousand/.teammate-sync', { author: me.login, title: 'Device records' });
  for (const { login } of everybody) {
    standIn.putComment('Thousand/.teammate-sync', 1, { author: login, body: `\`\`\`\ntms1.${login}\n\`\`\`` });
  }
  const clock = testClock();
  const directory = scene.directory({ clock, workspace: () => 'Thousand' });
  const member = others.at(-1) ?? me;
  const minutes = 10;
  const inTurn = async (): Promise<{ asked: number; paid: number }> => {
    standIn.clearLog();
    for (let passed = 0; passed < minutes * 60_000; passed += KEYRING_FRESH_MS) {
      clock.advance(KEYRING_FRESH_MS);
      expect(await directory.records(member)).toHaveLength(1);
    }
    const keyring = standIn.requests().filter(({ path }) => path.includes('/issues/'));
    return { asked: keyring.length, paid: keyring.filter(({ status }) => status !== 304).length };
  };
  // Ten pages, and one that is empty: nobody says that the tenth is the last.
  expect(await inTurn()).toEqual({ asked: (KEYRING_HOUR / 60) * minutes + 6, paid: 11 });
  standIn.putComment('Thousand/.teammate-sync', 1, { author: me.login, body: 'one more, on a page of its own' });
  expect(await inTurn()).toMatchObject({ paid: 1 });
}, 60_000);
