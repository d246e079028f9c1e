import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSealed, openStatement, statementId } from '../../src/identity/index.ts';
import { parseGrants } from '../../src/protocol/control.ts';
import {
  CONTROL_FRAME_MAX_BYTES,
  GRANT_LIFETIME_MAX_MS,
  LEASE_MS,
  STATE_GRANTS_PER_FRAME,
} from '../../src/protocol/limits.ts';
import { parseStatement } from '../../src/protocol/statements.ts';
import { PendingEnds } from '../../src/share/ends.ts';
import type { Generation } from '../../src/share/generation.ts';
import { Grants, type Readable } from '../../src/share/grants.ts';
import { Leases } from '../../src/share/leases.ts';
import { Progress } from '../../src/share/progress.ts';
import { countedRandom, makeSelf, sha256 } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { RecordedLink } from '../support/recorded-link.ts';
import { tempDir } from '../support/tmp-dir.ts';

const clock = new ManualClock();
const marie = makeSelf({ uid: 1001, login: 'marie', clock });
const tomas = makeSelf({ uid: 2002, login: 'tomas', clock });
const device = { uid: tomas.uid, sign: tomas.signKey, box: tomas.boxKey };
const fromMarie = (): Parameters<typeof openStatement>[1] => tomas.context({ uid: marie.uid, sign: marie.signKey });
const connection = Buffer.alloc(16, 1).toString('base64url');
const session = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

/** Generations without a core, which write down where they are attached. */
function readable(i: number, attached: string[]): Readable {
  const key = (what: string): string => sha256(`${what} ${i}`).toString('base64url');
  const stored = { gen: 1, core: key('core'), key: key('key'), kind: 'continue' as const, turns: i };
  const fake = {
    stored,
    gen: 1,
    blocks: 2,
    isAsWritten: () => true,
    attach: () => void attached.push(`+${i}`),
    detach: () => void attached.push(`-${i}`),
  };
  return { session: session(i), generation: fake as unknown as Generation };
}

function scene(): { grants: Grants; link: RecordedLink; attached: string[] } {
  const leases = new Leases(join(tempDir(), 'leases.json'), clock);
  const grants = new Grants({ self: marie, now: () => clock.now(), random: countedRandom('gids'), leases });
  return { grants, link: new RecordedLink(tomas.uid, tomas.signKey), attached: [] };
}

const granted = (link: RecordedLink) =>
  link
    .of('grants')
    .flatMap((frame) => parseGrants(frame))
    .map((sealed) => openSealed(sealed, tomas.keys, fromMarie()).statement);

describe('300 grants', () => {
  it('go in frames within the limit, and so do their list and their leases', () => {
    const { grants, link, attached } = scene();
    const all = Array.from({ length: 300 }, (_, i) => readable(i, attached));
    grants.serve(link, device, connection, all, new Set());
    expect(attached).toHaveLength(300);
    expect(link.of('grants').length).toBeGreaterThan(1);
    for (const frame of link.of('grants')) {
      expect(frame.length).toBeLessThanOrEqual(CONTROL_FRAME_MAX_BYTES);
      expect(frame.length).toBeGreaterThan(0);
    }
    const statements = granted(link);
    expect(statements.map((s) => (s.t === 'grant' ? s.session : ''))).toEqual(all.map((r) => r.session));
    expect(new Set(statements.map((s) => s.seq)).size).toBe(300);
    const states = link.bodies('state');
    expect(states.map((s) => [s.grants.length, s.first, s.last])).toEqual([
      [STATE_GRANTS_PER_FRAME, true, false],
      [300 - STATE_GRANTS_PER_FRAME, false, true],
    ]);
    const gids = statements.map((s) => (s.t === 'grant' ? s.gid : ''));
    expect(states.flatMap((s) => s.grants)).toEqual(gids);
    grants.renew(link, device);
    const leases = link.of('statement').map((bytes) => openStatement(bytes, fromMarie()).statement);
    expect(leases.flatMap((s) => (s.t === 'lease' ? s.gids : []))).toEqual(gids);
    new Progress().offer(link, grants.on(link));
    expect(link.bodies('head').flatMap((h) => h.generations)).toHaveLength(300);
  });

  it('the list of nothing is one frame, first and last', () => {
    const { grants, link } = scene();
    grants.serve(link, device, connection, [], new Set());
    expect([link.of('grants'), link.bodies('state')]).toEqual([[], [{ grants: [], first: true, last: true }]]);
  });
});

describe('serving', () => {
  it('grants what is new, takes away what is gone, first, and repeats only what is asked for', () => {
    const { grants, link, attached } = scene();
    const [one, two, three] = [1, 2, 3].map((i) => readable(i, attached)) as [Readable, Readable, Readable];
    grants.serve(link, device, connection, [one, two], new Set());
    const [first] = granted(link);
    link.sent = [];
    attached.length = 0;
    grants.serve(link, device, connection, [two, three], new Set());
    expect(attached).toEqual(['-1', '+3']);
    expect(granted(link).map((s) => (s.t === 'grant' ? s.session : ''))).toEqual([three.session]);
    expect(link.bodies('state')[0]?.grants).toHaveLength(2);
    link.sent = [];
    attached.length = 0;
    const again = new Set(grants.on(link).map((g) => g.gid));
    grants.serve(link, device, connection, [two, three], again);
    expect([attached, granted(link).length]).toEqual([[], 2]);
    // The same generation keeps its gid for a device, and has another one for another device.
    grants.serve(link, device, connection, [one, two, three], new Set());
    expect(granted(link).at(-1)).toMatchObject({ gid: first?.t === 'grant' ? first.gid : '' });
    const laptop = new RecordedLink(tomas.uid, marie.signKey);
    grants.serve(laptop, { ...device, sign: marie.signKey }, connection, [one], new Set());
    expect(laptop.bodies('state')[0]?.grants[0]).not.toBe(first?.t === 'grant' ? first.gid : '');
  });

  it('names the device, the connection and the lease', () => {
    const { grants, link, attached } = scene();
    grants.serve(link, device, connection, [readable(1, attached)], new Set());
    const [grant] = granted(link);
    expect(grant).toMatchObject({
      t: 'grant',
      to: device,
      connection,
      gen: 1,
      perm: 'read',
      org: 9009,
      host: 'github.com',
    });
    expect((grant?.exp ?? 0) - (grant?.iat ?? 0)).toBe(LEASE_MS / 1000);
  });

  it('takes one session or all from a link, in this tick', () => {
    const { grants, link, attached } = scene();
    grants.serve(
      link,
      device,
      connection,
      [1, 2, 3].map((i) => readable(i, attached)),
      new Set(),
    );
    attached.length = 0;
    grants.takeAway(link, session(2));
    expect(attached).toEqual(['-2']);
    grants.takeAway(link, null);
    expect([attached, grants.on(link)]).toEqual([['-2', '-1', '-3'], []]);
    grants.closed(link);
    expect(grants.links()).toEqual([]);
  });
});

describe('ends', () => {
  const open = (path: string): PendingEnds => new PendingEnds(path, marie, clock, new Leases(`${path}.leases`, clock));
  const told = (link: RecordedLink) => link.of('statement').map((bytes) => openStatement(bytes, fromMarie()).statement);

  it('are told on every contact until they are confirmed, over a restart', () => {
    const path = `${tempDir()}/ends.json`;
    const ends = open(path);
    ends.add([{ device, session: session(1) }], 'unshared');
    ends.add([{ device, session: session(2) }], 'ended');
    ends.add([{ device: { ...device, sign: marie.signKey }, session: session(1) }], 'unshared');
    const link = new RecordedLink(tomas.uid, tomas.signKey);
    ends.repeat(link);
    expect(told(link).map((s) => (s.t === 'end' ? [s.session, s.reason] : []))).toEqual([
      [session(1), 'unshared'],
      [session(2), 'ended'],
    ]);
    const [first] = link.of('statement');
    const id = statementId(parseStatement(first ?? Buffer.alloc(0)));
    // Only the device that was told can confirm.
    ends.acknowledged(marie.signKey, id);
    ends.acknowledged(tomas.signKey, id);
    ends.stop();
    const later = new RecordedLink(tomas.uid, tomas.signKey);
    open(path).repeat(later);
    expect(told(later).map((s) => (s.t === 'end' ? s.session : ''))).toEqual([session(2)]);
  });

  it('are told once per session, with the newest reason, and forgotten when the session is shared again', () => {
    const path = `${tempDir()}/ends.json`;
    const ends = open(path);
    ends.add([{ device, session: session(1) }], 'unshared');
    ends.add([{ device, session: session(1) }], 'disconnected');
    const link = new RecordedLink(tomas.uid, tomas.signKey);
    ends.repeat(link);
    expect(told(link).map((s) => (s.t === 'end' ? s.reason : ''))).toEqual(['disconnected']);
    ends.forget(tomas.uid, session(2));
    ends.forget(tomas.uid, session(1));
    link.sent = [];
    ends.repeat(link);
    expect(told(link)).toEqual([]);
  });

  it('are dropped once their lease would have run out anyway', () => {
    const ends = open(`${tempDir()}/ends.json`);
    ends.add([{ device, session: session(1) }], 'unshared');
    clock.pass(GRANT_LIFETIME_MAX_MS);
    const link = new RecordedLink(tomas.uid, tomas.signKey);
    ends.repeat(link);
    expect(told(link)).toEqual([]);
  });
});
