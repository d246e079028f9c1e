/** Setting up a machine and running its daemon, with the programs as they are shipped. */
import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemProcesses } from '../../src/platform/process-table.ts';
import type { Status } from '../../src/protocol/local-api.ts';
import { filesWith } from '../support/disk.ts';
import { socketsOf } from '../support/local-sockets.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  marie = await world.person('marie');
});
afterAll(() => world.close());

const DEVICE = /^[0-9a-f]{16}$/;
const CODE = /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/;
const status = async (machine: Machine): Promise<Status> => (await machine.json(['status'])) as Status;
const keysOf = (machine: Machine): string[] =>
  fs.readdirSync(machine.paths.keys).map((name) => fs.readFileSync(path.join(machine.paths.keys, name), 'hex'));

describe('a machine that is not set up', () => {
  it('says so to every verb that needs it, with exit code 4, and writes nothing', async () => {
    for (const args of [
      ['status'],
      ['up'],
      ['show', 'sam'],
      ['share', 'sam'],
      ['whoami'],
      ['shared'],
      ['connections'],
    ]) {
      expect(await marie.failure(args), args.join(' ')).toMatchObject({ exit: 4, code: 'NOT_SET_UP' });
    }
    expect(await marie.run(['daemon'])).toMatchObject({ code: 4, stdout: '' });
    expect(fs.readdirSync(marie.folder)).toEqual([]);
  });

  it('gives a hook nothing to say', async () => {
    expect(await marie.run(['hook'], { input: 'no json' })).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

/** There is no Claude Code in these homes. */
const NO_CLAUDE = { state: 'absent', plugin: null, lacks: null, changed: [], refused: [] };

describe('init', () => {
  it('needs an org, a token, and membership, and changes nothing without', async () => {
    expect(await marie.failure(['init'])).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
    const init = ['init', '--org', ORG];
    const none = await marie.run(init, { env: { GH_TOKEN: undefined } });
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('no GitHub token for 127.0.0.1');
    expect(await marie.failure(init, { env: { GH_TOKEN: 'gho_wrong' } })).toMatchObject({ exit: 1, code: 'NO_TOKEN' });
    const eve = await world.person('eve', { member: false });
    expect(await eve.failure(init)).toMatchObject({ exit: 1, code: 'NOT_A_MEMBER' });
    for (const machine of [marie, eve]) {
      expect(await machine.failure(['status'])).toMatchObject({ exit: 4 });
      expect(await world.github.gistsOf(machine.login)).toEqual([]);
    }
  });

  it('makes keys for the owner alone, publishes their public half, and keeps no token', async () => {
    const told = await marie.ok(['init', '--org', 'ACME']);
    expect(told).toContain('signed in to 127.0.0.1 as marie (token from GH_TOKEN)');
    expect(told).toMatch(/^Ready: marie in acme, device [0-9a-f]{16}$/m);
    expect(fs.statSync(marie.paths.keys).mode & 0o777).toBe(0o700);
    for (const name of fs.readdirSync(marie.paths.keys)) {
      expect(fs.statSync(path.join(marie.paths.keys, name)).mode & 0o777).toBe(0o600);
    }
    expect(fs.statSync(marie.paths.config).mode & 0o777).toBe(0o600);
    expect(filesWith(marie.folder, [marie.env['GH_TOKEN'] ?? ''])).toEqual([]);
    const [gist] = await world.github.gistsOf('marie');
    expect(Object.keys(gist?.files ?? {})).toEqual([expect.stringMatching(/^teammate-sync-[0-9a-f]{16}\.txt$/)]);
  });

  it('keeps keys and device when it is run again, and answers in JSON', async () => {
    const before = keysOf(marie);
    expect(before.length).toBeGreaterThan(0);
    const { home } = marie.paths;
    const me = { handle: 'marie', uid: 1001, host: '127.0.0.1', org: ORG, orgId: 9009, home };
    const again = await marie.json(['init', '--org', ORG]);
    const device = { device: expect.stringMatching(DEVICE), code: expect.stringMatching(CODE) };
    expect(again).toEqual({ v: 1, restarted: false, claude: NO_CLAUDE, me: { ...me, ...device } });
    expect(await marie.json(['init', '--org', ORG, '--yes'])).toEqual(again);
    expect(keysOf(marie)).toEqual(before);
    expect(await world.github.gistsOf('marie')).toHaveLength(1);
  });
});

describe('the daemon', () => {
  it('is said not to run, with exit code 3', async () => {
    for (const args of [['status'], ['whoami'], ['shared'], ['connections'], ['show', 'sam'], ['accept', 'sam']]) {
      expect(await marie.failure(args), args.join(' ')).toMatchObject({ exit: 3, code: 'DAEMON_NOT_RUNNING' });
    }
    expect(await marie.json(['down'])).toEqual({ v: 1, stopped: false, sessions: [], unheardEnds: [] });
    expect(await marie.ok(['down'])).toBe('The daemon is not running.\n');
  });

  it('starts once, however often it is started', async () => {
    const first = await marie.json(['up']);
    const pid = marie.daemonPid;
    expect(first).toMatchObject({ v: 1, started: true, pid, setUp: true, me: { handle: 'marie', org: ORG } });
    expect(await marie.json(['up'])).toMatchObject({ v: 1, started: false, pid });
    expect(await marie.ok(['up'])).toBe(`Already running: process ${pid}, as marie in ${ORG}\n`);
    const second = await marie.run(['daemon']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${pid} already runs the daemon of this home`);
    expect(marie.daemonPid).toBe(pid);
  });

  it('tells who it is and how it is', async () => {
    const { me, ...rest } = await status(marie);
    const token = { from: 'GH_TOKEN', scopes: ['gist', 'read:org', 'repo'] };
    await until(async () => isDeepStrictEqual(await marie.json(['whoami']), { v: 1, ...me, token, anthropic: null }), {
      what: 'the scopes',
    });
    expect(await marie.ok(['whoami'])).toMatch(
      /^handle +marie\naccount +1001 on 127\.0\.0\.1\nworkspace +acme \(9009\)\n/,
    );
    expect(rest).toMatchObject({ v: 1, pid: marie.daemonPid, home: marie.paths.home, sessions: 0, sharedSessions: 0 });
    expect(rest.network?.bootstrap).toEqual(world.bootstrap.split(','));
    const text = await marie.ok(['status']);
    expect(text).toMatch(new RegExp(String.raw`^daemon +running +version .*, process ${marie.daemonPid}, since`));
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
  });

  it.runIf(process.platform === 'linux')('has sockets on loopback only', async () => {
    await until(async () => (await status(marie)).network?.state === 'online', { what: 'the network' });
    const pid = marie.daemonPid ?? 0;
    // The DHT's at least; else nothing was looked at.
    await until(() => socketsOf(pid).some((socket) => socket.startsWith('udp')), { what: 'a socket' });
    expect(socketsOf(pid).filter((socket) => !/^(?:udp|tcp) 127\./.test(socket))).toEqual([]);
  });

  it('is restarted by an init, as the same device', async () => {
    const before = await status(marie);
    expect(await marie.json(['init', '--org', ORG])).toEqual({
      v: 1,
      restarted: true,
      claude: NO_CLAUDE,
      me: before.me,
    });
    const after = await status(marie);
    expect(after.pid).not.toBe(before.pid);
    expect(systemProcesses.startTime(before.pid)).toBeNull();
    expect(await marie.ok(['init', '--org', ORG, '--yes'])).toContain('; the daemon is back');
  });

  it('goes on after an init that failed', async () => {
    expect(await marie.failure(['init', '--org', 'nobodys'])).toMatchObject({ exit: 1, code: 'NOT_A_MEMBER' });
    expect((await status(marie)).me?.org).toBe(ORG);
  });

  it('starts again after kill -9', async () => {
    await marie.killDaemon();
    expect(await marie.failure(['status'])).toMatchObject({ exit: 3 });
    expect(await marie.json(['up'])).toMatchObject({ started: true, me: { handle: 'marie' } });
  });

  it('that cannot start says why', async () => {
    await marie.ok(['down']);
    fs.chmodSync(marie.paths.keys, 0o755);
    onTestFinished(() => fs.chmodSync(marie.paths.keys, 0o700));
    const { exit, code, message } = await marie.failure(['up']);
    expect([exit, code]).toEqual([1, 'DAEMON_DID_NOT_START']);
    expect(message).toMatch(/; it said last: .*\/keys .*\b0?755\b/);
  });

  it('is one, however many start it at a moment', async () => {
    await marie.ok(['down']);
    const said = await Promise.all([1, 2, 3].map(() => marie.ok(['up'])));
    expect(said.every((line) => line.includes(`process ${marie.daemonPid}`))).toBe(true);
  });

  it('in the background is not moved to another API or network by the environment', async () => {
    const asked: string[] = [];
    const decoy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => {
      decoy.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void decoy.close());
    const { port } = decoy.address() as AddressInfo;
    await marie.ok(['down']);
    await world.github.clearLog();
    const env = {
      TEAMMATE_SYNC_GITHUB_API: `http://127.0.0.1:${port}`,
      TEAMMATE_SYNC_BOOTSTRAP: `127.0.0.1:${port}`,
    };
    await marie.ok(['up'], { env });
    // It has asked for the members and published its record: where it was set up for.
    const seen = async (where: string): Promise<boolean> =>
      (await world.github.requests()).some((request) => request.path.startsWith(where));
    await until(async () => (await seen('/orgs/acme/members')) && (await seen('/gists')), { what: 'its requests' });
    expect((await status(marie)).network?.bootstrap).toEqual(world.bootstrap.split(','));
    expect(asked).toEqual([]);
  });

  it('in the foreground logs what people can read, and ends with a signal', async () => {
    await marie.ok(['down']);
    const foreground = marie.start(['daemon']);
    await until(() => foreground.stdout().includes('ready'), { what: 'its log' });
    expect(await marie.ok(['up'])).toBe(`Already running: process ${marie.daemonPid}, as marie in ${ORG}\n`);
    foreground.child.kill('SIGTERM');
    expect(await foreground.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await marie.failure(['status'])).toMatchObject({ exit: 3 });
  });

  it('is started by share', async () => {
    const claude = marie.openClaude('webshop');
    expect(await marie.failure(['share', 'sam'], { cwd: claude.cwd })).toMatchObject({ exit: 1, code: 'NO_SESSION' });
    expect(marie.daemonPid).not.toBeNull();
  });

  it('stops with down, and is gone then', async () => {
    const pid = marie.daemonPid ?? 0;
    expect(await marie.ok(['down'])).toBe('Stopped. It goes on with teammate-sync up.\n');
    await until(() => systemProcesses.startTime(pid) === null, { what: 'its process to end' });
    expect(await marie.failure(['status'])).toMatchObject({ exit: 3 });
  });
});
