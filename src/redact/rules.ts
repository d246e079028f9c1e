/** All rules, in order of preference where two find the same text, and the version of the set. */
import { createHash } from 'node:crypto';
import { RANDOMNESS_SOURCE } from './entropy.ts';
import { PLACEHOLDER_SOURCE } from './placeholders.ts';
import { assignmentRules } from './rules-assignments.ts';
import { cloudFormats } from './rules-cloud.ts';
import { codeHostFormats } from './rules-code-hosts.ts';
import { commandRules } from './rules-commands.ts';
import { keyRules } from './rules-keys.ts';
import { serviceFormats } from './rules-services.ts';
import { webRules } from './rules-web.ts';
import { tokenRule, type Rule } from './rule.ts';
import { VIEWS_SOURCE } from './views.ts';

export const rules: readonly Rule[] = [
  ...keyRules,
  ...[...codeHostFormats, ...cloudFormats, ...serviceFormats].map(tokenRule),
  ...webRules,
  ...commandRules,
  ...assignmentRules,
];

/** Raise it with a change of behaviour that is in code and not in a rule's source. */
const ENGINE_REVISION = 1;

/** Versions of a list of rules: changes with every name, keyword and expression. 16 hex characters. */
export function versionOf(list: readonly Pick<Rule, 'name' | 'keywords' | 'source'>[]): string {
  const content = list.map((rule) => [
    rule.name,
    rule.source,
    ...rule.keywords.map((k) => `${k.text}/${k.exact ?? false}`),
  ]);
  const all = JSON.stringify([ENGINE_REVISION, PLACEHOLDER_SOURCE, RANDOMNESS_SOURCE, VIEWS_SOURCE, content]);
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}

/** Names the rule set: text redacted under another version must be redacted again from its source. */
export const REDACTION_RULES_VERSION: string = versionOf(rules);
