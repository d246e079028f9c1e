/** The forms in which a transcript can hold a text. */

export interface Encoding {
  wrap(text: string): string;
  /** For tokens only: the form puts the text inside a line or a syntax of its own. */
  inline?: boolean;
}

const lines = (text: string, each: (line: string, i: number) => string): string =>
  text.split('\n').map(each).join('\n');
const nested = (text: string): string => JSON.stringify({ output: `$ cat .env\nA=1\n${text}\nB=2\n`, exit: 0 });

export const encodings: Readonly<Record<string, Encoding>> = {
  bare: { wrap: (t) => t },
  'in a sentence': { wrap: (t) => `see ${t} here`, inline: true },
  'env line': { wrap: (t) => `A=1\nVALUE=${t}\nB=2`, inline: true },
  'shell export': { wrap: (t) => `export VALUE="${t}"`, inline: true },
  'curl header': { wrap: (t) => `curl -H 'X-Thing: ${t}' https://example.com`, inline: true },
  'in a URL': { wrap: (t) => `https://example.com/cb?v=${encodeURIComponent(t)}&n=1`, inline: true },
  'yaml value': { wrap: (t) => `items:\n  - value: ${t}\n  - other: 1\n`, inline: true },
  'tool output': { wrap: (t) => `$ cat file\n${t}\n$ ` },
  'JSON once': { wrap: nested },
  'JSON twice': { wrap: (t) => JSON.stringify({ line: nested(t) }) },
  'JSON three times': { wrap: (t) => JSON.stringify([JSON.stringify({ line: nested(t) })]) },
  'percent-encoded': { wrap: (t) => `body=${encodeURIComponent(`A=1\n${t}\nB=2`)}` },
  'markdown fence': { wrap: (t) => `Try:\n\n\`\`\`sh\n${t}\n\`\`\`\nthen go on.` },
  coloured: { wrap: (t) => lines(t, (line) => `\u001b[1;32m${line}\u001b[0m`) },
  'coloured inside': {
    wrap: (t) => `\u001b[31m${t.slice(0, 2)}\u001b[0m${t.slice(2, 9)}\u001b[m\u001b[K${t.slice(9)}`,
  },
  'coloured in JSON': { wrap: (t) => JSON.stringify({ out: lines(t, (line) => `\u001b[32m${line}\u001b[0m`) }) },
  'added in a diff': { wrap: (t) => `@@ -1,2 +1,3 @@\n a\n${lines(t, (line) => `+${line}`)}\n b` },
  'removed in a diff': { wrap: (t) => `@@ -1,3 +1,2 @@\n a\n${lines(t, (line) => `-${line}`)}\n b` },
  'with line numbers': { wrap: (t) => lines(t, (line, i) => `${String(i + 1).padStart(6)}→${line}`) },
  CRLF: { wrap: (t) => `A=1\n${t}\nB=2\n`.replaceAll('\n', '\r\n') },
  'behind long text': { wrap: (t) => `${'lorem ipsum dolor sit amet '.repeat(400)}\n${t}\n` },
};

/** Every form in which a secret could still be there. */
export function formsOf(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, once, JSON.stringify(once).slice(1, -1), encodeURIComponent(secret)])];
}
