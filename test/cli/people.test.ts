import { describe, expect, it } from 'vitest';
import type { Connections, Device, Teammate, Teammates } from '../../src/protocol/local-api.ts';
import { connectionPerson, HOSTILE, me, personResponse } from './support/canned.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { runCli } from './support/run-cli.ts';

const none: Connections = {
  ...{ org: 'acme', accepted: [], pendingIn: [], pendingOut: [], declined: [], blocked: [] },
  freshness: { fresh: 0, of: 0, oldest: null, failure: null },
};

describe('connections', () => {
  it('has three blocks, with what to type for each that is pending', async () => {
    const connections: Connections = {
      ...none,
      accepted: [connectionPerson('marie'), connectionPerson('erin', { online: false })],
      pendingOut: [connectionPerson('bob', { project: 'webshop', until: '2026-12-01T12:00:00Z' })],
      pendingIn: [connectionPerson('carol', { note: 'the login bug', project: 'api', until: '2026-11-23T12:00:00Z' })],
    };
    const daemon = await fakeDaemon({ connections });
    const { stdout } = await runCli(['connections'], daemon);
    const [, accepted = '', out = '', inward = ''] = stdout.split('\n\n');
    expect(accepted).toMatch(/^Accepted \(2\)\n {2}marie {2}online +since 2026-11-\d\d\n {2}erin {3}offline/);
    expect(out).toMatch(
      /^Pending: they need to accept you \(1\)\n {2}→ bob, about webshop, open until .*\(in 9 days\)\n/,
    );
    expect(out).toContain('teammate-sync disconnect bob');
    expect(inward).toMatch(/^Pending: you can accept or decline \(1\)\n {2}← carol \(account 22\), about api/);
    expect(inward).toContain('"the login bug"');
    expect(inward).toContain('teammate-sync accept carol\n');
    expect(inward).toContain('teammate-sync decline carol\n');
    expect(stdout).not.toContain('Declined');
    expect(JSON.parse((await runCli(['connections', '--json'], daemon)).stdout)).toEqual({ v: 1, ...connections });
  });

  it('lists the declined and the blocked when there are any, and says how to begin when there is nobody', async () => {
    const daemon = await fakeDaemon({
      connections: {
        ...none,
        declined: [
          { ...connectionPerson('dave'), by: 'them' },
          { ...connectionPerson('erin'), by: 'me' },
        ],
        blocked: [{ handle: 'mallory', since: '2026-11-20T10:00:00Z' }],
      },
    });
    const { stdout } = await runCli(['connections'], daemon);
    expect(stdout).toMatch(/dave {2}by them/);
    expect(stdout).toMatch(/erin {2}by you .*teammate-sync accept erin/);
    expect(stdout).toMatch(/mallory .*teammate-sync unblock mallory/);
    daemon.answers.connections = none;
    expect((await runCli(['connections'], daemon)).stdout).toContain('teammate-sync share <handle>');
  });

  it('keeps a hostile note on its line and inert', async () => {
    const daemon = await fakeDaemon({
      connections: { ...none, pendingIn: [connectionPerson('carol', { note: HOSTILE, project: HOSTILE })] },
    });
    const { stdout } = await runCli(['connections'], daemon);
    expect(stdout).not.toMatch(/[\p{Cf}\u2028]|(?!\n)\p{Cc}/u);
    expect(stdout).not.toContain('\nteammate-sync: forged');
  });
});

describe('teammates', () => {
  const teammate = (n: number, more: Partial<Teammate> = {}): Teammate => ({
    ...{ handle: `member-${n}`, uid: n, installed: 'no', relation: 'none', online: false, shares: 0, alarmed: 0 },
    ...{ compared: null, staleSince: null, checkedAt: null },
    ...more,
  });
  const members = [
    teammate(1, { installed: 'yes', relation: 'connected', online: true, shares: 2, compared: '2026-11-20T10:00:00Z' }),
    teammate(2, { installed: 'yes', relation: 'connected', alarmed: 1, staleSince: '2026-11-20T10:00:00Z' }),
    ...Array.from({ length: 998 }, (_, n) => teammate(n + 3, n < 100 ? { installed: 'yes' } : {})),
  ];
  const answer: Teammates = {
    ...{ org: 'acme', members, listedAt: '2026-11-22T11:58:00Z' },
    freshness: { fresh: 25, of: 1000, oldest: '2026-11-22T11:30:00Z', failure: null },
  };

  it('is readable for an org of a thousand, and says what is cut and what is not fresh', async () => {
    const daemon = await fakeDaemon({ teammates: answer });
    const { stdout } = await runCli(['teammates'], daemon);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Teammates in acme (1,000)');
    expect(lines[1]).toMatch(/member-1 +connected +online +shares 2 sessions with you +number compared$/);
    expect(lines[2]).toMatch(/member-2 +connected +offline +1 device not trusted: .* GitHub says nothing clear since/);
    expect(lines.length).toBeLessThan(40);
    expect(stdout).toContain('970 more, 72 of them with teammate-sync: teammate-sync teammates --all');
    expect(stdout).toContain('Not fresh: GitHub was not asked about 975 people of 1,000 just now');
    expect((await runCli(['teammates', '--all'], daemon)).stdout.split('\n').length).toBeGreaterThan(1000);
    const json = JSON.parse((await runCli(['teammates', '--json'], daemon)).stdout);
    expect(json).toEqual({ v: 1, ...answer });
  });
});

describe('accept, decline, disconnect, block, unblock', () => {
  it.each(['accept', 'decline', 'disconnect', 'block', 'unblock'] as const)(
    '%s asks for that and answers as JSON',
    async (verb) => {
      const answer = personResponse('marie', { sessions: ['s1'] });
      const daemon = await fakeDaemon({ [verb]: answer });
      expect(JSON.parse((await runCli([verb, '@Marie', '--json'], daemon)).stdout)).toEqual({ v: 1, ...answer });
      expect(daemon.asked).toEqual([{ route: verb, handle: null, query: {}, body: { handle: 'marie' } }]);
      expect((await runCli([verb, 'marie'], daemon)).stdout).toContain('marie');
    },
  );

  it('accept shows who it is, what waits, and the undo', async () => {
    const daemon = await fakeDaemon({ accept: personResponse('marie', { sessions: ['s1', 's2'] }) });
    const { stdout } = await runCli(['accept', 'marie'], daemon);
    expect(stdout).toMatch(/account id {5}22\n/);
    expect(stdout).toMatch(/device {9}fedcba9876543210\n/);
    expect(stdout).toMatch(/safety number {2}11111 22222\n/);
    expect(stdout).toContain('2 sessions of theirs: read with teammate-sync show marie');
    expect(stdout).toContain('Undo: teammate-sync disconnect marie');
  });

  it('disconnect and block say what ended; block and unblock undo each other', async () => {
    const daemon = await fakeDaemon({
      disconnect: personResponse('marie', { sessions: ['s1'] }),
      block: personResponse('marie'),
      unblock: personResponse('marie'),
    });
    expect((await runCli(['disconnect', 'marie'], daemon)).stdout).toContain('1 share between you ended');
    const blocked = await runCli(['block', 'marie'], daemon);
    expect(blocked.stdout).toContain('No share was open');
    expect(blocked.stdout).toContain('Undo: teammate-sync unblock marie');
    expect((await runCli(['unblock', 'marie'], daemon)).stdout).toContain('Undo: teammate-sync block marie');
  });
});

describe('whoami', () => {
  it('tells handle, account, workspace, device and home', async () => {
    const token = { from: 'gh', scopes: ['gist', 'read:org'] };
    const daemon = await fakeDaemon({ whoami: { ...me, token } });
    const { stdout } = await runCli(['whoami'], daemon);
    expect(stdout).toBe(
      'handle     alice\naccount    11 on github.com\nworkspace  acme (7)\ntoken      from gh auth token: gist, read:org\ndevice     0123456789abcdef\ncode       ABCD-EFGH-IJKL\nhome       /home/alice/.teammate-sync\n',
    );
    expect(JSON.parse((await runCli(['whoami', '--json'], daemon)).stdout)).toEqual({ v: 1, ...me, token });
    const keyed = { ...me, token, anthropic: { from: 'auth.json', base: 'https://api.anthropic.com' } };
    const { stdout: withKey } = await runCli(['whoami'], await fakeDaemon({ whoami: keyed }));
    expect(withKey).toMatch(/^API key +from auth\.json, for https:\/\/api\.anthropic\.com$/m);
    const tokenLine = async (whoami: object): Promise<string | undefined> => {
      daemon.answers.whoami = whoami;
      return (await runCli(['whoami'], daemon)).stdout.split('\n').find((line) => line.startsWith('token'));
    };
    expect(await tokenLine({ ...me, token: null })).toContain('none: set GH_TOKEN');
    expect(await tokenLine({ ...me, token: { from: 'GH_TOKEN', scopes: null } })).toContain('does not say');
    expect(await tokenLine(me)).toContain('unknown');
  });
});

describe('devices', () => {
  const here: Device = {
    device: '0123456789abcdef',
    code: 'ABCD-EFGH-IJKL',
    here: true,
    state: 'good',
    trusted: false,
    endorsedBy: null,
    online: true,
    since: '2026-11-01T09:00:00Z',
  };
  const fresh: Device = { ...here, device: 'fedcba9876543210', code: 'QRST-UVWX-YZ23', here: false, state: 'blocked' };

  it('lists codes, and says what to type about one that is not trusted', async () => {
    const daemon = await fakeDaemon({ devices: { handle: 'alice', devices: [here, fresh] } });
    const { stdout } = await runCli(['devices'], daemon);
    expect(stdout).toContain('ABCD-EFGH-IJKL');
    expect(stdout).toContain('teammate-sync trust alice QRST-UVWX-YZ23');
    expect(stdout).toContain('teammate-sync revoke QRST-UVWX-YZ23');
  });

  it('trust lists what waits, and takes a code in any case', async () => {
    const answer = { handle: 'marie', uid: 12, own: false, trusted: null, waiting: [fresh], safetyNumber: null };
    const daemon = await fakeDaemon({ trust: answer });
    const listed = await runCli(['trust', '@Marie'], daemon);
    expect([listed.code, listed.stdout.includes('QRST-UVWX-YZ23')]).toEqual([0, true]);
    const typed = await runCli(['trust', 'marie', 'qrst uvwx-yz23'], daemon);
    expect(typed.code).toBe(0);
  });

  it('verify shows both sides and how to compare, and marks it', async () => {
    const answer = {
      ...{ handle: 'marie', uid: 12, compared: null, staleSince: null },
      own: { handle: 'alice', devices: [here] },
      devices: [fresh],
      safetyNumber: '11111 22222 33333 44444',
    };
    const daemon = await fakeDaemon({ verify: answer });
    const { stdout } = await runCli(['verify', '@Marie'], daemon);
    expect(stdout).toContain('    11111 22222\n    33333 44444\n');
    expect(stdout).toContain('marie types teammate-sync verify alice.');
    expect(stdout).toContain('teammate-sync verify marie --match');
    expect(JSON.parse((await runCli(['verify', 'marie', '--json'], daemon)).stdout)).toEqual({ v: 1, ...answer });
    expect((await runCli(['verify', 'marie', '--match'], daemon)).stdout).toContain('Compared');
    expect(daemon.asked.at(-1)?.body).toEqual({ handle: 'marie', match: true });
  });

  it('trust and revoke say what follows', async () => {
    const trusted = { ...fresh, state: 'good' as const, trusted: true };
    const daemon = await fakeDaemon({
      trust: { handle: 'alice', uid: 11, own: true, trusted, waiting: [], safetyNumber: null },
      revoke: { handle: 'alice', revoked: { ...fresh, state: 'revoked' }, fallen: [trusted], published: false },
    });
    expect((await runCli(['trust', 'alice', trusted.code], daemon)).stdout).toContain(
      'Undo: teammate-sync revoke QRST-UVWX-YZ23',
    );
    const { stdout } = await runCli(['revoke', fresh.code], daemon);
    expect(stdout).toContain('for ever');
    expect(stdout).toContain('GitHub does not answer');
    expect(stdout).toContain('teammate-sync trust alice QRST-UVWX-YZ23');
  });
});
