/** Reads a rendered answer as a program could that trusts only its form: the other half of what the renderer promises. */

export interface Parsed {
  head: string[];
  /** Headings with the lines of others below them, without their marks. */
  blocks: { heading: string; lines: string[] }[];
  foot: string[];
}

const OPEN = /^=== quoted data ([0-9a-f]{16,}): /;

/** @throws Error for what the renderer must never write */
export function parse(text: string): Parsed {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => OPEN.test(line));
  if (begin < 0) return { head: lines, blocks: [], foot: [] };
  const nonce = OPEN.exec(lines[begin] ?? '')?.[1];
  const end = lines.indexOf(`=== end of quoted data ${nonce} ===`);
  if (end < begin) throw new Error('no end of the quoted data');
  const fences = lines.filter((line) => line.startsWith('==='));
  if (fences.length !== 2) throw new Error(`${fences.length} fences`);
  const blocks: Parsed['blocks'] = [];
  for (const line of lines.slice(begin + 1, end)) {
    if (line.startsWith('|')) {
      if (line !== '|' && !line.startsWith('| ')) throw new Error(`a broken mark: ${line}`);
      blocks.at(-1)?.lines.push(line.slice(2));
    } else blocks.push({ heading: line, lines: [] });
  }
  const outside = [...lines.slice(0, begin), ...lines.slice(end + 1)];
  if (outside.some((line) => line.startsWith('|'))) throw new Error('a line of others outside of the fence');
  return { head: lines.slice(0, begin), blocks, foot: lines.slice(end + 1) };
}

/** What hides, reorders or controls; a line break and a tab are none. */
export const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Surrogate}/u;
