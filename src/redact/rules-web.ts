/** Credentials in URLs, in HTTP headers, in cookies. */
import type { Rule } from './rule.ts';
import { type Shape, shapeRule } from './shape.ts';

/** Case-insensitive concatenation of the sources of parts. */
function join(...parts: readonly (RegExp | string)[]): RegExp {
  return new RegExp(parts.map((part) => (typeof part === 'string' ? part : part.source)).join(''), 'i');
}

/** Between a header's name and its value: `: `, `: "`, `=`, `=>`, or the comma between two strings. */
const GAP =
  /(?:["'`]\]?[ \t]{0,4},[ \t]{0,4}\[?["'`]|["'`]?\]?[ \t]{0,4}(?:[:=]|=>)[ \t]{0,4}\[?(?:[fbru]{0,2}["'`])?)[ \t]{0,2}/;
const SCHEME = /(?:Bearer|Basic|Token|Negotiate|NTLM|Api-?Key|GenieKey|Bot|JWT|SSWS|Splunk|OAuth(?! \w{1,40}=))/;
const COOKIE_NAME = /[\w.$%!#&*+^|~-]{1,128}=/;

const shapes: readonly Shape[] = [
  // The password of `scheme://user:password@host`, up to the last @ of the authority.
  {
    rule: 'url-password',
    keywords: ['://'],
    pattern: /:\/\/[^\s/?#"'`<>:@]{0,128}:([^\s/?#"'`<>]{1,256})@(?=[\w[.%$({-])/,
  },
  // Passwords whose / ? # was not encoded; a port and a path would begin with digits.
  {
    rule: 'url-password',
    keywords: ['://'],
    pattern: /:\/\/[^\s/?#"'`<>:@]{1,128}:(?!\d{0,5}[/?#])([^\s"'`<>@:,(){}]{1,128})@(?=[\w[.-]{2})/,
  },
  // A token in place of the user's name.
  {
    rule: 'url-token',
    keywords: ['://'],
    pattern: /:\/\/([A-Za-z0-9_.~%-]{20,256})(?::x-oauth-basic|:)?@(?=[\w[])/,
    accept: 'random',
  },
  // Authorization and Proxy-Authorization, with a scheme.
  {
    rule: 'authorization',
    keywords: ['authorization'],
    pattern: join(/authorization/, GAP, SCHEME, /[ \t:]{1,4}(?:token=)?["']?([^\s"'`<>,;\\({[][^\s"'`<>,;\\]{3,512})/),
    accept: 'not one word',
  },
  // Without one.
  {
    rule: 'authorization',
    keywords: ['authorization'],
    pattern: join(/authorization/, GAP, '(?!', SCHEME, '\\b)', /([^\s"'`<>,;()\\]{8,160})(?![(.])/),
    accept: 'weak value',
  },
  { rule: 'authorization', keywords: ['bearer '], pattern: /bearer ([\w.~+/=-]{16,512})/i, accept: 'random' },
  // The whole of what the browser sends; of what the server sets, the value.
  {
    rule: 'cookie',
    keywords: ['cookie'],
    pattern: join(/(?<!set-)cookie/, GAP, '(', COOKIE_NAME, '[^\\r\\n"\'`\\\\]{3,8192})'),
  },
  {
    rule: 'cookie',
    keywords: ['set-cookie'],
    pattern: join(/set-cookie2?/, GAP, COOKIE_NAME, /([^\r\n"'`\\;]{3,8192})/),
  },
];

export const webRules: readonly Rule[] = shapes.map(shapeRule);
