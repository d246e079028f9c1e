/** One valid value of everything that crosses the wire, and the readers of their bytes. */
import { type ControlBodies, parseControl, parseGrants } from '../../src/protocol/control.ts';
import { parseBlock, parseHeader, type CoreHeader } from '../../src/protocol/core-block.ts';
import { type DeviceRecord, parseRecord } from '../../src/protocol/record.ts';
import { parseStatement, type Statement } from '../../src/protocol/statements.ts';
import type { Turn } from '../../src/protocol/turn.ts';

export const b64of = (bytes: number, fill = 7): string => Buffer.alloc(bytes, fill).toString('base64url');
export const SESSION = '0a6afc57-2f31-4cb4-8ff0-01247f50c64c';

const common = {
  v: 1 as const,
  host: 'github.com',
  org: 9009,
  from: { uid: 1001, sign: b64of(32, 1) },
  iat: 1_763_796_000,
  exp: 1_763_799_600,
  seq: 1_763_796_000_000_000,
};
const person = { to: { uid: 2002 } };
const device = { to: { uid: 2002, sign: b64of(32, 2), box: b64of(32, 3) } };
const iid = b64of(16, 4);

export const STATEMENTS: readonly Statement[] = [
  { t: 'invite', ...common, ...person, iid, note: 'look at this', project: 'proj', renews: 0 },
  { t: 'invite', ...common, ...person, iid, note: null, project: null, renews: 7 },
  { t: 'accept', ...common, ...person, iid, renews: 0 },
  { t: 'decline', ...common, ...person, iid },
  { t: 'disconnect', ...common, ...person },
  {
    t: 'grant',
    ...common,
    ...device,
    gid: b64of(16, 5),
    connection: iid,
    session: SESSION,
    core: b64of(32, 6),
    gen: 1,
    key: b64of(32, 8),
    perm: 'read',
  },
  { t: 'lease', ...common, ...device, gids: [b64of(16, 5)] },
  { t: 'end', ...common, ...device, session: SESSION, reason: 'unshared' },
  {
    t: 'standing',
    ...common,
    ...device,
    person: { uid: 3003, login: 'ines' },
    said: b64of(300, 9),
    heard: null,
    goodbye: false,
    confirmed: [b64of(32, 4)],
    ids: [iid],
    over: { mine: 1, theirs: 0 },
    declined: { byMe: null, byThem: 1_763_796_000_000 },
    blocked: { at: null, seq: 0 },
  },
  { t: 'trust', ...common, ...device, person: 3003, device: { sign: b64of(32, 2), box: b64of(32, 3) } },
  { t: 'vouch', ...common, ...device, sig: b64of(64, 9), as: 'founder' },
];

export const RECORD: DeviceRecord = {
  t: 'teammate-sync/device',
  v: 1,
  host: 'github.com',
  uid: 1001,
  login: 'marie-t',
  sign: b64of(32, 1),
  box: b64of(32, 2),
  created: 1_763_796_000,
  expires: 1_779_348_000,
  seq: 1,
  name: '',
  endorse: { by: b64of(32, 9), sig: b64of(64, 9) },
  revokes: [b64of(32, 10)],
};

export const HEADER: CoreHeader = {
  t: 'teammate-sync/core',
  format: 1,
  session: SESSION,
  gen: 3,
  core: b64of(32, 6),
  owner: { uid: 1001, sign: b64of(32, 1) },
  host: 'github.com',
  org: 9009,
  project: 'proj',
  startedAt: '2026-11-22T07:30:00.000Z',
  kind: 'continue',
  after: [{ source: 'main', line: 4 }],
};

export function turn(line: number, text = `line ${line}`): Turn {
  return {
    source: 'main',
    line,
    uuid: '',
    time: '2026-11-22T07:30:00.000Z',
    role: 'user',
    kind: 'prompt',
    content: [{ type: 'text', text }],
  };
}

const gid = b64of(16, 5);
export const CONTROLS: { [K in keyof ControlBodies]: ControlBodies[K] } = {
  handshake: { v: 1, features: ['x'], now: 1_763_796_000_000 },
  state: { grants: [gid], first: true, last: false },
  ack: { statement: gid },
  need: { gids: [gid] },
  head: { generations: [{ gid, blocks: 3, turns: 9, final: true }] },
  progress: { generations: [{ gid, blocks: 3, turns: 9 }] },
  record: { text: 'tms1.a.b' },
  refused: { code: 'FRAME_MALFORMED', message: 'why' },
  refresh: { q: 3, gids: [gid] },
  refreshed: { q: 3 },
  receipts: {
    reads: [{ session: SESSION, source: 'main', with: 'show', at: 1_763_796_000_000, ranges: [{ from: 1, to: 9 }] }],
  },
};

/** Every reader of bytes from another machine. */
export const READERS: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  statement: parseStatement,
  grants: parseGrants,
  record: (bytes) => parseRecord(bytes.toString('utf8')),
  header: parseHeader,
  block: parseBlock,
  ...Object.fromEntries(
    (Object.keys(CONTROLS) as (keyof ControlBodies)[]).map((name) => [
      name,
      (bytes: Buffer) => parseControl(name, bytes),
    ]),
  ),
};
