/** Passwords in the options of commands, and in the files that such commands read. */
import { isPlaceholder } from './placeholders.ts';
import type { Finding, Rule } from './rule.ts';
import { type Shape, shapeRule } from './shape.ts';

const shapes: readonly Shape[] = [
  {
    rule: 'command-password',
    keywords: ['sshpass', 'docker login', 'podman login', 'redis-cli'],
    pattern: /(?:sshpass|(?:docker|podman) login|redis-cli)(?: [^\n]{0,200}?)? -[pa] ?["']?([^\s"'-][^\s"']{2,256})/i,
  },
  {
    rule: 'command-password',
    keywords: ['mysql', 'mariadb'],
    pattern: /(?:mysql(?:dump|admin)?|mariadb)(?: [^\n]{0,200}?)? -p["']?([^\s"'-][^\s"']{2,256})/i,
  },
  { rule: 'command-password', keywords: ['-passin ', '-passout '], pattern: /-pass(?:in|out) pass:([^\s"']{1,256})/i },
  // .netrc: `machine host login name password secret`, on one line or on several.
  {
    rule: 'netrc',
    keywords: ['login'],
    pattern:
      /(?<=(?:machine\s{1,8}\S{1,253}|default)\s{1,40}(?:[+>|]|\d{1,6}[→:|])?\s{0,20})login\s{1,8}\S{1,128}\s{1,40}(?:[+>|]|\d{1,6}[→:|])?\s{0,20}(?:account\s{1,8}\S{1,128}\s{1,40})?password\s{1,8}([^\s"'`{}]{1,256})/,
  },
  {
    rule: 'netrc',
    keywords: ['password'],
    pattern: /(?<=machine\s{1,8}\S{1,253}\s{1,40}(?:[+>|]|\d{1,6}[→:|])?\s{0,20})password\s{1,8}([^\s"'`{}]{1,256})/,
  },
  // .pgpass: host:port:database:user:password, told by the usual ports or by the star.
  {
    rule: 'pgpass',
    keywords: [':5432:', ':5433:', ':5434:', ':6432:', ':*:'],
    pattern: /(?<=[\w.*-]):(?:\d{4}|\*):[^:\s]{1,64}:[^:\s*]{1,64}:((?:[^\s:\\"']|\\[:\\]){3,256})(?=[\s"'\\]|$)/,
  },
];

const CURL_USER =
  /[ \t'"](?:-u|-U|--user|--proxy-user)(?:[ \t]{1,4}|=)?["']?[^\s"':]{0,128}:((?<=["'][^\s"':]{0,128}:)[^\n"']{1,256}|[^\s"']{1,256})/dg;
const CURL_COOKIE = /[ \t](?:-b|--cookie)[ \t]{1,4}["']?([\w.-]{1,128}=[^\r\n"']{3,8192})/dg;
/** Up to the command's end: a line break without a backslash before it. */
const COMMAND = /[^\n]{0,4096}(?:(?<=\\\r?)\n[^\n]{0,1024}){0,16}/y;

/** `curl -u user:password -b name=value`, over continued lines. */
function findInCommand(text: string, at: number, found: Finding[]): number {
  COMMAND.lastIndex = at;
  const command = COMMAND.exec(text)?.[0] ?? '';
  for (const [rule, pattern] of [
    ['command-password', CURL_USER],
    ['cookie', CURL_COOKIE],
  ] as const) {
    for (const match of command.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      if (!isPlaceholder(command.slice(start, end))) found.push({ rule, start: at + start, end: at + end });
    }
  }
  return at + command.length;
}

export const commandRules: readonly Rule[] = [
  ...shapes.map(shapeRule),
  {
    name: 'command-password',
    keywords: [{ text: 'curl ' }, { text: 'wget ' }],
    source: [CURL_USER, CURL_COOKIE, COMMAND].map((r) => r.source).join(' '),
    find: findInCommand,
  },
];
