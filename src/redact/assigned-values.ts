/** Whether the value in `name = value` is a secret, or a word, a type, a reference, a path, a message. */
import type { NameClass } from './assigned-names.ts';
import { entropy, isWords, looksRandom } from './entropy.ts';
import { isPlaceholder } from './placeholders.ts';

export interface ValueForm {
  /** In quotes, or a string of its own. */
  quoted: boolean;
  /** `NAME=value` of a shell or an env file: a literal, not code. */
  env: boolean;
  /** Nothing but the line's end stands behind it. */
  lineEnd: boolean;
  /** No space between the operator and it. */
  tight: boolean;
}

/** A string that stands under its name in a parsed structure. */
export const STRING_FORM: ValueForm = { quoted: true, env: false, lineEnd: false, tight: true };

const STRONG_MIN = 6;
const WEAK_MIN = 8;
const KEY_MIN = 16;

const NOT_VALUES = new Set(
  `true false null none nil undefined yes no on off string str text number integer int bytes buffer boolean bool any
   unknown never void object array optional required nullable default hidden masked redacted empty password passwd
   passphrase passcode secret secrets token tokens auth basic bearer user username admin-password current-password
   new-password one-time-code literal secretstr varchar enabled disabled example sensitive encrypted prompt`.split(
    /\s+/,
  ),
);
const TYPE =
  /^(?:string|number|boolean|any|unknown|str|bytes|int|Optional|Option|Maybe|SecretStr|String|Buffer|Uint\d{1,2}Array|VARCHAR|TEXT|CHAR)(?:\W|$)/;
const MESSAGE =
  /\b(?:passwords?|passwort|required|requires?|must|invalid|incorrect|wrong|enter|your|please|should|cannot|can't|is|are|the|characters|missing|expired|failed|forgot|reset|confirm)\b/i;
const LABEL = /^(?:pass ?w|passwor|contrase|mot de passe|kennwort|senha|wachtwoord)[\p{L} ]{0,30}[:?*]?$/iu;
const URL_OR_PATH =
  /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|(?:~|\.{1,2})?\/[\w.@+~-]{1,255}\/|\.{1,2}\/|~\/|[A-Za-z]:\\\\?\w)/i;
const FILE = /^[\w./-]{1,200}\.(?:pem|key|crt|cer|json|ya?ml|toml|txt|env|ts|js|py|go|rs|md|html|css|vue)$/;
const BASE64 = /^[A-Za-z0-9+/]{30,}={0,2}$/;
/** A version range, or an expression for other texts. */
const RANGE =
  /^[\^~<>=v ]{0,4}\d{1,5}\.(?:\d{1,5}|x)(?:\.[\w*+-]{1,32})?$|\[\^?[A-Za-z0-9]-[A-Za-z0-9]|\\[wdsSb]|\(\?[:=!]/;
const TEMPLATE = /\$\{|\{\{|#\{|<%|%\(|\$\(/;

const IDENTIFIER = /^[A-Za-z_$][\w$]{0,255}$/;
const MEMBER = /^[A-Za-z_$][\w$]{0,255}(?:(?:\?\.|\.|::|->)[A-Za-z_$][\w$]{0,255}){1,16}$/;
const CODE =
  /^[A-Za-z_$][\w$.:>-]{0,255}[([{]|^(?:await|new|typeof|yield|lambda|return|function|async|this|self)\b|^[!&*@]?\w{1,64}\?\.\w|^[[({]/;
const SPEAKS_OF_SECRETS = /pass|secret|token|cred|auth|pwd|key/i;

function count(text: string, character: RegExp): number {
  return text.match(character)?.length ?? 0;
}

/** A URL or a path; base64 with slashes in it is neither. */
function isPlace(value: string): boolean {
  return URL_OR_PATH.test(value) && !(BASE64.test(value) && /\d/.test(value) && entropy(value) >= 4.2);
}

function isCodeReference(name: NameClass, whole: string, form: ValueForm): boolean {
  if (form.quoted || form.env) return false;
  const value = whole.replace(/[.:;,+]{1,4}$/, '');
  if (CODE.test(value) || MEMBER.test(value) || TYPE.test(value)) return true;
  if (!IDENTIFIER.test(value)) return false;
  const digits = count(value, /\d/g);
  // Long and without separators: random letters rather than a name.
  const long = value.length >= (form.lineEnd ? 20 : 30) && !value.includes('_') && !isWords(value);
  if (name !== 'strong') return digits < 2 && !long;
  return digits === 0 && (SPEAKS_OF_SECRETS.test(value) || !form.lineEnd);
}

function strongSecret(value: string, form: ValueForm): boolean {
  if (/\s/.test(value)) return form.quoted && value.length >= WEAK_MIN && !MESSAGE.test(value) && !LABEL.test(value);
  if (LABEL.test(value) || FILE.test(value)) return false;
  if (form.quoted || form.env || value.length >= WEAK_MIN) return true;
  // A bare short number is a count, and a bare short word is a word unless it ends a `name=` line.
  return /^\d+$/.test(value) ? false : /[^A-Za-z]/.test(value) || (form.tight && form.lineEnd);
}

function weakSecret(name: NameClass, value: string, form: ValueForm): boolean {
  if (FILE.test(value) || isWords(value)) return false;
  if (name === 'key') return value.length >= KEY_MIN && entropy(value) >= 3.3 && looksRandom(value);
  return form.quoted || form.env || looksRandom(value);
}

/** True when a value under a name of this class is to be masked. Values are bounded by the caller. */
export function isAssignedSecret(name: NameClass, value: string, form: ValueForm): boolean {
  const strong = name === 'strong';
  if (value.length < (strong ? STRONG_MIN : WEAK_MIN)) return false;
  // The cheap tests first: a hostile text is all names and operators.
  if (!strong && (/\s/.test(value) || /^[\d.,:_-]+$/.test(value) || entropy(value) < 3)) return false;
  if (isPlaceholder(value) || NOT_VALUES.has(value.toLowerCase()) || TEMPLATE.test(value)) return false;
  if (RANGE.test(value) || isPlace(value) || isCodeReference(name, value, form)) return false;
  return strong ? strongSecret(value, form) : weakSecret(name, value, form);
}

export const VALUES_SOURCE: string = [
  [...NOT_VALUES].join(' '),
  ...[TYPE, MESSAGE, LABEL, URL_OR_PATH, FILE, BASE64, RANGE, TEMPLATE].map((r) => r.source),
  ...[IDENTIFIER, MEMBER, CODE, SPEAKS_OF_SECRETS].map((r) => r.source),
].join('\n');
