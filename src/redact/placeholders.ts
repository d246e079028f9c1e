/** Texts that stand where a secret would stand. */

/** One character again and again, also after a token's prefix: `xxxx`, `ghp_xxxxxxxx`, `****`. */
const FILLER = /^(?:[A-Za-z]{1,12}[_-]){0,3}(?:[xX]{4,}|\*{3,}|\.{3,}|…|•{3,}|#{3,}|-{3,}|_{3,}|0{6,})$/;
/** References and templates: $VAR, ${VAR}, $(cmd), %VAR%, %s, {{ var }}, {var}, <var>, @var@, #{var}, :var, [var]. */
const REFERENCE =
  /^(?:\$[A-Za-z_]\w{0,127}|\$[({].*|%[A-Za-z_]\w{0,127}%|%[\w.]{0,4}[sdvq]|\{.*\}|<[^<>]{0,80}>|\[[^[\]]{0,80}\]|@\w{1,128}@|#\{.*|:[a-z_:]{1,40})$/s;
const WORDS = /^(?:<?your|replace|insert)[A-Za-z]{0,8}[-_ ].{0,80}$|[-_ ](?:goes[-_ ])?here$/i;
/** The example keys of AWS's documentation end so, and nothing random does. */
const EXAMPLE = /EXAMPLE(?:KEY)?$/;

export const PLACEHOLDER_SOURCE = [FILLER, REFERENCE, WORDS, EXAMPLE].map((r) => r.source).join(' ');

/** True for what a person or a document writes in place of a secret. */
export function isPlaceholder(text: string): boolean {
  if (text.length > 512) return false;
  return FILLER.test(text) || REFERENCE.test(text) || WORDS.test(text) || EXAMPLE.test(text);
}
