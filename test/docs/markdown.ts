/** Reading the documents, for the tests that hold them to the code. */
import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Every document of the project, by its path from the root. */
export function documents(): string[] {
  const inDocs = fs
    .readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => /\.(?:md|txt)$/.test(name))
    .map((name) => `docs/${name}`);
  return ['README.md', 'CONTRIBUTING.md', 'LICENSE', ...inDocs.toSorted()];
}

/** The text of a document, by its path from the root. */
export function textOf(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), 'utf8');
}

/** Without what stands in fenced blocks: there a `|` or a `[` is no markup. */
export function proseOf(document: string): string {
  return textOf(document).replaceAll(/^```[\s\S]*?^```$/gm, '');
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));

/** The rows of all tables in docs/<name> whose header begins with these columns: cells without backticks. */
export function rowsOf(name: string, ...columns: string[]): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of proseOf(`docs/${name}`).split('\n')) {
    if (!line.startsWith('|')) inside = false;
    else if (inside) {
      if (!/^\|[\s:|-]+$/.test(line)) rows.push(cellsOf(line));
    } else inside = columns.every((column, i) => cellsOf(line)[i] === column);
  }
  return rows;
}

/** Slugs of the headings, as GitHub makes them. */
export function anchorsOf(document: string): Set<string> {
  const headings = proseOf(document).matchAll(/^#{1,6} (.+)$/gm);
  return new Set([...headings].map(([, title = '']) => slug(title)));
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
