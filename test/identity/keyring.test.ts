/** Records in the org's keyring: believed as those in gists are, or refused by name; and what the loss of sight of it does. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { People, recordFileName } from '../../src/identity/index.ts';
import { GITHUB_SECOND_NO_MS, KEYRING_FRESH_MS, KEYRING_HIDDEN_MS } from '../../src/protocol/limits.ts';
import type { DeviceRecord } from '../../src/protocol/record.ts';
import { FAULT_CASES } from '../github/fault-cases.ts';
import { ORG, type Scene, startOtherHost, startScene } from '../github/harness.ts';
import { keysOf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { codeOfAsync, endorse, NOW, record, signOf } from './support.ts';

const KEYRING = `${ORG}/.teammate-sync`;
const TOMAS = 1002;
const HOST = '127.0.0.1';

let scene: Scene;
let clock: ManualClock;
let people: People;
let warned: string[];
let as: string;

const lineOf = (device: string, changes: Partial<DeviceRecord> = {}): string =>
  record(device, { host: HOST, uid: TOMAS, login: 'tomas', ...changes }).text;
const comment = (text: string, author = 'Tomas', more: { viaApp?: string } = {}): number =>
  scene.standIn.putComment(KEYRING, 1, { author, body: `\`\`\`\n${text}\n\`\`\``, ...more }).id;
const states = (): Record<string, string> =>
  Object.fromEntries((people.get(TOMAS)?.devices ?? []).map((d) => [d.sign, d.state]));
const codes = (): string[] => warned.map((line) => /RECORD_\w+/.exec(line)?.[0] ?? line);

beforeEach(async () => {
  clock = new ManualClock(NOW);
  scene = await startScene({ now: () => clock.now() });
  scene.standIn.addRepo(KEYRING);
  scene.standIn.addIssue(KEYRING, { author: 'Ines', title: 'Device records' });
  as = scene.tokens.marie;
  warned = [];
  const me = { uid: 1001, login: 'Marie-T' };
  const own = record('marie', { host: HOST, uid: me.uid, login: 'marie-t', expires: NOW / 1000 + 1e8 });
  people = new People({
    directory: scene.directory({ clock, workspace: () => ORG, token: () => Promise.resolve(as) }),
    ...{ host: HOST, org: { id: 9009, login: ORG }, me, clock },
    ownRecord: () => own,
    pinsPath: `${tempDir()}/pins.json`,
    warn: (message, error) => void warned.push(`${message}: ${(error as { code: string }).code}`),
  });
  onTestFinished(() => people.stop());
});

async function look(after = KEYRING_FRESH_MS): Promise<void> {
  clock.pass(after);
  await people.resolve('tomas');
}

describe('a record in the keyring', () => {
  it('is believed, with those that it vouches for, and those in gists', async () => {
    comment(lineOf('b', { endorse: endorse('a', 'b', TOMAS, HOST) }));
    comment(lineOf('a'));
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'good', [signOf('b')]: 'good' });
    scene.standIn.putGist({
      owner: 'Tomas',
      files: {
        'teammate-sync-0000000000000000.txt': 'talk',
        [fileOf('c')]: lineOf('c', { endorse: endorse('b', 'c', TOMAS, HOST) }),
      },
    });
    await look();
    expect(people.get(TOMAS)?.devices.map(({ place, state }) => [place, state])).toEqual([
      ['keyring', 'good'],
      ['keyring', 'good'],
      ['gist', 'good'],
    ]);
  });

  it('is renewed by a newer one, also while the one before is still beside it', async () => {
    comment(lineOf('a'));
    await look();
    comment(lineOf('a', { seq: 2 }));
    const older: string[][] = [];
    people.on('changed', (_uid, { rolledBack }) => older.push(rolledBack));
    await look();
    await look();
    expect(people.get(TOMAS)?.devices).toMatchObject([{ seq: 2, state: 'good' }]);
    expect([warned, older]).toEqual([[], [[]]]);
  });

  it('takes back another device by what it says of it', async () => {
    comment(lineOf('a'));
    comment(lineOf('b', { endorse: endorse('a', 'b', TOMAS, HOST) }));
    await look();
    comment(lineOf('a', { seq: 2, revokes: [signOf('b')] }));
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'good', [signOf('b')]: 'revoked' });
  });

  const weak = Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url');
  it.each<[string, string, () => void]>([
    [
      'edited since',
      'RECORD_EDITED',
      () => scene.standIn.editComment(KEYRING, comment(lineOf('x')), `\`\`\`\n${lineOf('y')}\n\`\`\``),
    ],
    ['written by an app', 'RECORD_BY_APP', () => comment(lineOf('x'), 'Tomas', { viaApp: 'some-bot' })],
    ["another person's", 'RECORD_WRONG_OWNER', () => comment(lineOf('x', { uid: 1003 }))],
    ['of another host', 'RECORD_WRONG_HOST', () => comment(lineOf('x', { host: 'github.com' }))],
    ['expired', 'RECORD_EXPIRED', () => comment(lineOf('x', { expires: NOW / 1000 - 1 }))],
    ['of the future', 'RECORD_FROM_FUTURE', () => comment(lineOf('x', { created: NOW / 1000 + 3600 }))],
    ['too long', 'RECORD_TOO_LARGE', () => comment(lineOf('x').padEnd(9000, 'A'))],
    ['not the only text', 'RECORD_MALFORMED', () => comment(`${lineOf('x')}\n${lineOf('y')}`)],
    ['with a weak key', 'RECORD_WEAK_KEY', () => comment(lineOf('x', { sign: weak }))],
    [
      'not signed by its own key',
      'RECORD_BAD_SIGNATURE',
      () => comment(record('x', { host: HOST, uid: TOMAS, login: 'tomas' }, keysOf('y')).text),
    ],
  ])('that is %s is refused by name, and the good one is used', async (_what, code, put) => {
    comment(lineOf('a'));
    put();
    await look();
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'good' });
    expect(codes()).toEqual([code]);
  });

  it("that lies with another person is nobody's", async () => {
    comment(lineOf('x'), 'Ines');
    await look();
    expect(states()).toEqual({});
    await people.resolve('ines');
    expect(codes()).toEqual(['RECORD_WRONG_OWNER']);
  });

  it('that is older than the known one changes nothing', async () => {
    const { standIn } = scene;
    const id = comment(lineOf('a', { seq: 2 }));
    await look();
    standIn.deleteComment(KEYRING, id);
    comment(lineOf('a'));
    const changes: string[][] = [];
    people.on('changed', (_uid, { rolledBack }) => changes.push(rolledBack));
    await look();
    expect(changes).toEqual([[signOf('a')]]);
    expect(people.get(TOMAS)?.devices).toMatchObject([{ seq: 2, state: 'good' }]);
  });

  it('that is deleted makes its device one that is missing, and then unlisted, as a gist would', async () => {
    const id = comment(lineOf('a'));
    await look();
    scene.standIn.deleteComment(KEYRING, id);
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'missing' });
    await look(GITHUB_SECOND_NO_MS);
    expect(states()).toEqual({ [signOf('a')]: 'unlisted' });
    comment(lineOf('a'));
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'good' });
  });
});

describe('without sight of the keyring', () => {
  /** After a first clear word the person is stale, and nothing changes, however long that goes on. */
  async function nothingChanges(what: string): Promise<void> {
    for (const ms of [KEYRING_FRESH_MS, KEYRING_HIDDEN_MS, GITHUB_SECOND_NO_MS, 24 * 3_600_000]) {
      clock.pass(ms);
      expect(await codeOfAsync(people.resolve('tomas')), what).not.toBe('taken');
      expect(states(), what).toEqual({ [signOf('a')]: 'good' });
      expect(people.staleSince(TOMAS), what).not.toBeNull();
    }
  }

  it.each([
    ['the scope', (): void => void (as = scene.standIn.addToken('Marie-T', ['gist', 'read:org']).token)],
    [
      'the permission',
      (): void => {
        as = scene.standIn.addToken('Marie-T', null).token;
        scene.standIn.setPermissions(as, ['members=read']);
      },
    ],
    ['the repository', (): void => scene.standIn.renameRepo(KEYRING, 'elsewhere')],
  ])('for want of %s, a device of it stays, and its person is stale', async (what, lose) => {
    comment(lineOf('a'));
    await look();
    const before = as;
    lose();
    await nothingChanges(what);
    if (what === 'the repository') scene.standIn.renameRepo(`${ORG}/elsewhere`, '.teammate-sync');
    as = before;
    await look(KEYRING_HIDDEN_MS);
    expect(people.staleSince(TOMAS)).toBeNull();
  });

  it('for any fault a device of it stays, and its person is stale; the token goes nowhere else', async () => {
    comment(lineOf('a'));
    await look();
    const other = await startOtherHost();
    // All of them: test/github/faults.test.ts.
    for (const name of ['401', '403, hourly limit', '404 of a proxy', '502, HTML', 'cut JSON', 'reset', 'redirect']) {
      const fault = FAULT_CASES[name]?.fault;
      if (!fault) throw new Error(`no fault ${name}`);
      // So that it is no 304.
      scene.standIn.putComment(KEYRING, 1, { author: 'Ines', body: 'talk' });
      // Some tell the client to wait.
      clock.pass(3_600_000);
      scene.standIn.clearFaults();
      const to = fault.redirect === undefined ? {} : { redirect: `${other.url}/comments` };
      scene.standIn.addFault({ ...fault, ...to, path: '/repos/', times: null });
      expect(await codeOfAsync(people.resolve('tomas')), name).toMatch(/^(?:GITHUB_|NO_TOKEN)/);
      expect(states(), name).toEqual({ [signOf('a')]: 'good' });
      expect(people.staleSince(TOMAS), name).not.toBeNull();
    }
    expect(other.requests).toEqual([]);
    scene.standIn.clearFaults();
    await look(3_600_000);
    expect(people.staleSince(TOMAS)).toBeNull();
  });

  it('who is known by gists, and who is not known, is as without a keyring', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [fileOf('a')]: lineOf('a') } });
    as = standIn.addToken('Marie-T', ['gist', 'read:org']).token;
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'good' });
    expect((await people.resolve('ines')).devices).toEqual([]);
    for (const { id } of standIn.gistsOf('tomas')) standIn.deleteGist(id);
    await look();
    expect(states()).toEqual({ [signOf('a')]: 'missing' });
    await look(GITHUB_SECOND_NO_MS);
    expect(states()).toEqual({ [signOf('a')]: 'unlisted' });
    expect(people.staleSince(TOMAS)).toBeNull();
  });
});

function fileOf(device: string): string {
  return recordFileName(keysOf(device).sign.publicKey);
}
