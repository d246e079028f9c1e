/** Trust between people, with the programs as they are shipped: who is asked, who said no, and what ends with it. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connections, WhoAmI } from '../../src/protocol/local-api.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
let claude: ClaudeProcess;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  await world.person('tom');
  await world.person('eve', { member: false });
  [marie, sam] = await world.readyPeople('marie', 'sam');
  claude = await marie.claude('webshop', 'is it the proxy?', 'it is');
});
afterAll(() => world.close());

const NOBODY = { accepted: [], pendingIn: [], pendingOut: [], declined: [], blocked: [] };
const reads = async (): Promise<boolean> => (await sam.run(['show', 'marie'])).stdout.includes('it is');
const replicas = (): string[] =>
  fs.readdirSync(path.join(sam.paths.state, 'inbox')).filter((name) => name !== 'inbox.json');

const share = (...args: string[]): Promise<unknown> => marie.json(['share', ...args], { cwd: claude.cwd });
const outcome = (handle: string, what: string, since: unknown = null): unknown =>
  expect.objectContaining({ people: [{ handle, outcome: what, since }] });

function connected(machine: Machine, which: (connections: Connections) => boolean, what: string): Promise<unknown> {
  return until(async () => which(await machine.client.call('connections')), { what: `${machine.login}: ${what}` });
}
const invited = (): Promise<unknown> => connected(sam, (c) => c.pendingIn.length === 1, 'an invite');

describe('who can be named', () => {
  it('is a member of the workspace, who may come later', async () => {
    expect(await marie.failure(['share', 'eve'], { cwd: claude.cwd })).toMatchObject({ exit: 1, code: 'NOT_A_MEMBER' });
    expect(await share('tom')).toEqual(outcome('tom', 'waiting'));
    expect(await marie.json(['unshare', '--all'])).toMatchObject({
      ended: [{ people: ['tom'] }],
      remaining: 0,
      openInvites: ['tom'],
    });
    await marie.ok(['disconnect', 'tom']);
  });

  it('is nobody whom one has not dealt with', async () => {
    for (const verb of ['accept', 'decline', 'disconnect', 'unblock']) {
      expect(await sam.failure([verb, 'zoe']), verb).toMatchObject({ exit: 1, code: 'NO_SUCH_PERSON' });
      expect(await sam.failure([verb]), verb).toMatchObject({ exit: 2 });
    }
    expect(await sam.failure(['accept', 'marie'])).toMatchObject({ exit: 1, code: 'NO_INVITE' });
  });
});

describe('decline', () => {
  it('is told to who asked, and not asked again', async () => {
    expect(await share('sam')).toEqual(outcome('sam', 'invited'));
    await invited();
    const declined = await sam.json(['decline', 'marie']);
    expect(declined).toMatchObject({ v: 1, handle: 'marie', uid: 1003, sessions: [] });
    await connected(marie, (c) => c.declined.length === 1, 'the decline');
    expect(await marie.json(['connections'])).toMatchObject({
      pendingOut: [],
      declined: [{ handle: 'sam', by: 'them' }],
    });

    const kept = path.join(marie.paths.state, 'connections.json');
    const before = fs.readFileSync(kept, 'utf8');
    const since = expect.stringMatching(/^\d{4}-/);
    expect(await share('sam')).toEqual(outcome('sam', 'declined', since));
    const said = await marie.ok(['share', 'sam'], { cwd: claude.cwd });
    expect(said).toMatch(
      /^webshop \([0-9a-f]{8}\) was shared with nobody\.\n {2}sam {2}declined {2}on [\d-]+; nothing was sent/,
    );
    // Whatever is said is kept first, to be said again.
    expect(fs.readFileSync(kept, 'utf8')).toBe(before);
    expect(await sam.json(['connections'])).toMatchObject({ pendingIn: [], declined: [{ handle: 'marie', by: 'me' }] });
    expect(replicas()).toEqual([]);
  });

  it('can be thought over: accepting later connects, and the session shared before flows', async () => {
    expect(await sam.ok(['accept', 'marie'])).toMatch(/^Connected with marie\./);
    await connected(marie, (c) => c.accepted.length === 1, 'the connection');
    expect(await marie.ok(['connections'])).toMatch(/^Accepted \(1\)\n {2}sam {2}online {2}since/m);
    await until(reads, { what: 'sam to read' });
  });
});

describe('disconnect', () => {
  it('ends trust and every share, and wipes both ways', async () => {
    expect(replicas()).toHaveLength(1);
    const said = await marie.json(['disconnect', 'sam']);
    expect(said).toMatchObject({ v: 1, handle: 'sam', sessions: [claude.session] });
    expect(await marie.json(['shared'])).toMatchObject({ v: 1, sessions: [] });
    await connected(sam, (c) => c.accepted.length === 0, 'the disconnect');
    await until(() => replicas().length === 0, { what: 'the replica to be gone' });
    expect(await sam.failure(['show', 'marie'])).toMatchObject({ exit: 1, code: 'NOT_CONNECTED' });
    for (const machine of [marie, sam]) expect(await machine.json(['connections'])).toMatchObject(NOBODY);
    expect(await marie.failure(['disconnect', 'sam'])).toMatchObject({ exit: 1, code: 'NOT_CONNECTED' });
  });

  it('does not stand in the way of a new invite', async () => {
    expect(await share('sam')).toEqual(outcome('sam', 'invited'));
    await invited();
    await sam.ok(['accept', 'marie']);
    await until(reads, { what: 'sam to read' });
  });
});

describe('block', () => {
  it('wipes at once, and lets no further invite through', async () => {
    const said = await sam.ok(['block', '@Marie']);
    expect(said).toMatch(/^Blocked marie: no invite of theirs reaches you\.\n1 share between you ended/);
    expect(replicas()).toEqual([]);
    expect(await sam.json(['connections'])).toMatchObject({ ...NOBODY, blocked: [{ handle: 'marie' }] });
    expect(await sam.failure(['show', 'marie'])).toMatchObject({ exit: 1, code: 'NOT_CONNECTED' });
    await connected(marie, (c) => c.accepted.length === 0, 'the end');
    expect(await marie.json(['shared'])).toMatchObject({ v: 1, sessions: [] });
    expect(await share('sam')).toEqual(outcome('sam', 'invited'));
    expect(await sam.json(['connections'])).toMatchObject({ pendingIn: [] });
    // Nor can the blocker give access by mistake.
    const own = await sam.claude('own', 'mine');
    expect(await sam.failure(['share', 'marie'], { cwd: own.cwd })).toMatchObject({ exit: 1, code: 'BLOCKED' });
  });

  it('is a person to lift, and connects nobody by that', async () => {
    const refused = await sam.failure(['unblock', 'marie'], { env: { CLAUDECODE: '1' } });
    expect(refused).toMatchObject({ exit: 1, code: 'PERSON_ONLY' });
    expect(await sam.json(['unblock', 'marie'])).toMatchObject({ v: 1, handle: 'marie', sessions: [] });
    expect(await sam.failure(['unblock', 'marie'])).toMatchObject({ exit: 1, code: 'BLOCKED' });
    expect(await sam.json(['connections'])).toMatchObject({ accepted: [], blocked: [] });
    // The invite of meanwhile still stands, and now it arrives.
    await invited();
    expect(await sam.failure(['show', 'marie'])).toMatchObject({ exit: 1, code: 'NOT_CONNECTED' });
  });
});

describe('a further machine', () => {
  it('says what to type where, is trusted by codes typed on both, and can be revoked', async () => {
    const laptop = world.further(sam);
    const said = await laptop.ok(['init', '--org', 'acme', '--yes']);
    await laptop.ok(['up']);
    const { code: old } = (await sam.json(['whoami'])) as WhoAmI;
    const { code: fresh } = (await laptop.json(['whoami'])) as WhoAmI;
    expect(said).toContain(`on the other machine: teammate-sync trust sam ${fresh}`);
    expect(said).toContain(`here, when the daemon runs: teammate-sync trust sam ${old}`);

    const env = { CLAUDECODE: '1' };
    expect(await sam.failure(['trust', 'sam', fresh], { env })).toMatchObject({ exit: 1, code: 'PERSON_ONLY' });
    expect(await sam.failure(['trust', 'sam', 'AAAA-AAAA-AAAA'])).toMatchObject({ exit: 1, code: 'WRONG_CODE' });
    const waiting = { trusted: null, waiting: [{ code: fresh, state: 'blocked' }] };
    expect(await sam.json(['trust', 'sam'], { env })).toMatchObject(waiting);
    expect(await sam.ok(['trust', 'sam', fresh.toLowerCase()])).toContain(`Undo: teammate-sync revoke ${fresh}`);
    await laptop.ok(['trust', '@Sam', old.replaceAll('-', '')]);
    const vouched = async (): Promise<boolean> => {
      const { devices } = await laptop.client.call('devices');
      return devices.every((d) => d.state === 'good' && d.online) && devices[0]?.endorsedBy === devices[1]?.device;
    };
    await until(vouched, { what: 'the laptop vouched for' });
    expect(await sam.ok(['revoke', fresh])).toContain('for ever');
    expect(await sam.failure(['revoke', fresh])).toMatchObject({ exit: 1, code: 'DEVICE_REVOKED' });
  });
});
