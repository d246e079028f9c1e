/**
 * The vectors of this folder as the independent implementation computes them. `MAKE_VECTORS=1 npx vitest run
 * test/protocol/vectors.test.ts` writes them anew; otherwise the files are only compared.
 */
import {
  device,
  hash,
  helloSigned,
  LP,
  mac,
  pair,
  recordLine,
  safetyNumber,
  sign,
  sub,
} from '../support/independent.ts';

export const PLACE = { host: 'github.com', org: 9009 };
export const EPOCH = 20_414;
export const A = device(1001, 'marie-t', 'A');
export const B = device(2002, 'tomas', 'B');
const hex = (bytes: Buffer): string => bytes.toString('hex');
const shown = (d: typeof A): Record<string, string | number> => ({
  uid: d.uid,
  login: d.login,
  signSeed: hex(d.signSeed),
  sign: hex(d.sign),
  boxSecret: hex(d.boxSecret),
  box: hex(d.box),
});

const root = pair(A, B, PLACE);
export const HELLO_KEY = sub(root, 'hello', EPOCH);

export const RECORD_PAYLOAD = JSON.stringify({
  t: 'teammate-sync/device',
  v: 1,
  host: PLACE.host,
  uid: A.uid,
  login: A.login,
  sign: A.sign.toString('base64url'),
  box: A.box.toString('base64url'),
  created: 1_763_796_000,
  expires: 1_779_348_000,
  seq: 1,
  name: '',
  endorse: null,
  revokes: [],
});
export const RECORD = recordLine(RECORD_PAYLOAD, A.signSeed);

/** The client is A, the server B. */
export const HANDSHAKE = {
  hash: hash('sha512', 'vec handshake'),
  client: hash('sha256', 'vec transport client'),
  server: hash('sha256', 'vec transport server'),
};

function hello(): Record<string, string> {
  const signed = helloSigned('client', HANDSHAKE.hash, HANDSHAKE.client, HANDSHAKE.server, PLACE);
  const signature = sign(A.signSeed, 'teammate-sync/v1/hello', signed);
  return {
    handshakeHash: hex(HANDSHAKE.hash),
    clientTransport: hex(HANDSHAKE.client),
    serverTransport: hex(HANDSHAKE.server),
    helloKey: hex(HELLO_KEY),
    hint: hex(mac(HELLO_KEY, 'c', HANDSHAKE.hash).subarray(0, 16)),
    serverMac: hex(mac(HELLO_KEY, 's', HANDSHAKE.hash)),
    clientSigned: hex(signed),
    clientProof: hex(Buffer.concat([LP(RECORD), signature])),
  };
}

export const VECTORS: Readonly<Record<string, unknown>> = {
  'pair.json': {
    ...PLACE,
    a: shown(A),
    b: shown(B),
    pairRoot: hex(root),
    epoch: EPOCH,
    topic: hex(sub(root, 'topic', EPOCH)),
    helloKey: hex(HELLO_KEY),
  },
  'safety-number.json': {
    people: [A, B].map(({ uid, sign: key }) => ({ uid, sign: [hex(key)] })),
    safetyNumber: safetyNumber([A, B].map(({ uid, sign: key }) => ({ uid, keys: [key] }))),
  },
  'record.json': { payload: RECORD_PAYLOAD, signSeed: hex(A.signSeed), record: RECORD },
  'hello.json': hello(),
};
