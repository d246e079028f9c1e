/** What the name in `name = value` says of the value. */

/**
 * - `strong`: a password or secret, whatever it looks like
 * - `weak`: a token or key, if it looks random
 * - `key`: something that is called a key, if it looks very random
 */
export type NameClass = 'strong' | 'weak' | 'key';

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const STRONG = list('password passwd passphrase passcode passwort pwd secret secrets mnemonic');
const STRONG_ENDING = /(?:password|passwd|passphrase|secret|pwd|secretkey|privatekey)$/;
/** `pass` as the last word only: a test that passes is not a password. */
const PASS_ENDING = /^(?!minipass|buypass|bypass|compass|surpass|trespass|encompass|overpass|underpass)\w{0,20}pass$/;
const WEAK = list('token credential credentials apikey accesskey authkey apitoken cred creds jwt bearer sessionid');
const WEAK_ENDING = /(?:token|apikey|accesskey|accountkey|credentials?)$/;
const KEY_OF = list(
  `api private access account secret encryption encrypt signing signature sign master application service storage hmac
   auth shared admin session deploy ssh license webhook bot client root crypto aes server consumer subscription
   ingestion write project`,
);
/** A name that ends so tells about a secret and does not hold it. */
const ABOUT = list(
  `count counts limit limits type types url uri urls endpoint host port path paths file files filename dir directory
   folder name names length len size expiry expire expires expiration expired at in ttl timeout budget usage used max
   min total field fields input inputs output label placeholder policy regex pattern ref refs reference arn version error
   errors message mode method methods provider user username email header headers prefix suffix status state enabled
   disabled required valid invalid verified validation validator schema class component page form route router controller
   service module middleware handler manager store helper util utils test tests config options option settings info index
   position offset rate cost price reset strength hint change changed last created updated time date issuer audience
   scope scopes algorithm alg format encoding source kind rotation visible visibility toggle match matches mismatch check
   step flow callback redirect domain realm plugin guard context hook level group groups spec lifetime age id ids
   ts tsx js jsx mjs cjs py go rb rs java kt swift c h cpp php md yaml yml json toml txt html css vue sh sql xml lock log`,
);
const PUBLIC = list('public pub pk primary foreign cache sort partition row map dict idempotency i18n translation');

/** Splits at separators and at humps; the words are lower-case. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The class of a name, or null for one whose value is nobody's secret. Names are bounded by the caller. */
export function classifyName(name: string): NameClass | null {
  const words = wordsOf(name);
  while (
    words.length > 1 &&
    /^(?:\d+|v\d+|old|new|prod|dev|staging|test|base|value|b64|base64)$/.test(words.at(-1) ?? '')
  ) {
    words.pop();
  }
  const last = words.at(-1) ?? '';
  const secretId = last === 'id' && words.at(-2) === 'secret' && words.length === 2;
  if (ABOUT.has(last) && !secretId) return null;
  if (last === 'pass' || PASS_ENDING.test(last)) return 'strong';
  if (words.some((word) => STRONG.has(word) || STRONG_ENDING.test(word))) return secretId ? 'weak' : 'strong';
  if (last === 'seed' || (last === 'phrase' && /^(?:seed|recovery)$/.test(words.at(-2) ?? ''))) return 'key';
  if (last === 'key' || last === 'keys') {
    const of = words.at(-2) ?? '';
    if (PUBLIC.has(of) || words.includes('public')) return null;
    if (KEY_OF.has(of)) return 'weak';
    return /^[A-Z0-9_]{6,}$/.test(name) ? 'key' : null;
  }
  if (words.some((word) => WEAK.has(word) || WEAK_ENDING.test(word))) return 'weak';
  return last.endsWith('auth') ? 'weak' : null;
}

export const NAMES_SOURCE = [
  ...[STRONG, WEAK, KEY_OF, ABOUT, PUBLIC].map((words) => [...words].join(' ')),
  ...[STRONG_ENDING, PASS_ENDING, WEAK_ENDING].map((r) => r.source),
].join('\n');
