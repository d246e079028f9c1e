/** Reading published records: what is believed of GitHub's answers, and what it costs. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  GITHUB_SETTLED_MS,
  RECORD_FILES_MAX,
  RECORD_FILE_MAX_BYTES,
  RECORD_GISTS_MAX,
} from '../../src/protocol/limits.ts';
import { FILE_A, FILE_B, type Scene, failure, startScene, testClock } from './harness.ts';

const TOMAS = { uid: 1002, login: 'Tomas' };
const fileName = (n: number): string => `teammate-sync-${n.toString(16).padStart(16, '0')}.txt`;

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});

describe('records', () => {
  it('are the files of all matching public gists, and of these only the matching files', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'one\n', 'notes.txt': 'private thoughts' } });
    standIn.putGist({ owner: 'Tomas', files: { 'recipe.md': 'soup' } });
    standIn.putGist({ owner: 'Tomas', files: { [FILE_B]: 'two\n' } });
    standIn.putGist({
      owner: 'Tomas',
      files: { 'teammate-sync-XYZ.txt': 'no', 'x-teammate-sync-00000000000000aa.txt': 'no' },
    });
    const records = await scene.directory().records(TOMAS);
    expect(records).toHaveLength(2);
    expect(records).toEqual(
      expect.arrayContaining([
        { place: 'gist', ownerUid: 1002, name: FILE_A, text: 'one\n' },
        { place: 'gist', ownerUid: 1002, name: FILE_B, text: 'two\n' },
      ]),
    );
  });

  it('are empty for somebody who has none', async () => {
    expect(await scene.directory().records(TOMAS)).toEqual([]);
  });

  it("are never somebody else's, secret, cut or too long", async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Olaf', listedFor: ['Tomas'], files: { [FILE_A]: 'planted' } });
    standIn.putGist({ owner: 'Tomas', truncated: true, files: { [FILE_A]: 'of too many' } });
    standIn.putGist({ owner: 'Tomas', truncatedFiles: [FILE_A], files: { [FILE_A]: 'half' } });
    standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'x'.repeat(RECORD_FILE_MAX_BYTES + 1) } });
    expect(await scene.directory().records(TOMAS)).toEqual([]);
    standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'x'.repeat(RECORD_FILE_MAX_BYTES) } });
    expect(await scene.directory().records(TOMAS)).toHaveLength(1);
  });

  it('are not read from a secret gist, also not from one that the list called public', async () => {
    const { standIn, tokens } = scene;
    standIn.putGist({ owner: 'Marie-T', public: false, files: { [FILE_A]: 'secret' } });
    expect(await scene.directory().records({ uid: 1001, login: 'Marie-T' })).toEqual([]);
    expect(scene.seen()).toEqual(['GET /users/Marie-T/gists?per_page=100 200', 'GET /user/1001 200']);
    const { id } = standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'was public' } });
    const directory = scene.directory({ as: tokens.marie });
    expect(await directory.records(TOMAS)).toHaveLength(1);
    const files = { [FILE_A]: { filename: FILE_A, size: 4, truncated: false, content: 'lies' } };
    const gist = { id, public: false, owner: { id: 1002 }, files, truncated: false };
    standIn.addFault({ path: '/gists/', status: 200, body: gist });
    expect(await directory.records(TOMAS)).toEqual([]);
    standIn.addFault({ path: '/gists/', status: 200, body: { ...gist, public: true, owner: { id: 1009 } } });
    expect(await directory.records(TOMAS)).toEqual([]);
    standIn.addFault({ path: '/gists/', status: 200, body: { ...gist, public: true } });
    expect(await directory.records(TOMAS)).toMatchObject([{ text: 'lies' }]);
  });

  it('come from at most so many gists and files', async () => {
    const { standIn } = scene;
    for (let n = 0; n < RECORD_GISTS_MAX + 2; n++)
      standIn.putGist({ owner: 'Tomas', files: { [fileName(n)]: `r${n}` } });
    expect(await scene.directory().records(TOMAS)).toHaveLength(RECORD_GISTS_MAX);
    const many = Object.fromEntries(Array.from({ length: RECORD_FILES_MAX + 4 }, (_, n) => [fileName(n), `r${n}`]));
    standIn.putGist({ owner: 'Ines', files: many });
    expect(await scene.directory().records({ uid: 1003, login: 'Ines' })).toHaveLength(RECORD_FILES_MAX);
  });

  it('are not looked for in a gist that would not fit an answer', async () => {
    scene.standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'r', 'big.bin': 'x'.repeat(1024 * 1024) } });
    expect(await scene.directory().records(TOMAS)).toEqual([]);
    expect(scene.seen().filter((line) => line.startsWith('GET /gists/'))).toEqual([]);
  });

  it('are found behind many other gists', async () => {
    const { standIn } = scene;
    let now = 0;
    const old = await startScene({ now: () => (now += 1000) });
    old.standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'oldest' } });
    for (let n = 0; n < 130; n++) old.standIn.putGist({ owner: 'Tomas', files: { 'a.txt': 'a' } });
    expect(await old.directory().records(TOMAS)).toMatchObject([{ text: 'oldest' }]);
    expect(old.seen()[1]).toBe('GET /user/1002/gists?per_page=100&page=2 200');
    expect(standIn.requests()).toEqual([]);
  });

  it('leave out a gist that went away between list and look', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'gone' } });
    standIn.addFault({ path: '/gists/', status: 404, body: { message: 'Not Found' } });
    expect(await scene.directory().records(TOMAS)).toEqual([]);
  });

  it('fail as a whole when GitHub does not answer for a part: half a list is not a list', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'r' } });
    standIn.addFault({ path: '/gists/', status: 500, times: null });
    expect((await failure(scene.directory().records(TOMAS))).code).toBe('GITHUB_UNREACHABLE');
  });

  it('cost one free question while nothing changes, and show a change at once', async () => {
    const { standIn } = scene;
    const { id } = standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'one' } });
    const clock = testClock();
    const directory = scene.directory({ clock });
    const list = 'GET /users/Tomas/gists?per_page=100';
    const first = await directory.records(TOMAS);
    expect(scene.seen()).toEqual([`${list} 200`, `GET /gists/${id} 200`]);
    for (const ms of [0, GITHUB_SETTLED_MS]) {
      clock.advance(ms);
      expect(await directory.records(TOMAS)).toEqual(first);
      expect(scene.seen()).toEqual([`${list} 304`, `GET /gists/${id} 304`]);
    }
    expect(await directory.records(TOMAS)).toEqual(first);
    expect(scene.seen()).toEqual([`${list} 304`]);
    standIn.putGist({ owner: 'Tomas', id, files: { [FILE_A]: 'two' } });
    expect(await directory.records(TOMAS)).toMatchObject([{ text: 'two' }]);
  });

  it('of a gist that is shown older than its list are found once it is shown as it is', async () => {
    const { standIn } = scene;
    const { id } = standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'one' } });
    const clock = testClock();
    const directory = scene.directory({ clock });
    await directory.records(TOMAS);
    standIn.putGist({ owner: 'Tomas', id, files: { [FILE_A]: 'two' } });
    standIn.addFault({ path: '/gists/', status: 304, times: 1 });
    expect(await directory.records(TOMAS)).toMatchObject([{ text: 'one' }]);
    clock.advance(GITHUB_SETTLED_MS - 1);
    expect(await directory.records(TOMAS)).toMatchObject([{ text: 'two' }]);
  });

  it('of somebody who has none cost one free question, too', async () => {
    const clock = testClock();
    const directory = scene.directory({ clock });
    for (const ms of [0, GITHUB_SETTLED_MS, 0]) {
      clock.advance(ms);
      scene.seen();
      expect(await directory.records(TOMAS)).toEqual([]);
    }
    expect(scene.seen()).toEqual(['GET /users/Tomas/gists?per_page=100 304']);
  });
});

describe('a renamed account', () => {
  beforeEach(() => {
    scene.standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'mine' } });
    scene.standIn.rename('Tomas', 'Tomas-K');
  });

  it('keeps its records under the old name', async () => {
    expect(await scene.directory().records(TOMAS)).toEqual([
      { place: 'gist', ownerUid: 1002, name: FILE_A, text: 'mine' },
    ]);
  });

  it('keeps them also when the old name was given to somebody else, also once neither changes any more', async () => {
    scene.standIn.addUser({ login: 'Tomas', id: 5002 });
    scene.standIn.putGist({ owner: 'Tomas', files: { [FILE_A]: 'theirs' } });
    const clock = testClock();
    const directory = scene.directory({ clock });
    for (let round = 0; round < 4; round++) {
      expect(await directory.records(TOMAS)).toEqual([{ place: 'gist', ownerUid: 1002, name: FILE_A, text: 'mine' }]);
      expect(await directory.records({ uid: 5002, login: 'Tomas' })).toMatchObject([{ text: 'theirs' }]);
      clock.advance(GITHUB_SETTLED_MS);
    }
  });

  it('is gone when it was deleted', async () => {
    scene.standIn.deleteUser('Tomas-K');
    expect((await failure(scene.directory().records(TOMAS))).code).toBe('NO_SUCH_PERSON');
  });
});
