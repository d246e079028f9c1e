/**
 * Edits of JSON as text: what is added and taken out is all that changes. Every other byte stays where and as it was:
 * indentation, line ends, the order of keys, numbers as they were written. JSON as JSON.parse has it, without comments.
 */
import { type Node, parseTree } from 'jsonc-parser';

export type { Node } from 'jsonc-parser';

/** In the place of `length` characters from `offset`. Edits of one text never overlap. */
export interface Edit {
  offset: number;
  length: number;
  content: string;
}

/** Something that is appended: to an object with its key, to an array without. */
export interface Item {
  key?: string;
  value: unknown;
}

/** @throws SyntaxError as JSON.parse throws it; RangeError for what is nested beyond reason */
export function parseText(text: string): Node {
  // The judge: the parser of offsets is more lenient.
  JSON.parse(text);
  const root = parseTree(text);
  if (!root) throw new SyntaxError('nothing is there');
  return root;
}

/** The property (its key and its value) of that name; of several the last, which is the one that counts. */
export function propertyOf(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== 'object') return undefined;
  return object.children?.findLast(({ children }) => children?.[0]?.value === key);
}

export function valueOf(object: Node | undefined, key: string): Node | undefined {
  return propertyOf(object, key)?.children?.[1];
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { offset, length, content } of [...edits].sort((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + content + result.slice(offset + length);
  }
  return result;
}

const endOf = ({ offset, length }: Node): number => offset + length;
/** What separates a node from the one before it: on a line of its own the line's end and indentation, else the spaces. */
function gapBefore(text: string, { offset }: Node): string {
  let from = offset;
  while (from > 0 && ' \t\r\n'.includes(text[from - 1] ?? '')) from--;
  return /\r?\n[ \t]*$/.exec(text.slice(from, offset))?.[0] ?? text.slice(from, offset);
}

/** Puts `items` behind what the object or array holds, laid out as what it holds already. */
export function append(text: string, container: Node, items: readonly Item[]): Edit {
  const last = container.children?.at(-1);
  const unit = indentUnit(text);
  if (last) {
    const gap = gapBefore(text, last);
    const content = items.map((item) => `,${gap}${render(item, gap.includes('\n') ? { gap, unit } : null)}`).join('');
    return { offset: endOf(last), length: 0, content };
  }
  const inside = { offset: container.offset + 1, length: container.length - 2 };
  if (container.parent && !text.includes('\n')) {
    return { ...inside, content: items.map((item) => render(item, null)).join(',') };
  }
  const outer = lineEnd(text) + lineIndent(text, container.offset);
  const gap = outer + unit;
  return { ...inside, content: `${items.map((item) => gap + render(item, { gap, unit })).join(',')}${outer}` };
}

/** Puts `value` in the place of another, laid out as it is. */
export function replace(text: string, { offset, length }: Node, value: unknown): Edit {
  const gap = text.slice(offset, offset + length).includes('\n') ? lineEnd(text) + lineIndent(text, offset) : null;
  return { offset, length, content: render({ value }, gap === null ? null : { gap, unit: indentUnit(text) }) };
}

/** @param layout null: all on one line. gap: line end and indentation of the line that it stands on */
function render({ key, value }: Item, layout: { gap: string; unit: string } | null): string {
  const json = layout ? JSON.stringify(value, null, layout.unit).replaceAll('\n', layout.gap) : JSON.stringify(value);
  return key === undefined ? json : `${JSON.stringify(key)}:${layout ? ' ' : ''}${json}`;
}

function lineEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** What one level is indented by: as the first line that is; two spaces when nothing tells. */
function indentUnit(text: string): string {
  return /[{[]\r?\n([ \t]{1,10})(?=["{[\d])/.exec(text)?.[1] ?? '  ';
}

function lineIndent(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/**
 * Takes nodes out, each with the comma that it came with, and with them what holds nothing any more. The root stays.
 * @param doomed elements of arrays, or properties
 */
export function remove(doomed: Iterable<Node>): Edit[] {
  const gone = new Set<Node>();
  const holders = new Set<Node>();
  for (const node of doomed) {
    gone.add(node);
    let at = node;
    for (let parent = at.parent; parent; parent = at.parent) {
      const empty = parent.type === 'property' || parent.children?.every((child) => gone.has(child));
      if (empty !== true || (!parent.parent && parent.type !== 'property')) break;
      gone.add(parent);
      at = parent;
    }
  }
  for (const { parent } of gone) if (parent && !gone.has(parent)) holders.add(parent);
  return [...holders].flatMap((holder) => cuts(holder, gone));
}

/** One edit for each run of children that go. */
function cuts(holder: Node, gone: ReadonlySet<Node>): Edit[] {
  const children = holder.children ?? [];
  const edits: Edit[] = [];
  for (let from = 0; from < children.length; from++) {
    if (!gone.has(children[from] as Node)) continue;
    let next = from;
    while (next < children.length && gone.has(children[next] as Node)) next++;
    const [before, last, after] = [children[from - 1], children[next - 1], children[next]];
    const start = before ? endOf(before) : after ? (children[from] as Node).offset : holder.offset + 1;
    const end = before ? endOf(last as Node) : after ? after.offset : endOf(holder) - 1;
    edits.push({ offset: start, length: end - start, content: '' });
    from = next;
  }
  return edits;
}
