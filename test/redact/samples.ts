/** One sample maker per format. Prefixes stand in pieces, so that no file of this project looks like it holds a key. */
import { ALNUM, BASE64, HEX, LOWER_DIGITS, NUMERIC, type Random, UPPER_DIGITS, URL64 } from './random.ts';

export interface Sample {
  /** The secret where it stands: alone for tokens, in its line or file for structures. */
  text: string;
  /** What must be gone. */
  secrets: string[];
  /** The format lives on lines of its own or in a syntax of its own; not every encoding can hold it. */
  structured?: boolean;
}

type Maker = (r: Random) => Sample;

/** A token that is a secret as a whole. */
const token =
  (...parts: (string | ((r: Random) => string))[]): Maker =>
  (r) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : part(r))).join('');
    return { text, secrets: [text] };
  };
const of =
  (length: number, alphabet?: string) =>
  (r: Random): string =>
    r.text(length, alphabet);
/** Only the given part is secret. */
const within =
  (make: (secret: string, r: Random) => string, secretOf: (r: Random) => string, structured = true): Maker =>
  (r) => {
    const secret = secretOf(r);
    return { text: make(secret, r), secrets: [secret], structured };
  };

const jsonPart = (r: Random, fields: Record<string, string>): string =>
  Buffer.from(JSON.stringify({ ...fields, sub: r.text(12) })).toString('base64url');

export const tokens: Readonly<Record<string, Maker>> = {
  'github classic': token('gh', 'p_', of(36)),
  'github oauth': token('gh', 'o_', of(36)),
  'github user': token('gh', 'u_', of(36)),
  'github server': token('gh', 's_', of(36)),
  'github refresh': token('gh', 'r_', of(76)),
  'github fine-grained': token('github', '_pat_', of(22), '_', of(59)),
  gitlab: token('gl', 'pat-', of(20, URL64)),
  anthropic: token('sk', '-ant-api03-', of(93, URL64), 'AA'),
  'openai project': token('sk', '-proj-', of(60, URL64)),
  'openai old': token('sk', '-', of(48)),
  'aws key id': token('AK', 'IA', of(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')),
  'aws temporary key id': token('AS', 'IA', of(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')),
  'slack bot': token('xo', 'xb-', of(12, NUMERIC), '-', of(12, NUMERIC), '-', of(24)),
  'slack user': token('xo', 'xp-', of(12, NUMERIC), '-', of(12, NUMERIC), '-', of(32, HEX)),
  'slack app': token('xa', 'pp-1-', of(11, UPPER_DIGITS), '-', of(13, NUMERIC), '-', of(64, HEX)),
  'slack webhook': within(
    (s) => `https://hooks.slack.com/services/${s}`,
    (r) => `T${r.text(8, UPPER_DIGITS)}/B${r.text(8, UPPER_DIGITS)}/${r.text(24)}`,
    false,
  ),
  google: token('AI', 'za', of(35, URL64)),
  npm: token('np', 'm_', of(36)),
  pypi: token('py', 'pi-AgEIcHlwaS5vcmc', of(80, URL64)),
  sendgrid: token('S', 'G.', of(22, URL64), '.', of(43, URL64)),
  huggingface: token('h', 'f_', of(34)),
  digitalocean: token('do', 'p_v1_', of(64, HEX)),
  vault: token('hv', 's.', of(90, URL64)),
  'stripe live': token('sk', '_live_', of(24)),
  'stripe restricted': token('rk', '_live_', of(24)),
  'stripe test': token('sk', '_test_', of(24)),
  shopify: token('shp', 'at_', of(32, HEX)),
  linear: token('lin', '_api_', of(40)),
  'sentry organisation': token('sntr', 'ys_', of(60, BASE64), '_', of(43, BASE64)),
  'sentry user': token('sntr', 'yu_', of(64, HEX)),
  docker: token('dckr', '_pat_', of(27, URL64)),
  age: token('AGE-SECRET', '-KEY-1', of(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')),
  twilio: token('S', 'K', of(32, HEX)),
  telegram: within(
    (s, r) => `${1 + r.int(9)}${r.text(9, NUMERIC)}:${s}`,
    (r) => `AA${r.text(33, URL64)}`,
    false,
  ),
  discord: (r) => {
    const id = Buffer.from(`${1 + r.int(9)}${r.text(17, NUMERIC)}`)
      .toString('base64')
      .replaceAll('=', '');
    const text = `${id}.${r.text(6, ALNUM)}.${r.text(38, ALNUM)}`;
    return { text, secrets: [text] };
  },
  jwt: (r) => {
    const text = `${jsonPart(r, { alg: 'HS256' })}.${jsonPart(r, { iss: 'a' })}.${r.text(43, URL64)}`;
    return { text, secrets: [text] };
  },
  databricks: token('da', 'pi', of(32, HEX)),
  supabase: token('sb', 'p_', of(40, HEX)),
  planetscale: token('pscale', '_tkn_', of(43, URL64)),
  netlify: token('nf', 'p_', of(40)),
  doppler: token('dp', '.pt.', of(43)),
  mailgun: token('key', '-', of(32, HEX)),
  terraform: within((s, r) => `${r.text(14)}${['.atlas', 'v1.'].join('')}${s}`, of(67, URL64), false),
  'azure client secret': within(
    (s, r) => `${r.text(3)}8${s}`,
    (r) => `Q~${r.text(34)}`,
    false,
  ),
  grafana: token('gl', 'sa_', of(32), '_', of(8, HEX)),
  tailscale: token('ts', 'key-auth-', of(12), '-', of(32)),
};

function pemOf(r: Random, label: string): { text: string; lines: string[] } {
  const lines = [...Array.from({ length: 8 }, () => r.text(64, BASE64)), `${r.text(30, BASE64)}==`];
  return { text: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----`, lines };
}

const PRIVATE = ['PRIVATE', 'KEY'].join(' ');

export const structures: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '].map((kind): [string, Maker] => [
      `pem ${kind}`,
      (r) => {
        const { text, lines } = pemOf(r, `${kind}${PRIVATE}`);
        return { text, secrets: lines, structured: true };
      },
    ]),
  ),
  'pem pgp': (r) => {
    const { text, lines } = pemOf(r, `PGP ${PRIVATE} BLOCK`);
    return { text, secrets: lines, structured: true };
  },
  'pem cut after the head': (r) => {
    const { text, lines } = pemOf(r, `RSA ${PRIVATE}`);
    return { text: text.slice(0, 300), secrets: lines.slice(0, 4), structured: true };
  },
  'pem cut before the tail': (r) => {
    const { text, lines } = pemOf(r, `RSA ${PRIVATE}`);
    return { text: text.slice(-300), secrets: lines.slice(5), structured: true };
  },
  'service account': (r) => {
    const { text, lines } = pemOf(r, PRIVATE);
    const account = {
      type: 'service_account',
      project_id: 'demo',
      private_key: `${text}\n`,
      client_email: 'a@b.example',
    };
    return { text: JSON.stringify(account, null, 2), secrets: lines, structured: true };
  },
  'pem in base64': (r) => {
    const text = Buffer.from(pemOf(r, `RSA ${PRIVATE}`).text).toString('base64');
    return { text: `client-key-data: ${text}`, secrets: [text.slice(0, 60), text.slice(100, 200)], structured: true };
  },
  'database url': within((s) => `postgres://app:${s}@db.example.com:5432/app`, of(16)),
  'url with an encoded password': within(
    (s) => `amqps://app:${s}@mq.example.com/v`,
    (r) => `${r.text(6)}%40${r.text(6)}`,
  ),
  'url without a user': within((s) => `redis://:${s}@cache:6379/0`, of(12)),
  'bearer header': within((s) => `Authorization: Bearer ${s}`, of(32)),
  'basic header': within(
    (s) => `Proxy-Authorization: Basic ${s}`,
    (r) => Buffer.from(`bob:${r.text(12)}`).toString('base64'),
  ),
  'cookie header': within((s) => `Cookie: theme=dark; sid=${s}`, of(32)),
  'set-cookie header': within((s) => `Set-Cookie: sid=${s}; Path=/; HttpOnly`, of(32)),
  'x-api-key header': within((s) => `X-Api-Key: ${s}`, of(32)),
  'curl user': within((s) => `curl -sS -u alice:${s} https://example.com/`, of(10)),
  'curl header': within((s) => `curl -H 'Authorization: Bearer ${s}' https://example.com/`, of(24)),
  'env password': within((s) => `DB_PASSWORD=${s}`, of(9)),
  'env token': within((s) => `VERCEL_TOKEN=${s}`, of(24)),
  'shell export': within((s) => `export API_SECRET="${s}"`, of(20)),
  'aws secret': within((s) => `aws_secret_access_key = ${s}`, of(40, BASE64)),
  'aws secret in json': within((s) => `"SecretAccessKey": "${s}"`, of(40, BASE64)),
  'azure account key': within(
    (s) => `DefaultEndpointsProtocol=https;AccountKey=${s};X=y`,
    (r) => `${r.text(86, BASE64)}==`,
  ),
  'azure signature': within(
    (s) => `https://a.blob.example.net/c?sv=2024-01-01&sig=${s}&se=2026`,
    (r) => `${r.text(40)}%3D`,
  ),
  'yaml password': within((s) => `password: ${s}`, of(10)),
  'json password': within((s) => `{"user": "bob", "password": "${s}"}`, of(10)),
  'toml token': within((s) => `api_token = "${s}"`, of(20)),
  'typescript constant': within((s) => `const clientSecret = '${s}';`, of(20)),
  'python keyword': within((s) => `connect(user="bob", password="${s}")`, of(10)),
  npmrc: within((s) => `//registry.example.com/:_authToken=${s}`, of(36)),
  netrc: within((s) => `machine api.example.com login bob password ${s}`, of(12)),
  pgpass: within((s) => `db.example.com:5432:app:bob:${s}`, of(12)),
  'xml element': within((s) => `<password>${s}</password>`, of(12)),
  'kubernetes env': within((s) => `- name: DB_PASSWORD\n  value: ${s}`, of(12)),
  'command option': within((s) => `tool login --password ${s} --verbose`, of(12)),
  'datadog key': within((s) => `DD_API_KEY=${s}`, of(32, HEX)),
  'cloudflare key': within((s) => `CLOUDFLARE_API_TOKEN=${s}`, of(40, URL64)),
  'device seed': within(
    (s) => `"sign_seed": "${s}"`,
    (r) => Buffer.from(r.text(32)).toString('base64'),
  ),
  'docker config': within(
    (s) => `"auth": "${s}"`,
    (r) => Buffer.from(`bob:${r.text(15, LOWER_DIGITS)}`).toString('base64'),
  ),
};
