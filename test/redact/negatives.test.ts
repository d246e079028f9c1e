import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { BASE64, HEX, seeded } from './random.ts';

const redactor = createRedactor({ key: Buffer.alloc(32, 7) });
const random = seeded(4711);
const hex = (n: number): string => random.text(n, HEX);
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');

const kept: Readonly<Record<string, string>> = {
  'git log': `commit ${hex(40)}\nAuthor: Some One <one@example.com>\nDate: Mon\n\n    fix: pass the token on`,
  'short shas': `${hex(7)} feat: keys\n${hex(12)}..${hex(12)} main -> origin/main`,
  uuid: `session ${uuid()} resumed, parentUuid: ${uuid()}`,
  digests: `sha256:${hex(64)}\n${hex(64)}  file.tgz\nsha512-${random.text(86, BASE64)}==`,
  'lock file': `"node_modules/jwt-decode": {\n  "version": "4.0.0",\n  "integrity": "sha512-${random.text(86, BASE64)}=="\n}`,
  'packages named after secrets': '"dependencies": { "minipass": "^7.0.4", "@example/secret-stream": "~6.6.2" }',
  'ssh public key': `ssh-ed25519 AAAA${random.text(64, BASE64)} bob@laptop`,
  certificate: `-----BEGIN CERTIFICATE-----\n${random.text(64, BASE64)}\n${random.text(64, BASE64)}\n-----END CERTIFICATE-----`,
  'public key block': `-----BEGIN PUBLIC KEY-----\n${random.text(64, BASE64)}\n-----END PUBLIC KEY-----`,
  'key markers in code': `if (text.startsWith('${['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ')}')) return parse(text);\nconst n = 1;`,
  paths: '/home/alice/.ssh/id_ed25519 ./src/auth/token.ts:12:34 C:\\Users\\alice\\secrets\\token.txt',
  'path variables':
    'PWD=/home/alice/project\nOLDPWD=/home/alice\nSECRET_FILE=/run/secrets/db\nTOKEN_PATH=~/.config/x/token',
  'token counts': 'token_count: 12345678, max_tokens: 8192, "input_tokens": 123456789, tokens_used=98765432',
  tokenizer: 'tokenizer = AutoTokenizer.from_pretrained("example-large-model-v2")',
  authors: 'authors: ["Someone Longname"], author: Someone Longname, authority: example-authority-12',
  types: 'interface A { password: string; token?: string | null; apiKey: SecretStr; secret: Uint8Array }',
  schema: 'password: z.string().min(8), token: Joi.string().required()',
  'field names': "const fields = ['username', 'password', 'rememberMe'];",
  'code references': 'const token = process.env.API_TOKEN; login(user, password=settings.PASSWORD, token=getToken())',
  'code assignments': 'this.password = newPassword;\nauth.token = response.data.token\nsecret_key = derive_key(master)',
  placeholders:
    'TOKEN=<token>\nPASSWORD=${DB_PASSWORD}\nSECRET=$SECRET\nAPI_KEY=your-api-key-here\nPASS=********\nX_TOKEN=xxxxxxxx',
  'template engines':
    'password: {{ .Values.dbPassword }}\ntoken: "#{token}"\nsecret: %(secret)s\napi_key: ${{ secrets.API_KEY }}',
  literals: 'password: null, token: true, secret: undefined, auth: none, "password": "", pwd: false',
  headers: 'Authorization: Bearer $TOKEN\nAuthorization: Bearer <token>\n-H "Authorization: Bearer ${TOKEN}"',
  urls: 'https://example.com:8443/a/b?email=a@b.example https://registry:4873/@scope/pkg git@github.com:org/repo.git',
  'urls with templates': 'postgres://${USER}:${PASSWORD}@localhost/db mysql://<user>:<password>@host/db',
  'secret names':
    'secretName: db-credentials, secret_id = "gemini-api-key", key: "user-profile-cache", cacheKey: "a-b-c-1"',
  'example key of a document': `aws_access_key_id = ${['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')}`,
  messages: '{ "password": "Please enter your password", "passwordError": "Password must have 8 characters" }',
  'test runners': 'PASS test/auth.test.ts\n# pass 123\nℹ pass 12345\npass: 1234, fail: 0, skipped: 0',
  'minified code':
    'function a(b,c){var d=b.token,e=c.key;return d?d.auth(e):f.pass}var g={key:1,auth:h,token:i("x9")};',
  'regular expressions': 'const TOKEN = "[A-Za-z0-9._~+/-]+=*"; const secretPattern = /sk-[a-z0-9]{20}/;',
  'css classes': '<div class="sk-folding-cube sk-cube-grid-large-container">',
  'npm variables': 'npm_config_registry=http://localhost npm_lifecycle_event=test',
};

describe('what is no secret stays', () => {
  it.each(Object.entries(kept))('%s', (_name, text) => {
    expect(redactor.redactText(text)).toBe(text);
    const json = JSON.stringify({ text });
    expect(redactor.redactText(json)).toBe(json);
  });

  it('leaves the fields around a secret alone', () => {
    const secret = random.text(20);
    const text = `HOST=db.example.com\nDB_PASSWORD=${secret}\nPORT=5432\n`;
    expect(redactor.redactText(text)).toMatch(
      /^HOST=db\.example\.com\nDB_PASSWORD=\[redacted:password:[0-9a-f]{4}\]\nPORT=5432\n$/,
    );
    const json = JSON.stringify({ user: 'bob', password: secret, port: 5432 });
    const masked: unknown = JSON.parse(redactor.redactText(json));
    expect(masked).toEqual({ user: 'bob', password: expect.stringMatching(/^\[redacted:password:/), port: 5432 });
    expect(redactor.redactText(`postgres://app:${secret}@db:5432/app?ssl=1`)).toMatch(
      /^postgres:\/\/app:\[redacted:url-password:[0-9a-f]{4}\]@db:5432\/app\?ssl=1$/,
    );
  });
});
