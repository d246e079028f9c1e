/**
 * Private keys in text form: PEM blocks of any private label, whole or cut at either end, in source code, in diffs and
 * behind line numbers; PuTTY files; and PEM or service-account files that were encoded in base64 once.
 */
import type { Finding, Rule } from './rule.ts';

/** A key of 16,384 bits in PEM has under 13 KB; what stands between BEGIN and END further apart is not one key. */
const BLOCK_MAX = 64 * 1024;
/** A run of base64 this long is a line of a body; ordinary words are shorter. */
const RUN_MIN = 24;
const NAME = '((?:[A-Z0-9]{1,16} ){0,5})(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1) ?-{4,5}';
const MARKER = new RegExp(`-{4,5} ?(?:BEGIN|END) ${NAME}`, 'y');
const END = new RegExp(`-{4,5} ?END ${NAME}`);
/** What stands between two lines of a body in listings, diffs, quotes and source code. */
const GAP = /[\s"'`+>|,;\\.)\]-]{0,60}(?:\d{1,7}[:|→\t-]\s{0,8})?[\s"'`+>|-]{0,40}/y;
const GAP_CHARACTER = /[\s"'`+>|,;\\.:→-]/;
const ARMOR = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|X-[\w-]{1,20})[:,][^\n]{0,200}/y;
const LINE_END = /[\s"'`+,;\\)\]]{0,20}(?:\n|$)/y;
const LONG_RUN = new RegExp(`[A-Za-z0-9+/=]{${RUN_MIN}}`);
/** Between BEGIN and END even a short run is a body: a whole block is judged by its markers. */
const SHORT_RUN = /[A-Za-z0-9+/]{16}/;

function isBase64(code: number): boolean {
  return (
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 61
  );
}

/** Reads `pattern` (sticky) at `at`; where it ends, or `at`. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function runEnd(text: string, at: number, limit: number): number {
  let i = at;
  while (i < limit && isBase64(text.charCodeAt(i))) i++;
  return i;
}

/** Where a block that begins before `from` and has no END stops; `from` when nothing after it looks like a body. */
function bodyEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + BLOCK_MAX);
  let end = from;
  for (let at = from; at < limit;) {
    const armor = after(ARMOR, text, after(GAP, text, at));
    if (armor > after(GAP, text, at)) {
      at = armor;
      continue;
    }
    const start = after(GAP, text, at);
    const stop = runEnd(text, start, limit);
    if (stop - start >= RUN_MIN) end = stop;
    else {
      // The last line of a body is short, and nothing else stands on it.
      LINE_END.lastIndex = stop;
      if (end > from && stop > start && LINE_END.test(text)) end = stop;
      break;
    }
    at = stop;
  }
  return end;
}

/** Where the body begins whose END stands at `to`; `to` itself when nothing before it looks like one. */
function bodyStart(text: string, to: number): number {
  const limit = Math.max(0, to - BLOCK_MAX);
  let start = to;
  let shortRuns = 0;
  let gap = 0;
  for (let at = to; at > limit;) {
    if (GAP_CHARACTER.test(text.charAt(at - 1)) && text.charCodeAt(at - 1) !== 43) {
      if (++gap > 100) break;
      at--;
      continue;
    }
    let begin = at;
    while (begin > limit && isBase64(text.charCodeAt(begin - 1))) begin--;
    if (begin === at) break;
    gap = 0;
    if (at - begin >= RUN_MIN) start = begin;
    // Line numbers are no part of a body, and only its last line is short.
    else if (!/^\d{1,7}$/.test(text.slice(begin, at)) && ++shortRuns > 1) break;
    at = begin;
  }
  return start;
}

function findPem(text: string, at: number, found: Finding[]): number {
  MARKER.lastIndex = at;
  const marker = MARKER.exec(text)?.[0];
  if (!marker) return 0;
  const head = at + marker.length;
  if (/^-{4,5} ?END/.test(marker)) {
    const start = bodyStart(text, at);
    if (start < at) found.push({ rule: 'private-key', start, end: head });
    return head;
  }
  let window = text.slice(head, head + BLOCK_MAX);
  const next = window.indexOf('-BEGIN ');
  if (next !== -1) window = window.slice(0, next);
  const end = END.exec(window);
  const stop = end ? head + end.index + end[0].length : bodyEnd(text, head);
  // Markers alone, as in code that looks for keys, hold nothing.
  const body = end ? window.slice(0, end.index) : text.slice(head, stop);
  if (!(end ? SHORT_RUN : LONG_RUN).test(body)) return head;
  found.push({ rule: 'private-key', start: at, end: stop });
  return stop;
}

const PUTTY = /Private-Lines: \d{1,4}\s{1,4}((?:[A-Za-z0-9+/=]{1,80}(?:\s{1,4}|$)){1,200})/dy;

function findPutty(text: string, at: number, found: Finding[]): number {
  PUTTY.lastIndex = at;
  const [start, end] = PUTTY.exec(text)?.indices?.[1] ?? [0, 0];
  if (end > start) found.push({ rule: 'private-key', start, end });
  return end;
}

/** Base64 of `-----BEGIN ` and, at its three alignments, of `"private_key`, as far as neighbours do not change it. */
const ENCODED = ['LS0tLS1CRUdJTi', 'InByaXZhdGVfa2V5', 'Jwcml2YXRlX2tleS', 'cHJpdmF0ZV9rZX'];
const LINE_BREAK = /\r?\n[ \t]{0,16}(?=[A-Za-z0-9+/=]{16})/y;

function findEncoded(text: string, at: number, found: Finding[]): number {
  let start = at;
  while (start > 0 && at - start < BLOCK_MAX && isBase64(text.charCodeAt(start - 1))) start--;
  const limit = Math.min(text.length, at + BLOCK_MAX);
  let end = start;
  for (let next = start; next < limit;) {
    end = runEnd(text, next, limit);
    next = after(LINE_BREAK, text, end);
    if (next === end) break;
  }
  const decoded = Buffer.from(text.slice(start, end), 'base64').toString('latin1');
  if (/PRIVATE KEY|private_key/.test(decoded)) found.push({ rule: 'private-key-base64', start, end });
  return Math.max(end, at + 1);
}

export const keyRules: readonly Rule[] = [
  {
    name: 'private-key',
    keywords: ['-----BEGIN ', '-----END ', '---- BEGIN ', '---- END '].map((text) => ({ text, exact: true })),
    source: [MARKER, GAP, GAP_CHARACTER, ARMOR, LINE_END, LONG_RUN, SHORT_RUN].map((r) => r.source).join(' '),
    find: findPem,
  },
  { name: 'private-key', keywords: [{ text: 'Private-Lines: ', exact: true }], source: PUTTY.source, find: findPutty },
  {
    name: 'private-key-base64',
    keywords: ENCODED.map((text) => ({ text, exact: true })),
    source: ENCODED.join(' '),
    find: findEncoded,
  },
];
