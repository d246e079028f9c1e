/** Replayed, swapped, expired, forged control messages: each is refused by name, and nothing changes. */
import { describe, expect, it } from 'vitest';
import { CONTROL_FRAMES, CONTROL_PROTOCOL, encodeControl, encodeGrants } from '../../src/protocol/control.ts';
import { CONTROL_MESSAGES_BURST } from '../../src/protocol/limits.ts';
import type { End, Grant, SignedStatement, Statement } from '../../src/protocol/statements.ts';
import { frameStatement } from '../../src/protocol/statements.ts';
import type { DeviceLink } from '../../src/swarm/index.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  linked,
  noted,
  people,
  type Person,
  reads,
  sharing,
  uid,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const HOUR = 3600;
const seconds = (of: Person): number => Math.floor(of.clock.now() / 1000);

interface Scene {
  marie: Person;
  sam: Person;
  eve: Person;
  claude: FakeClaude;
  /** Marie's end of the line to Sam. */
  toSam: DeviceLink;
}

async function scene(): Promise<Scene> {
  const [marie, sam, eve] = await people(world, 'marie', 'sam', 'eve');
  if (!marie || !sam || !eve) throw new Error('nobody');
  const claude = await marie.claude();
  claude.say('one');
  await sharing(marie, claude, ['one'], sam);
  await linked(marie, eve);
  const [toSam] = marie.rooms.swarm.linksOf(await uid(sam));
  if (!toSam) throw new Error('no link');
  return { marie, sam, eve, claude, toSam };
}

async function stillReads({ marie, sam, claude }: Scene): Promise<void> {
  await reads(sam, marie, claude, ['one']);
}

function say(by: Person, statement: object): SignedStatement {
  return by.rooms.self.say<Statement>(statement as never);
}

const deviceOf = (p: Person, id: number): Grant['to'] => ({
  uid: id,
  sign: p.rooms.self.signKey,
  box: p.rooms.self.boxKey,
});

describe('statements', () => {
  it('of another sender, forged, for another device or workspace, expired, or from the future', async () => {
    const s = await scene();
    const { marie, sam, eve, claude, toSam } = s;
    const samDevice = deviceOf(sam, await uid(sam));
    const end = { t: 'end', to: samDevice, session: claude.session, reason: 'unshared' };
    const later = { exp: seconds(marie) + HOUR };

    toSam.send('statement', say(eve, { ...end, ...later }).bytes);
    await noted(sam, 'STATEMENT_WRONG_SENDER');

    const good = say(marie, { ...end, ...later });
    const forged = Buffer.from(good.payload.toString('utf8').replace('"unshared"', '"replaced"'));
    toSam.send('statement', frameStatement(forged, good.signature));
    await noted(sam, 'STATEMENT_BAD_SIGNATURE');

    toSam.send('statement', say(marie, { ...end, ...later, to: deviceOf(eve, await uid(eve)) }).bytes);
    await noted(sam, 'STATEMENT_WRONG_RECIPIENT');

    toSam.send('statement', say(marie, { ...end, ...later, org: 4711 }).bytes);
    await noted(sam, 'STATEMENT_WRONG_WORKSPACE');

    toSam.send('statement', say(marie, { ...end, exp: seconds(marie) - 1 }).bytes);
    await noted(sam, 'STATEMENT_EXPIRED');

    toSam.send('statement', say(marie, { ...end, iat: seconds(marie) + HOUR, exp: seconds(marie) + 2 * HOUR }).bytes);
    await noted(sam, 'STATEMENT_FROM_FUTURE');
    await stillReads(s);
    // Marie's own status tells what the other side refused.
    await noted(marie, 'PEER_REFUSED');
  });

  it('of an earlier state are replays', async () => {
    const s = await scene();
    const { marie, sam, toSam } = s;
    const to = { uid: await uid(sam) };
    const exp = seconds(marie) + HOUR;
    // Said before the state that both know now, as an attacker with a recording would say it.
    toSam.send('statement', say(marie, { t: 'disconnect', to, exp, seq: 1 }).bytes);
    await noted(sam, 'STATEMENT_REPLAYED');
    await stillReads(s);
  });

  it('identical bytes again are ignored', async () => {
    const s = await scene();
    const { marie, sam } = s;
    const [toMarie] = sam.rooms.swarm.linksOf(await uid(marie));
    const accept = sam.rooms.connections.statement(await uid(marie), marie.rooms.self.signKey);
    if (!accept || !toMarie) throw new Error('nothing to repeat');
    for (let i = 0; i < 5; i++) toMarie.send('statement', accept);
    await stillReads(s);
    expect((await marie.client.call('status', {})).errors.map((e) => e.code)).not.toContain('STATEMENT_REPLAYED');
  });

  it('an accept of an invite that was never made makes no connection', async () => {
    const [marie, sam] = await people(world, 'marie', 'sam');
    if (!marie || !sam) return;
    await linked(marie, sam);
    const claude = await marie.claude();
    claude.say('private');
    await marie.share(claude, sam.login);
    const [toMarie] = sam.rooms.swarm.linksOf(await uid(marie));
    const iid = Buffer.alloc(16, 7).toString('base64url');
    const accept = { t: 'accept', to: { uid: await uid(marie) }, exp: seconds(sam) + HOUR, iid, renews: 0 };
    toMarie?.send('statement', say(sam, accept).bytes);
    const invite = {
      t: 'invite',
      to: { uid: await uid(marie) },
      exp: seconds(sam) - 5,
      iid,
      note: null,
      project: null,
      renews: 0,
    };
    toMarie?.send('statement', say(sam, invite).bytes);
    await noted(marie, 'STATEMENT_EXPIRED');
    expect((await marie.client.call('connections', {})).accepted).toEqual([]);
  });
});

describe('grants', () => {
  it('swapped, for nobody connected, of another meaning, too long, or replayed', async () => {
    const s = await scene();
    const { marie, sam, eve, claude, toSam } = s;
    const samDevice = deviceOf(sam, await uid(sam));
    const generation = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0];
    const connection = marie.rooms.connections.consented(await uid(sam))[0];
    if (!generation || connection === undefined) throw new Error('nothing granted');
    const { core, key, gen } = generation.stored;
    const gid = Buffer.alloc(16, 1).toString('base64url');
    const base = { t: 'grant', to: samDevice, gid, connection, session: claude.session, core, gen, key, perm: 'read' };
    const exp = seconds(marie) + HOUR;
    const send = (link: DeviceLink, statement: SignedStatement, box: string): void =>
      link.send('grants', encodeGrants([marie.rooms.self.seal(statement, box)]));

    // Sealed to somebody else: cannot even be opened.
    send(toSam, say(marie, { ...base, exp }), eve.rooms.self.boxKey);
    await noted(sam, 'STATEMENT_WRONG_RECIPIENT');
    // A connection that neither knows.
    send(toSam, say(marie, { ...base, exp, connection: gid }), samDevice.box);
    await noted(sam, 'GRANT_NOT_CONNECTED');
    // The same core as another session.
    const other = '00000000-0000-4000-8000-000000000000';
    send(toSam, say(marie, { ...base, exp, session: other }), samDevice.box);
    await noted(sam, 'GRANT_MISMATCH');
    // Older than what was heard.
    send(toSam, say(marie, { ...base, exp, seq: 5 }), samDevice.box);
    await noted(sam, 'STATEMENT_REPLAYED');
    await stillReads(s);

    // Eve, whom nobody accepted, grants: refused, nothing of hers is kept.
    const [toSamFromEve] = eve.rooms.swarm.linksOf(await uid(sam));
    if (!toSamFromEve) throw new Error('no link');
    send(toSamFromEve, say(eve, { ...base, exp, session: other, core: gid + gid.slice(0, 21) }), samDevice.box);
    await until(() => sam.rooms.notes.list().some((n) => n.message.startsWith(eve.login)));
    expect(sam.rooms.inbox.of(await uid(eve))).toEqual([]);
  });

  it('a core that is not its owner’s is not shown', async () => {
    const s = await scene();
    const { marie, sam, claude, toSam } = s;
    const generation = marie.rooms.sharing.get(claude.session)?.readableBy(await uid(sam))[0];
    const connection = marie.rooms.connections.consented(await uid(sam))[0];
    if (!generation || connection === undefined) throw new Error('nothing granted');
    // A true core under another generation number: its header contradicts the grant.
    sam.rooms.inbox.ended({
      ...(say(marie, {
        t: 'end',
        to: deviceOf(sam, await uid(sam)),
        exp: seconds(marie) + HOUR,
        session: claude.session,
        reason: 'replaced',
      }).statement as End),
    });
    const gid = Buffer.alloc(16, 9).toString('base64url');
    const { core, key, gen } = generation.stored;
    const grant = {
      t: 'grant',
      to: deviceOf(sam, await uid(sam)),
      gid,
      connection,
      session: claude.session,
      core,
      gen: gen + 7,
      key,
      perm: 'read',
      exp: seconds(marie) + HOUR,
    };
    generation.detach(toSam);
    generation.attach(toSam);
    toSam.send('grants', encodeGrants([marie.rooms.self.seal(say(marie, grant), sam.rooms.self.boxKey)]));
    await noted(sam, 'HEADER_MISMATCH');
    expect(sam.rooms.inbox.of(await uid(marie)).filter((h) => h.replica.grant.gen === gen + 7)).toEqual([]);
  });

  it('a lease for an unknown grant is answered by asking for the grant', async () => {
    const s = await scene();
    const { marie, sam, toSam } = s;
    const gid = Buffer.alloc(16, 3).toString('base64url');
    const before = sam.frames.length;
    const lease = { t: 'lease', to: deviceOf(sam, await uid(sam)), exp: seconds(marie) + HOUR, gids: [gid] };
    toSam.send('statement', say(marie, lease).bytes);
    await until(() => sam.frames.slice(before).some((f) => f.direction === 'out' && f.bytes.includes(gid)));
    await stillReads(s);
  });
});

describe('an owner set back to an older copy of its disk', () => {
  it('has less of a finished generation than was sent: it is closed by name on both sides, and fetched anew', async () => {
    const s = await scene();
    const { marie, sam, toSam } = s;
    const [held] = sam.rooms.inbox.of(await uid(marie));
    if (!held) throw new Error('nothing held');
    const count = { gid: held.gid, blocks: held.replica.length, turns: 1, final: true };
    toSam.tell('head', { generations: [count] });
    await stillReads(s);
    toSam.tell('head', { generations: [{ ...count, blocks: count.blocks - 1 }] });
    await noted(sam, 'GENERATION_FORKED');
    await noted(marie, 'PEER_REFUSED');
    await stillReads(s);
    expect(sam.rooms.inbox.of(await uid(marie)).map((h) => h === held)).toEqual([false]);
  });
});

describe('a hostile peer', () => {
  it.each([
    ['malformed JSON', 'state', Buffer.from('{"grants":'), 'FRAME_MALFORMED'],
    ['a frame of another shape', 'need', Buffer.from('{"__proto__":{"x":1}}'), 'FRAME_MALFORMED'],
    ['a cut list of grants', 'grants', Buffer.from([0, 0, 9, 9, 1]), 'FRAME_MALFORMED'],
    ['bytes that are no statement', 'statement', Buffer.alloc(200, 255), 'FRAME_MALFORMED'],
  ] as const)('%s: is cut off by name, and others go on', async (_, frame, bytes, code) => {
    const s = await scene();
    const { sam, eve, marie, claude } = s;
    const [fromEve] = eve.rooms.swarm.linksOf(await uid(sam)).concat(eve.rooms.swarm.linksOf(await uid(marie)));
    if (!fromEve) throw new Error('no link');
    const victim = fromEve.uid === (await uid(sam)) ? sam : marie;
    fromEve.send(frame, bytes);
    await noted(victim, code);
    await noted(eve, 'PEER_REFUSED');
    claude.say('more');
    await until(async () => (await sam.texts(marie.login)).length > 1);
  });

  it('a flood of messages is cut off as RATE_LIMITED', async () => {
    const s = await scene();
    const { sam, eve } = s;
    const [fromEve] = eve.rooms.swarm.linksOf(await uid(sam));
    if (!fromEve) throw new Error('no link');
    // A modified client does not pace itself: it sends on the channel below.
    const channels = fromEve.mux as unknown as Iterable<{ protocol: string; messages: { send(b: Buffer): void }[] }>;
    const control = [...channels].find((c) => c.protocol === CONTROL_PROTOCOL);
    const need = control?.messages[CONTROL_FRAMES.indexOf('need')];
    for (let n = 0; n < 2 * CONTROL_MESSAGES_BURST; n++) need?.send(encodeControl('need', { gids: [] }));
    await noted(sam, 'RATE_LIMITED');
    await stillReads(s);
  });
});
