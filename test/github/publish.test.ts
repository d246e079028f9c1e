/** Writing one's own record: one gist, one file per device, nobody else's file touched. */
import { beforeEach, describe, expect, it } from 'vitest';
import { RECORD_FILES_MAX, RECORD_FILE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { DESCRIPTION, FILE_A, FILE_B, type Scene, failure, startScene } from './harness.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});

/** The writes since the last look. */
const writes = (): string[] => scene.seen().filter((line) => !line.startsWith('GET '));

describe('publish', () => {
  it('makes a public gist that others read', async () => {
    await scene.directory().publish(FILE_A, 'one\n');
    expect(scene.standIn.gistsOf('marie-t')).toEqual([
      { id: expect.any(String), public: true, description: DESCRIPTION, files: { [FILE_A]: 'one\n' } },
    ]);
    const read = await scene.directory({ as: scene.tokens.tomas }).records({ uid: 1001, login: 'marie-t' });
    expect(read).toEqual([{ place: 'gist', ownerUid: 1001, name: FILE_A, text: 'one\n' }]);
  });

  it('puts a second device beside the first, and replaces only its own file', async () => {
    await scene.directory().publish(FILE_A, 'one');
    const second = scene.directory();
    await second.publish(FILE_B, 'two');
    await second.publish(FILE_B, 'three');
    expect(scene.standIn.gistsOf('marie-t')).toMatchObject([{ files: { [FILE_A]: 'one', [FILE_B]: 'three' } }]);
  });

  it('writes nothing when it is there already', async () => {
    await scene.directory().publish(FILE_A, 'one');
    expect(writes()).toEqual(['POST /gists 201']);
    await scene.directory().publish(FILE_A, 'one');
    expect(writes()).toEqual([]);
    await scene.directory().publish(FILE_A, 'two');
    expect(writes()).toHaveLength(1);
  });

  it('uses a gist with our description before one that only holds a record, and no secret one', async () => {
    // Lists are newest first: ours is the last of three.
    let now = 0;
    scene = await startScene({ now: () => (now += 1000) });
    const { standIn } = scene;
    const { id } = standIn.putGist({ owner: 'Marie-T', description: DESCRIPTION, files: { 'readme.md': 'keys' } });
    standIn.putGist({ owner: 'Marie-T', description: 'mine', files: { [FILE_B]: 'other' } });
    standIn.putGist({ owner: 'Marie-T', description: DESCRIPTION, public: false, files: { 'x.txt': 'x' } });
    await scene.directory().publish(FILE_A, 'one');
    expect(writes()).toEqual([`PATCH /gists/${id} 200`]);
    expect(standIn.gistsOf('marie-t').find((gist) => gist.id === id)?.files).toEqual({
      'readme.md': 'keys',
      [FILE_A]: 'one',
    });
  });

  it('uses a gist that holds a record, whatever its description', async () => {
    const { id } = scene.standIn.putGist({ owner: 'Marie-T', description: 'renamed', files: { [FILE_B]: 'other' } });
    await scene.directory().publish(FILE_A, 'one');
    expect(writes()).toEqual([`PATCH /gists/${id} 200`]);
  });

  it("does not write to somebody else's gist that GitHub lists as ours", async () => {
    const { standIn } = scene;
    standIn.putGist({
      owner: 'Olaf',
      listedFor: ['Marie-T'],
      description: DESCRIPTION,
      files: { [FILE_A]: 'planted' },
    });
    await scene.directory().publish(FILE_A, 'one');
    expect(writes()).toEqual(['POST /gists 201']);
    expect(standIn.gistsOf('olaf')).toMatchObject([{ files: { [FILE_A]: 'planted' } }]);
    const body = {
      id: 'abc',
      public: true,
      owner: { id: 1009 },
      description: DESCRIPTION,
      truncated: false,
      files: {},
    };
    standIn.addFault({ path: '/gists/', status: 200, body });
    await scene.directory().publish(FILE_A, 'two');
    expect(writes()).toEqual(['POST /gists 201']);
  });

  it('takes an old copy out of a second gist, and the gist when that was all', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Marie-T', description: DESCRIPTION, files: { [FILE_A]: 'old', [FILE_B]: 'b' } });
    standIn.putGist({ owner: 'Marie-T', description: DESCRIPTION, files: { [FILE_A]: 'older' } });
    await scene.directory().publish(FILE_A, 'new');
    const files = standIn.gistsOf('marie-t').map((gist) => gist.files);
    expect(files.flatMap((each) => Object.entries(each)).filter(([name]) => name === FILE_A)).toEqual([
      [FILE_A, 'new'],
    ]);
    expect(files.flatMap((each) => Object.keys(each))).toContain(FILE_B);
  });

  it('remembers what it made while the list lags behind', async () => {
    const { standIn } = scene;
    standIn.setListLag(100);
    const directory = scene.directory();
    await directory.publish(FILE_A, 'one');
    await directory.publish(FILE_A, 'two');
    expect(standIn.requests().filter(({ method }) => method === 'POST')).toHaveLength(1);
    standIn.setListLag(0);
    const { id } = scene.standIn.gistsOf('marie-t')[0] ?? { id: '' };
    standIn.deleteGist(id);
    await directory.publish(FILE_A, 'three');
    expect(standIn.gistsOf('marie-t')).toMatchObject([{ files: { [FILE_A]: 'three' } }]);
  });

  it('makes one gist when two files are published at once', async () => {
    const directory = scene.directory();
    await Promise.all([directory.publish(FILE_A, 'a'), directory.publish(FILE_B, 'b')]);
    expect(scene.standIn.gistsOf('marie-t')).toMatchObject([{ files: { [FILE_A]: 'a', [FILE_B]: 'b' } }]);
  });

  it('makes a new gist when the old one went away in between', async () => {
    scene.standIn.putGist({ owner: 'Marie-T', description: DESCRIPTION, files: { [FILE_B]: 'b' } });
    scene.standIn.addFault({ method: 'PATCH', status: 404, body: { message: 'Not Found' } });
    await scene.directory().publish(FILE_A, 'one');
    expect(writes().map((line) => line.split(' ')[0])).toEqual(['PATCH', 'POST']);
  });

  it('refuses one device too many: readers would not see it', async () => {
    const names = Array.from(
      { length: RECORD_FILES_MAX },
      (_, n) => `teammate-sync-${String(n).padStart(16, '0')}.txt`,
    );
    const { standIn } = scene;
    standIn.putGist({ owner: 'Marie-T', files: Object.fromEntries(names.map((name) => [name, 'r'])) });
    expect((await failure(scene.directory().publish(FILE_A, 'one'))).code).toBe('GITHUB_REFUSED');
    expect(writes()).toEqual([]);
    await scene.directory().publish(names[3] ?? '', 'renewed');
    expect(writes()).toHaveLength(1);
  });

  it('says which scope is missing', async () => {
    const as = scene.standIn.addToken('Marie-T', ['read:org']).token;
    const error = await failure(scene.directory({ as }).publish(FILE_A, 'one'));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('lacks the scope gist') });
    expect(error.hint).toContain('-s gist,read:org');
  });

  it.each([
    ['../x', 'one'],
    ['teammate-sync-1.txt', 'one'],
    [FILE_A, ''],
    [FILE_A, ' \n'],
    [FILE_A, 'x'.repeat(RECORD_FILE_MAX_BYTES + 1)],
  ])('sends nothing for %j with %j', async (name, text) => {
    expect((await failure(scene.directory().publish(name, text))).code).toBe('BAD_REQUEST');
    expect(scene.seen()).toEqual([]);
  });
});

describe('unpublish', () => {
  it("removes one's own file, and the gist with the last one", async () => {
    const { standIn } = scene;
    const directory = scene.directory();
    await directory.publish(FILE_A, 'a');
    await directory.publish(FILE_B, 'b');
    await directory.unpublish(FILE_A);
    expect(standIn.gistsOf('marie-t')).toMatchObject([{ files: { [FILE_B]: 'b' } }]);
    await directory.unpublish(FILE_B);
    expect(standIn.gistsOf('marie-t')).toEqual([]);
    scene.seen();
    await directory.unpublish(FILE_B);
    expect(writes()).toEqual([]);
  });

  it('keeps a gist that holds something else, and clears all gists that hold the file', async () => {
    const { standIn } = scene;
    standIn.putGist({ owner: 'Marie-T', files: { [FILE_A]: 'a', 'notes.txt': 'n' } });
    standIn.putGist({ owner: 'Marie-T', files: { [FILE_A]: 'a' } });
    await scene.directory().unpublish(FILE_A);
    expect(standIn.gistsOf('marie-t').map((gist) => gist.files)).toEqual([{ 'notes.txt': 'n' }]);
  });

  it('sends nothing for what is not a record file', async () => {
    expect((await failure(scene.directory().unpublish('notes.txt'))).code).toBe('BAD_REQUEST');
    expect(scene.seen()).toEqual([]);
  });
});
