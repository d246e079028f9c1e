/** Signing out, with real processes: what goes, what stays and is named, and what a silent GitHub changes about it. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoggedOut } from '../../src/protocol/logout.ts';
import { keepToken } from '../../src/github/index.ts';
import { keepAnthropicKey } from '../../src/platform/anthropic-key.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie, sam] = await world.readyPeople('marie', 'sam');
});
afterAll(() => world.close());

const filesOf = async (login: string): Promise<string[]> =>
  (await world.github.gistsOf(login)).flatMap(({ files }) => Object.keys(files));
const logout = async (...more: string[]): Promise<LoggedOut> =>
  (await marie.json(['logout', ...more])) as LoggedOut & { v: 1 };
const how = (list: LoggedOut['left']): string => list.map((one) => one.how).join('\n');

describe('logout', () => {
  it('ends the daemon, takes the record from GitHub, tells nobody, and says what is left', async () => {
    const claude = await marie.claude('webshop', 'one');
    await marie.ok(['share', 'sam'], { cwd: claude.cwd });
    await until(async () => (await sam.client.call('connections')).pendingIn.length === 1);
    await sam.ok(['accept', 'marie']);
    await until(async () => (await sam.run(['show', 'marie'])).stdout.includes('one'));
    const said = await marie.ok(['logout']);
    expect(said).toContain('sam  keeps webshop');
    expect(said).toContain('Signed out');
    expect(said).toContain('unset GH_TOKEN');
    expect(said).toContain(`rm -r ${marie.paths.home}`);
    expect(marie.daemonPid).toBeNull();
    expect(await filesOf('marie')).toEqual([]);
    expect(await filesOf('sam')).toHaveLength(1);
    // As when a daemon stops: what is shared is paused, and the connection stands.
    const { accepted } = await sam.client.call('connections');
    expect(accepted.map(({ handle }) => handle)).toEqual(['marie']);
    expect((await sam.run(['show', 'marie'])).stdout).toContain('one');
  });

  it('lets no daemon start and publish anew, until the next init, which keeps the rest', async () => {
    await world.github.clearLog();
    for (const args of [['up'], ['status'], ['whoami'], ['share', 'sam']]) {
      expect(await marie.failure(args), args.join(' ')).toMatchObject({ exit: 4, code: 'NOT_SET_UP' });
    }
    expect((await marie.run(['daemon'])).code).toBe(4);
    expect(await world.github.requests()).toEqual([]);
    // Again: nothing is left to do, and nothing fails.
    expect((await logout()).undone).toEqual([]);
    expect(await marie.ok(['init', '--yes'])).toContain(`marie in ${ORG}`);
    expect(await filesOf('marie')).toHaveLength(1);
    await marie.ok(['up']);
    expect((await marie.client.call('connections')).accepted.map(({ handle }) => handle)).toEqual(['sam']);
  });

  it('with --keep-device leaves the record on GitHub, and says so', async () => {
    const { left, undone } = await logout('--keep-device');
    expect(undone).toEqual([]);
    expect(how(left)).toContain('teammate-sync logout');
    expect(await filesOf('marie')).toHaveLength(1);
    expect(await marie.failure(['up'])).toMatchObject({ code: 'NOT_SET_UP' });
  });

  it('works while GitHub does not: says what could not be done, and what to type later', async () => {
    await marie.ok(['init', '--yes']);
    await marie.ok(['up']);
    await world.github.addFault({ status: 503, times: null });
    const failed = await marie.run(['logout', '--json']);
    expect(failed).toMatchObject({ code: 1, stderr: '' });
    const { undone } = JSON.parse(failed.stdout) as LoggedOut;
    expect(undone).toMatchObject([{ what: expect.stringContaining('still on GitHub') }]);
    expect(how(undone)).toMatch(/^teammate-sync logout, or delete the file at .*\/gist\/marie$/);
    expect(marie.daemonPid).toBeNull();
    await world.github.clearFaults();
    expect((await logout()).removed.join('\n')).toContain('from GitHub');
    expect(await filesOf('marie')).toEqual([]);
  });

  it('removes a token that was kept, also when GitHub does not answer, and never shows it', async () => {
    const canary = `gho_${'canary'.repeat(6)}`;
    await world.github.addToken('marie', ['gist', 'read:org'], canary);
    keepToken(marie.paths.auth, '127.0.0.1', canary);
    keepAnthropicKey(marie.paths.auth, { key: `sk-ant-${canary}`, base: 'http://127.0.0.1:9' });
    const env = { GH_TOKEN: '' };
    await marie.ok(['init', '--yes'], { env });
    const { stdout } = await marie.run(['doctor', '--json'], { env });
    expect(stdout).toContain(`kept in ${marie.paths.auth}; it goes to http://127.0.0.1:9 alone`);
    expect(stdout).not.toContain(canary);
    await world.github.addFault({ status: 503, times: null });
    const failed = await marie.run(['logout'], { env });
    await world.github.clearFaults();
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/not done .*still on GitHub/);
    expect(failed.stdout).toContain('/settings/applications');
    expect(failed.stdout).toContain('the Anthropic API key in');
    expect(failed.stdout).not.toContain('teammate-sync logout');
    expect(failed.stdout + failed.stderr).not.toContain(canary);
    expect(fs.existsSync(marie.paths.auth)).toBe(false);
  });

  it('does not take the record of another account than the token is of', async () => {
    await marie.ok(['init', '--yes']);
    const env = { GH_TOKEN: sam.env['GH_TOKEN'] ?? '' };
    const failed = await marie.run(['logout'], { env });
    expect(failed.stdout).toContain('the token is of sam, the record of marie');
    expect(await filesOf('sam')).toHaveLength(1);
    expect(await filesOf('marie')).toHaveLength(1);
  });

  it('where nothing is set up says so', async () => {
    const lena = await world.person('lena');
    expect(await lena.failure(['logout'])).toMatchObject({ exit: 4, code: 'NOT_SET_UP' });
    expect(fs.existsSync(lena.paths.home)).toBe(false);
  });
});
