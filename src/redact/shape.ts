/** Rules that are one bounded expression around a secret, and a test of what stands in its first group. */
import { isAssignedSecret } from './assigned-values.ts';
import { looksRandom } from './entropy.ts';
import { isPlaceholder } from './placeholders.ts';
import type { Rule } from './rule.ts';

/** Tests of a secret, by name: the name is part of the rule's version. */
const accept = {
  any: () => true,
  random: looksRandom,
  /** `Bearer token` in prose is no secret, `Bearer hunter2` may be one. */
  'not one word': (secret: string) => !/^[a-z]{1,16}$|^[A-Z_]{1,24}$/.test(secret),
  'weak value': (secret: string) =>
    isAssignedSecret('weak', secret, { quoted: false, env: false, lineEnd: false, tight: true }),
} as const;

/** At least this much of a secret is judged; what is longer is masked to the end of its run. */
const JUDGED_MAX = 160;
const RUN_END = /[\s"'`<>,;\\]/;

export interface Shape {
  rule: string;
  /** Compared without case; the expression starts where the keyword starts. */
  keywords: readonly string[];
  pattern: RegExp;
  accept?: keyof typeof accept;
}

/** Makes a rule of a shape. */
export function shapeRule(shape: Shape): Rule {
  const sticky = new RegExp(shape.pattern.source, `d${shape.pattern.flags}y`);
  const test = shape.accept ?? 'any';
  return {
    name: shape.rule,
    keywords: shape.keywords.map((text) => ({ text })),
    source: `${shape.pattern.source} ${shape.pattern.flags} ${test}`,
    find(text, at, found) {
      sticky.lastIndex = at;
      const range = sticky.exec(text)?.indices?.[1];
      if (!range) return 0;
      const secret = text.slice(...range);
      if (isPlaceholder(secret) || !accept[test](secret)) return 0;
      let end = range[1];
      if (secret.length >= JUDGED_MAX) while (end < text.length && !RUN_END.test(text.charAt(end))) end++;
      found.push({ rule: shape.rule, start: range[0], end });
      return end;
    },
  };
}
