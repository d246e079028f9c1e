/**
 * Named assignments: `NAME=value` of shells and env files, YAML, JSON, TOML, ini, source code, XML elements, options of
 * commands, and pairs of `name:` and `value:`. A small reader, not an expression: it finds the whole name around a
 * keyword, the operator behind it, and the value behind that, and lets the name and the value be judged.
 */
import { classifyName, NAMES_SOURCE, type NameClass } from './assigned-names.ts';
import { isAssignedSecret, STRING_FORM, type ValueForm, VALUES_SOURCE } from './assigned-values.ts';
import type { Finding, Rule } from './rule.ts';

const NAME_MAX = 64;
/** What is judged of a value without quotes; when it is masked, all of the run goes. */
const BARE_MAX = 160;
const QUOTED_MAX = 4096;
const KEYWORDS = [
  'pass',
  'pwd',
  'secret',
  'token',
  'auth',
  'cred',
  'key',
  'seed',
  'mnemonic',
  'phrase',
  'jwt',
  'bearer',
];

/** Groups: 1 closes the name, 2 `>` of an element, 3 a comma, 4 a word or a space in place of an operator. */
const OPERATOR =
  /(["'`]?\]?\)?\??)(?:[ \t]{0,8}(?::[ \t]{0,4}[A-Za-z_][\w.<>[\] |]{0,40}=(?=[ \t]{0,4}["'`])|[=!]={1,2}|:=|=>|[?+]=|=|:{1,2})|(>)|[ \t]{0,2}(,)|([ \t]{1,2}(?:is:?[ \t]{1,2})?))[ \t]{0,8}/y;
/** `name: X` with `value: Y` behind it, on one line or on the next. */
const BRIDGE =
  /["']?,?[ \t]{0,4}(?:\r?\n[^\S\n]{0,40}(?:[+>|-]|\d{1,6}[→:])?[^\S\n]{0,40})?["']?[vV]alue["']?[ \t]{0,4}[:=][ \t]{0,4}/y;
/** A block of YAML: the value stands on the next line. */
const BLOCK = /[|>][+-]?\d?[ \t]{0,8}\r?\n[^\S\n]{1,40}/y;
const QUOTE = /(?:[fbruFBRU]{1,2}|\$|@)?("""|'''|["'`])/y;
const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /(?:[^"\\\r\n]|\\[^\r\n]){0,4096}/y,
  "'": /(?:[^'\\\r\n]|\\[^\r\n]){0,4096}/y,
  '`': /(?:[^`\\\r\n]|\\[^\r\n]){0,4096}/y,
};
/** At a line's start the value is all up to white space; elsewhere punctuation ends it too. */
const WHOLE = /(?:[^\s\\]|\\(?![nrt"'\\])){1,160}/y;
const PART = /(?:[^\s\\"'`,;&|<>()[\]{}]|\\(?![nrt"'\\])){1,160}/y;
/** Of an XML element, up to its end. */
const CONTENT = /[^<>\s]{1,1024}(?=<\/)/y;
const LINE_START =
  /(?:^|[\n\r])[ \t]{0,40}(?:\d{1,7}[→:|][ \t]{0,8})?(?:[+>|-][ \t]{0,16})?(?:(?:export|set|declare -x|setx|ENV|ARG)[ \t]{1,4})?["']?$/;
/** A connection string goes on with its next field. */
const NEXT_FIELD = /;[A-Za-z][A-Za-z ]{1,40}=/;
const PUNCTUATION = /[,;)}\]]{1,4}$/;
/** A letter and a digit, and no separator of names. */
const RANDOM = /^(?=[^\d]{0,64}\d)(?=[^A-Za-z]{0,64}[A-Za-z])[^.\s/]{6,256}$/;
const SHELL_NAME = /^[A-Z0-9_]+$/;

interface Value {
  start: number;
  end: number;
  form: ValueForm;
}

const NAME_CHARACTERS = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-')
  NAME_CHARACTERS[c.charCodeAt(0)] = 1;

function isNameCharacter(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return code < 128 && NAME_CHARACTERS[code] === 1;
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function quotedValue(text: string, at: number): Value | null {
  const open = sticky(QUOTE, text, at);
  const quote = open?.[1];
  if (!open || !quote) return null;
  let start = at + open[0].length;
  if (quote.length === 3 && text.charAt(start) === '\n') start++;
  const body = QUOTED[quote.charAt(0)];
  const length = body ? (sticky(body, text, start)?.[0].length ?? 0) : 0;
  return { start, end: start + length, form: STRING_FORM };
}

function bareValue(text: string, at: number, env: boolean, lineStart: boolean): Value | null {
  const match = sticky(lineStart ? WHOLE : PART, text, at)?.[0];
  if (!match) return null;
  const field = lineStart ? match.search(NEXT_FIELD) : -1;
  let end = at + (field > 0 ? field : match.length);
  if (lineStart && !env) end -= PUNCTUATION.exec(text.slice(at, end))?.[0].length ?? 0;
  if (end <= at) return null;
  const lineEnd = end === text.length || text.charAt(end) === '\n' || text.charAt(end) === '\r';
  return { start: at, end, form: { quoted: false, env, lineEnd, tight: text.charAt(at - 1) === '=' } };
}

function elementValue(text: string, start: number): Value | null {
  const content = sticky(CONTENT, text, start)?.[0];
  return content ? { start, end: start + content.length, form: STRING_FORM } : null;
}

/** The value behind the name at [start, end), or null where no assignment stands. */
function valueOf(text: string, start: number, end: number, nameClass: NameClass): Value | null {
  const bridge = sticky(BRIDGE, text, end);
  const operator = bridge ?? sticky(OPERATOR, text, end);
  if (!operator) return null;
  let at = end + operator[0].length;
  const [, close, element, comma, word] = bridge ? [] : operator;
  if (element) return text.charAt(start - 1) === '<' ? elementValue(text, at) : null;
  const name = text.slice(start, end);
  if (word?.trim() === '' && text.startsWith('--', start - 2)) {
    return quotedValue(text, at) ?? bareValue(text, at, true, false);
  }
  const block = sticky(BLOCK, text, at);
  if (block) at += block[0].length;
  const lineStart = block !== null || LINE_START.test(text.slice(Math.max(0, start - 80), start));
  // Upper case and no spaces: of a shell or an env file. Lower case may be an argument in code.
  const env = block !== null || (at === end + 1 && text.charAt(end) === '=' && SHELL_NAME.test(name));
  const value = quotedValue(text, at) ?? bareValue(text, at, env, lineStart);
  if (!value) return null;
  if (!comma && !word) return value;
  // In prose and in lists of names only what looks random counts.
  if (comma && !(close && value.form.quoted)) return null;
  if (nameClass !== 'strong' || /^pass$/i.test(name)) return null;
  return RANDOM.test(text.slice(value.start, value.end)) ? value : null;
}

function findAssignment(text: string, at: number, found: Finding[]): number {
  let end = at;
  const last = Math.min(text.length, at + NAME_MAX);
  while (end < last && isNameCharacter(text, end)) end++;
  const resume = end;
  while (end > at && /[.-]/.test(text.charAt(end - 1))) end--;
  const next = text.charCodeAt(end);
  // Most words of a text are followed by a letter or a full stop; only what may begin an operator goes on.
  if (!(next <= 63 || next === 91 || next === 93 || next === 96)) return resume;
  let start = at;
  const first = Math.max(0, at - NAME_MAX);
  while (start > first && isNameCharacter(text, start - 1)) start--;
  while (start < at && /[.-]/.test(text.charAt(start))) start++;
  const nameClass = classifyName(text.slice(start, end));
  if (!nameClass) return resume;
  const value = valueOf(text, start, end, nameClass);
  if (!value || !isAssignedSecret(nameClass, text.slice(value.start, value.end), value.form)) return resume;
  let stop = value.end;
  const judged = value.form.quoted ? QUOTED_MAX : BARE_MAX;
  if (stop - value.start >= judged) while (stop < text.length && !/[\s"'`\\]/.test(text.charAt(stop))) stop++;
  found.push({ rule: nameClass === 'strong' ? 'password' : 'secret', start: value.start, end: stop });
  return stop;
}

const EXPRESSIONS = [OPERATOR, BRIDGE, BLOCK, QUOTE, WHOLE, PART, CONTENT, LINE_START, NEXT_FIELD, RANDOM];

export const assignmentRules: readonly Rule[] = [
  {
    name: 'assignment',
    keywords: KEYWORDS.map((text) => ({ text })),
    source: [NAMES_SOURCE, VALUES_SOURCE, ...EXPRESSIONS.map((r) => r.source)].join('\n'),
    find: findAssignment,
  },
];
