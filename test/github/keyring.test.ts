/** The org's keyring: records as comments, for accounts and hosts without gists. What is chosen, written, read and paid. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { GithubDirectory } from '../../src/github/index.ts';
import { recordFileName } from '../../src/identity/index.ts';
import {
  GITHUB_SETTLED_MS,
  KEYRING_FRESH_MS,
  KEYRING_HIDDEN_MS,
  KEYRING_PAGES_MAX,
  RECORD_FILES_MAX,
  RECORD_FILE_MAX_BYTES,
} from '../../src/protocol/limits.ts';
import { record } from '../identity/support.ts';
import { keysOf } from '../support/device.ts';
import { ORG, type Scene, type TestClock, failure, startScene, testClock } from './harness.ts';

const KEYRING = `${ORG}/.teammate-sync`;
const COMMENTS = `/repos/${ORG.toLowerCase()}/.teammate-sync/issues/1/comments`;
const ONE = `/repos/${ORG.toLowerCase()}/.teammate-sync/issues/comments`;
const NINA = { uid: 1011, login: 'Nina_acme' };
const TOMAS = { uid: 1002, login: 'Tomas' };

const nameOf = (device: string): string => recordFileName(keysOf(device).sign.publicKey);
const textOf = (device: string, seq = 1, uid = NINA.uid): string => `${record(device, { uid, seq }).text}\n`;
const bodyOf = (text: string): string => `\`\`\`\n${text.trim()}\n\`\`\``;

let scene: Scene;
let clock: TestClock;
/** Of an account that an enterprise manages, which has no gists. */
let nina: string;
let tomas: string;

/** A daemon's or an init's own view of GitHub. */
const at = (as = nina): GithubDirectory => scene.directory({ as, clock, workspace: () => ORG });
const bodies = (): string[] => scene.standIn.commentsOf(KEYRING, 1).map(({ body }) => body);
const writes = (): string[] => scene.seen().filter((line) => !line.startsWith('GET '));
const makeKeyring = (): void => {
  scene.standIn.addRepo(KEYRING);
  scene.standIn.addIssue(KEYRING, { author: 'Ines', title: 'Device records' });
};

beforeEach(async () => {
  clock = testClock();
  scene = await startScene({ now: () => clock.now() });
  nina = scene.standIn.addUser({ login: NINA.login, id: NINA.uid, enterprise: 'acme' }).token;
  tomas = scene.standIn.addUser({ login: 'Tomas_acme', id: 1012, enterprise: 'acme' }).token;
  for (const login of [NINA.login, 'Tomas_acme']) scene.standIn.addMember(ORG, login);
});

describe('publishing', () => {
  it('goes to a comment where GitHub refuses gists, and says where and why', async () => {
    makeKeyring();
    const published = await at().publish(nameOf('a'), textOf('a'));
    expect(published).toEqual({
      place: 'keyring',
      where: `as a comment on issue 1 of ${KEYRING}`,
      why: expect.stringMatching(/^GitHub refused POST \/gists with 403: .*Managed Users/),
    });
    expect(bodies()).toEqual([bodyOf(textOf('a'))]);
    const read = { place: 'keyring', ownerUid: NINA.uid, text: textOf('a').trim(), edited: false, byApp: false };
    expect(await at(tomas).records(NINA)).toEqual([read]);
    expect(await at().records(NINA)).toEqual([read]);
  });

  it.each([
    ['refused with 422', { status: 422, body: { message: 'Gists are not available for managed users.' } }],
    ['not there', { status: 404, body: { message: 'Not Found' } }],
    [
      'not in what the fine-grained token may',
      {
        status: 403,
        body: { message: 'Resource not accessible by personal access token' },
        headers: { 'x-accepted-github-permissions': 'gists=write' },
      },
    ],
  ])('goes there also where gists are %s', async (_what, fault) => {
    makeKeyring();
    scene.standIn.addFault({ ...fault, method: 'POST', path: '/gists' });
    const published = await at(scene.tokens.tomas).publish(nameOf('a'), textOf('a', 1, 1002));
    expect(published).toMatchObject({ place: 'keyring', why: expect.stringContaining('GitHub') });
    expect(bodies()).toHaveLength(1);
  });

  it.each([
    ['a limit', { status: 429, headers: { 'retry-after': '5' } }, 'GITHUB_REFUSED'],
    [
      'a scope',
      { status: 404, headers: { 'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'gist' } },
      'GITHUB_REFUSED',
    ],
    [
      'single sign-on',
      { status: 403, headers: { 'x-github-sso': 'required; url=https://127.0.0.1/sso' } },
      'GITHUB_REFUSED',
    ],
    ['trouble', { status: 503 }, 'GITHUB_UNREACHABLE'],
    ['a proxy', { status: 404, fromGithub: false, body: '<h1>no</h1>' }, 'GITHUB_UNREACHABLE'],
  ])('does not go there for %s, which passes', async (_what, fault, code) => {
    makeKeyring();
    scene.standIn.addFault({ body: { message: 'no' }, ...fault, method: 'POST', path: '/gists', times: null });
    expect((await failure(at(scene.tokens.tomas).publish(nameOf('a'), textOf('a')))).code).toBe(code);
    expect(bodies()).toEqual([]);
  });

  it('anew posts first and deletes then, and leaves other devices and talk alone', async () => {
    makeKeyring();
    const { standIn } = scene;
    standIn.putComment(KEYRING, 1, { author: NINA.login, body: 'Which of these is my old laptop?' });
    const directory = at();
    await directory.publish(nameOf('a'), textOf('a'));
    await directory.publish(nameOf('b'), textOf('b'));
    scene.seen();
    await directory.publish(nameOf('a'), textOf('a', 2));
    const [refused, ...done] = writes();
    expect(refused).toBe('POST /gists 403');
    expect(done).toEqual([`POST ${COMMENTS} 201`, expect.stringMatching(`^DELETE ${ONE}/\\d+ 204$`)]);
    expect(bodies().slice(1)).toEqual([bodyOf(textOf('b')), bodyOf(textOf('a', 2))]);
    // Again, also by another start: it is there, nothing is asked for twice.
    expect(await directory.publish(nameOf('a'), textOf('a', 2))).toMatchObject({ place: 'keyring', why: null });
    expect(await at().publish(nameOf('a'), textOf('a', 2))).toMatchObject({ place: 'keyring', why: null });
    expect(writes()).toEqual([]);
  });

  it('that ended between the two is completed by the next one; meanwhile both are there', async () => {
    makeKeyring();
    const { standIn } = scene;
    const directory = at();
    await directory.publish(nameOf('a'), textOf('a'));
    standIn.addFault({ method: 'DELETE', reset: true });
    expect((await failure(directory.publish(nameOf('a'), textOf('a', 2)))).code).toBe('GITHUB_UNREACHABLE');
    expect(bodies()).toEqual([bodyOf(textOf('a')), bodyOf(textOf('a', 2))]);
    await at().publish(nameOf('a'), textOf('a', 2));
    expect(bodies()).toEqual([bodyOf(textOf('a', 2))]);
  });

  it('writes anew what was edited or came by an app: nobody believes that', async () => {
    makeKeyring();
    const { standIn } = scene;
    const { id } = standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf('a')) });
    standIn.editComment(KEYRING, id, bodyOf(textOf('a')));
    standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf('a')), viaApp: 'some-bot' });
    await at().publish(nameOf('a'), textOf('a'));
    expect(bodies()).toEqual([bodyOf(textOf('a'))]);
    expect(await at(tomas).records(NINA)).toMatchObject([{ edited: false, byApp: false }]);
  });

  it('by a token that makes it the comment of an app takes it back, and says so', async () => {
    makeKeyring();
    const { id } = scene.standIn.putComment(KEYRING, 1, { author: NINA.login, body: 'as if it were this one' });
    scene.standIn.addFault({ method: 'POST', path: COMMENTS, status: 201, body: { id, performed_via_github_app: {} } });
    const error = await failure(at().publish(nameOf('a'), textOf('a')));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('by an app') });
    expect(bodies()).toEqual([]);
  });

  it('where there is no keyring names what makes it, or the rest of it, and writes nothing', async () => {
    const { standIn } = scene;
    const error = await failure(at().publish(nameOf('a'), textOf('a')));
    expect(error).toMatchObject({ code: 'KEYRING_MISSING', message: expect.stringContaining('Managed Users') });
    expect(error.hint).toContain(`\`gh repo create 127.0.0.1/${KEYRING} --private\``);
    expect(error.hint).toContain(`\`gh issue create -R 127.0.0.1/${KEYRING} --title "Device records" --body "`);
    standIn.addRepo(KEYRING);
    const half = await failure(at().publish(nameOf('a'), textOf('a')));
    expect(half.hint).not.toContain('gh repo create');
    expect(half.hint).toContain('gh issue create');
    expect(writes().filter((line) => line.includes('/issues'))).toEqual([]);
  });

  it('with a token that may not see the keyring says which scope it lacks, and the command', async () => {
    makeKeyring();
    const narrow = scene.standIn.addToken(NINA.login, ['gist', 'read:org']).token;
    const error = await failure(at(narrow).publish(nameOf('a'), textOf('a')));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('lacks the scope repo') });
    expect(error.hint).toContain('`gh auth refresh -h 127.0.0.1 -s repo`');
  });

  it('where GitHub shows the keyring but takes no comment says that, and names nothing to make', async () => {
    makeKeyring();
    scene.standIn.addFault({ method: 'POST', path: COMMENTS, status: 404, body: { message: 'Not Found' } });
    const error = await failure(at().publish(nameOf('a'), textOf('a')));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('takes no comment') });
    expect(error.hint).not.toContain('gh ');
  });

  it('refuses one device too many: readers would not see it', async () => {
    makeKeyring();
    for (let n = 0; n < RECORD_FILES_MAX; n++) {
      scene.standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf(`d${n}`)) });
    }
    const error = await failure(at().publish(nameOf('a'), textOf('a')));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringContaining('already publishes 16') });
    expect(bodies()).toHaveLength(RECORD_FILES_MAX);
  });

  it('moves to a gist once there are gists, and clears the keyring', async () => {
    makeKeyring();
    const { standIn, tokens } = scene;
    const mine = textOf('a', 1, 1002);
    standIn.setGists(false);
    expect(await at(tokens.tomas).publish(nameOf('a'), mine)).toMatchObject({ place: 'keyring' });
    standIn.setGists(true);
    const newer = textOf('a', 2, 1002);
    expect(await at(tokens.tomas).publish(nameOf('a'), newer)).toMatchObject({ place: 'gist', why: null });
    expect(bodies()).toEqual([]);
    expect(await at(tokens.tomas).records(TOMAS)).toEqual([
      { place: 'gist', ownerUid: 1002, name: nameOf('a'), text: newer },
    ]);
  });

  it('as a gist does not depend on the keyring', async () => {
    const { standIn, tokens } = scene;
    standIn.addFault({ path: '/repos/', status: 503, times: null });
    expect(await at(tokens.tomas).publish(nameOf('a'), textOf('a', 1, 1002))).toMatchObject({ place: 'gist' });
  });
});

describe('taking back', () => {
  it('deletes the comments of that device, and no others', async () => {
    makeKeyring();
    const { standIn } = scene;
    const directory = at();
    await directory.publish(nameOf('a'), textOf('a'));
    await directory.publish(nameOf('b'), textOf('b'));
    standIn.putComment(KEYRING, 1, { author: 'Tomas_acme', body: bodyOf(textOf('a')) });
    await directory.unpublish(nameOf('a'), 'keyring');
    expect(bodies()).toEqual([bodyOf(textOf('b')), bodyOf(textOf('a'))]);
    scene.seen();
    await directory.unpublish(nameOf('a'), 'keyring');
    expect(writes()).toEqual([]);
  });

  it('fails where the keyring is not shown, when it is known to be there', async () => {
    makeKeyring();
    await at().publish(nameOf('a'), textOf('a'));
    const narrow = scene.standIn.addToken(NINA.login, ['gist', 'read:org']).token;
    const error = await failure(at(narrow).unpublish(nameOf('a'), 'keyring'));
    expect(error.hint).toContain('-s repo');
    await at(narrow).unpublish(nameOf('a'), 'gist');
    expect(bodies()).toHaveLength(1);
  });
});

describe('records', () => {
  it('are those that the person wrote, whatever others write, and as much as is theirs to write', async () => {
    makeKeyring();
    const { standIn } = scene;
    const put = (author: string, body: string): unknown => standIn.putComment(KEYRING, 1, { author, body });
    put(NINA.login, bodyOf(textOf('a')));
    put('Tomas_acme', bodyOf(textOf('b')));
    put(NINA.login, 'no record');
    put(NINA.login, `look: ${textOf('c').trim()} there`);
    put(NINA.login, `\`\`\`text\r\n${textOf('d').trim()}\r\n\`\`\``);
    put(NINA.login, bodyOf('tms1.'.padEnd(RECORD_FILE_MAX_BYTES + 10, 'x')));
    const texts = (await at().records(NINA)).map(({ text }) => text);
    expect(texts.slice(0, 3)).toEqual([textOf('a').trim(), `look: ${textOf('c').trim()} there`, textOf('d').trim()]);
    expect(texts[3]).toHaveLength(RECORD_FILE_MAX_BYTES);
    expect(texts).toHaveLength(4);
    for (let n = 0; n < RECORD_FILES_MAX + 4; n++) put(NINA.login, bodyOf(textOf(`d${n}`)));
    clock.advance(KEYRING_FRESH_MS);
    const most = await at().records(NINA);
    expect(most).toHaveLength(RECORD_FILES_MAX);
    expect(most.at(-1)?.text).toBe(textOf(`d${RECORD_FILES_MAX + 3}`).trim());
  });

  it('of one person may lie in both places', async () => {
    makeKeyring();
    const { standIn, tokens } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [nameOf('a')]: textOf('a', 1, 1002) } });
    standIn.putComment(KEYRING, 1, { author: 'Tomas', body: bodyOf(textOf('b', 1, 1002)) });
    expect((await at(tokens.marie).records(TOMAS)).map(({ place }) => place)).toEqual(['gist', 'keyring']);
  });

  it('of the whole team cost one question in a while, and nothing while nothing changes', async () => {
    makeKeyring();
    const { standIn } = scene;
    standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf('a')) });
    const directory = at();
    const team = [NINA, TOMAS, { uid: 1003, login: 'Ines' }, { uid: 1001, login: 'Marie-T' }];
    const look = async (): Promise<string[]> => {
      scene.seen();
      await Promise.all(team.map((who) => directory.records(who)));
      return scene.seen().filter((line) => line.includes('/issues/'));
    };
    expect(await look()).toEqual([`GET ${COMMENTS}?per_page=100 200`]);
    clock.advance(KEYRING_FRESH_MS - 1);
    expect(await look()).toEqual([]);
    // A person typed something, or a device says that it published.
    await directory.records(NINA, { anew: true });
    expect(scene.seen().filter((line) => line.includes('/issues/'))).toHaveLength(1);
    clock.advance(KEYRING_FRESH_MS);
    expect(await look()).toEqual([`GET ${COMMENTS}?per_page=100 304`]);
  });

  it('behind many comments are found, and so many pages are asked for so much more seldom', async () => {
    makeKeyring();
    const { standIn } = scene;
    for (let n = 0; n < 230; n++) standIn.putComment(KEYRING, 1, { author: 'Tomas_acme', body: `talk ${n}` });
    standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf('a')) });
    const directory = at();
    const asked = async (): Promise<number> => {
      scene.seen();
      expect(await directory.records(NINA)).toHaveLength(1);
      return scene.seen().filter((line) => line.includes('/issues/')).length;
    };
    expect(await asked()).toBe(3);
    clock.advance(3 * KEYRING_FRESH_MS - 1);
    expect(await asked()).toBe(0);
    clock.advance(1);
    expect(await asked()).toBe(3);
  });

  it('are found on a new page, also when the full one before it has not changed', async () => {
    makeKeyring();
    const { standIn } = scene;
    for (let n = 0; n < 100; n++) standIn.putComment(KEYRING, 1, { author: 'Tomas_acme', body: `talk ${n}` });
    const directory = at();
    expect(await directory.records(NINA)).toEqual([]);
    standIn.putComment(KEYRING, 1, { author: NINA.login, body: bodyOf(textOf('a')) });
    expect(await directory.records(NINA, { anew: true })).toHaveLength(1);
  });

  it('are no half list where there are more pages than are read', async () => {
    makeKeyring();
    const { standIn } = scene;
    const time = '2026-11-22T12:00:00Z';
    const full = Array.from({ length: 100 }, (_, n) => ({
      id: n + 1,
      created_at: time,
      updated_at: time,
      body: 'talk',
    }));
    standIn.addFault({ path: '/repos/', status: 200, body: full, times: null });
    const error = await failure(at().records(NINA));
    expect(error).toMatchObject({ code: 'GITHUB_UNREACHABLE', message: expect.stringContaining('more comments') });
    expect(scene.seen().filter((line) => line.includes('/issues/'))).toHaveLength(KEYRING_PAGES_MAX + 1);
  });

  it('where there is no keyring cost one question in some minutes, for everybody', async () => {
    const directory = at(scene.tokens.marie);
    const asked = async (): Promise<string[]> => {
      await directory.records(TOMAS);
      await directory.records({ uid: 1003, login: 'Ines' });
      return scene.seen().filter((line) => line.includes('/repos/'));
    };
    expect(await asked()).toEqual([`GET ${COMMENTS}?per_page=100 404`]);
    clock.advance(KEYRING_HIDDEN_MS - 1);
    expect(await asked()).toEqual([]);
    clock.advance(1);
    expect(await asked()).toHaveLength(1);
  });
});

describe('a keyring that is not seen', () => {
  const inGist = new Map([[nameOf('a'), 'gist']] as const);
  const inKeyring = new Map([[nameOf('a'), 'keyring']] as const);

  it.each([
    ['without the scope', ['gist', 'read:org'], /lacks the scope repo/, '`gh auth refresh -h 127.0.0.1 -s repo`'],
    ['without the permission', null, /403.*not accessible.*issues=read/, 'check the token'],
  ])('%s is no answer about who is known to be there, and none of others', async (_what, scopes, says, hint) => {
    makeKeyring();
    const { token } = scene.standIn.addToken(NINA.login, scopes);
    if (!scopes) scene.standIn.setPermissions(token, ['members=read', 'gists=write']);
    const directory = at(token);
    const error = await failure(directory.records(NINA, { known: inKeyring }));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: expect.stringMatching(says) });
    expect(error.hint).toContain(hint);
    expect(await directory.records(NINA, { known: inGist })).toEqual([]);
    expect(await directory.records(NINA)).toEqual([]);
  });

  it('because it is gone is the same; its comment gone from a list that is there is a clear no', async () => {
    const directory = at();
    const error = await failure(directory.records(NINA, { known: inKeyring }));
    expect(error).toMatchObject({ code: 'GITHUB_REFUSED', message: `GitHub does not show issue 1 of ${KEYRING}` });
    expect(error.hint).toContain('gh auth refresh -h 127.0.0.1 -s repo');
    makeKeyring();
    clock.advance(KEYRING_HIDDEN_MS);
    expect(await directory.records(NINA, { known: inKeyring })).toEqual([]);
  });

  it('for trouble holds up nobody of whom all that is known lies in gists', async () => {
    const { standIn, tokens } = scene;
    standIn.putGist({ owner: 'Tomas', files: { [nameOf('a')]: textOf('a', 1, 1002) } });
    standIn.addFault({ path: '/repos/', status: 503, times: null });
    const directory = at(tokens.marie);
    expect(await directory.records(TOMAS, { known: inGist })).toHaveLength(1);
    // Nothing is known yet, or not all is there: the rest may be in the keyring.
    for (const known of [new Map(), new Map([[nameOf('b'), 'gist']] as const)]) {
      expect((await failure(directory.records(TOMAS, { known }))).code).toBe('GITHUB_UNREACHABLE');
    }
    standIn.clearFaults();
    clock.advance(GITHUB_SETTLED_MS);
    expect(await directory.records(TOMAS)).toHaveLength(1);
  });
});

it('a host where gists are switched off has the keyring', async () => {
  const ghes = await startScene({ product: 'ghes' });
  ghes.standIn.setGists(false);
  ghes.standIn.addRepo(KEYRING);
  ghes.standIn.addIssue(KEYRING, { author: 'Ines', title: 'Device records' });
  const directory = ghes.directory({ workspace: () => ORG });
  const mine = textOf('a', 1, 1001);
  expect(await directory.publish(nameOf('a'), mine)).toMatchObject({ place: 'keyring' });
  const others = ghes.directory({ as: ghes.tokens.tomas, workspace: () => ORG });
  expect(await others.records({ uid: 1001, login: 'Marie-T' })).toMatchObject([{ place: 'keyring' }]);
});
