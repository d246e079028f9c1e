/** `doctor`: what the command line itself finds, and what it makes of a doctor that cannot run. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import type { DoctorEvent } from '../../src/protocol/doctor.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { HOSTILE, status } from './support/canned.ts';
import { fakeDaemon, setUpHome } from './support/fake-daemon.ts';
import { type CliResult, runCli } from './support/run-cli.ts';

/** A daemon's program whose doctor says this, on what it was asked. */
function entrySaying(...events: (DoctorEvent | string)[]): string {
  const file = path.join(tempDir(), 'daemon.mjs');
  const lines = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)));
  const source = `
    import fs from 'node:fs';
    fs.writeFileSync(${JSON.stringify(`${file}.asked`)}, fs.readFileSync(0, 'utf8'));
    process.stdout.write(${JSON.stringify(lines.join('\n'))});`;
  fs.writeFileSync(file, source);
  return file;
}

const done: DoctorEvent = { type: 'done' };
const check = (id: string, state: 'ok' | 'warning' | 'problem', fix: string | null): DoctorEvent => ({
  type: 'check',
  check: { id, state, what: `what of ${id}`, fix },
});

describe('doctor', () => {
  it('prints each thing with what mends it, and ends with 1 when there is a problem', async () => {
    const daemonEntry = entrySaying(
      { type: 'looking', at: 'x' },
      check('home', 'ok', null),
      check('keys', 'problem', 'chmod 600 x'),
      done,
    );
    const { code, stdout, stderr } = await runCli(['doctor'], { home: setUpHome(), daemonEntry });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(
      'warning daemon     not running: nothing is shared or received\n        → teammate-sync up\n',
    );
    expect(stdout).toContain(
      'ok      home       what of home\nproblem keys       what of keys\n        → chmod 600 x\n',
    );
    expect(stdout).toMatch(/\n1 problem, 1 warning: mend the first one first\.\n$/);
    const asked: unknown = JSON.parse(fs.readFileSync(`${daemonEntry}.asked`, 'utf8'));
    expect(asked).toEqual({ daemon: null });
  });

  it('shows on a terminal what it is looking at, and takes that away', async () => {
    const daemonEntry = entrySaying({ type: 'looking', at: 'GitHub' }, check('github', 'ok', null), done);
    const options = { home: setUpHome(), daemonEntry, terminal: 80, env: { NO_COLOR: '1' } };
    const { stderr } = await runCli(['doctor'], options);
    expect(stderr).toBe('\r\u001b[Klooking at GitHub …\r\u001b[K');
    expect((await runCli(['doctor'], { ...options, env: { TERM: 'dumb' } })).stderr).toBe('');
  });

  it('tells what the running daemon says of itself', async () => {
    const { network } = status;
    if (network === null) throw new Error('no network');
    const daemonEntry = entrySaying(done);
    const errors = [{ code: 'CLOCK_SKEW', message: HOSTILE, hint: 'set the clock', at: '2026-11-22T11:00:00Z' }];
    const daemon = await fakeDaemon({ status: { ...status, errors, network: { ...network, nat: 'random' } } });
    const run = (): Promise<CliResult> => runCli(['doctor'], { ...daemon, daemonEntry });
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('ok      daemon     process 4194305 answers');
    expect(first.stdout).toMatch(
      /warning network {4}the DHT answers, 2 devices of teammates in reach; NAT random.*\n {8}→ .*relay/,
    );
    expect(first.stdout).toMatch(/warning last error 60 min ago: CLOCK_SKEW, evil.*\n {8}→ set the clock/);
    expect(first.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    daemon.answers.status = { ...status, version: '0.0.9' };
    expect((await run()).stdout).toContain('problem daemon     process 4194305 is version 0.0.9, this program is');
    daemon.answers.status = new TeammateSyncError('INTERNAL', 'it is broken', { hint: 'mend it' });
    expect((await run()).stdout).toContain('problem daemon     it is broken\n        → mend it\n');
  });

  it('says what a look of its own at the network means', async () => {
    const found = { answered: false, nat: 'unknown', bootstrap: ['127.0.0.1:4000'] };
    const run = (more: object): Promise<CliResult> =>
      runCli(['doctor'], {
        home: setUpHome(),
        daemonEntry: entrySaying({ type: 'network', found: { ...found, ...more } }, done),
      });
    expect((await run({})).stdout).toContain('problem network    no DHT node answers (asked: 127.0.0.1:4000)');
    expect((await run({ answered: true, nat: 'open' })).stdout).toContain(
      'ok      network    the DHT answers; NAT open',
    );
    expect((await run({ answered: true, nat: 'random' })).stdout).toContain('warning network');
  });

  it.each([
    ['is not there', () => '/nonexistent/daemon.mjs'],
    ['ends in the middle', () => entrySaying(check('home', 'ok', null))],
    ['says nonsense', () => entrySaying('no json', '[]', '{"type":"later"}')],
  ])('has a problem when the part of the daemon %s', async (_what, entry) => {
    const daemonEntry = entry();
    const { code, stdout } = await runCli(['doctor', '--json'], { home: setUpHome(), daemonEntry });
    expect(code).toBe(1);
    const answer = JSON.parse(stdout) as { checks: { id: string; state: string }[] };
    expect(answer.checks.at(-1)).toMatchObject({ id: 'doctor', state: 'problem' });
  });
});
