/** Text tables, and how numbers stand in them. */

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
  /** What one has to know to read it. */
  notes: string[];
}

/** A null is something that this system does not tell. */
export const NOTHING = '-';

/** Three significant digits, without an exponent. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** How many times as much as its floor. */
export function times(value: number | null, floor: number | null): string {
  if (value === null || floor === null || !(floor > 0)) return NOTHING;
  return `${figure(value / floor)} ×`;
}

export function megabytes(bytes: number | null): string {
  return figure(bytes === null ? null : bytes / 1e6);
}

export function renderTable({ title, columns, rows, notes }: Table): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]): string =>
    widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const below = notes.map((note) => `  ${note}`);
  return [title, '', ...[columns, ...rows].map((r) => line(r).trimEnd()).toSpliced(1, 0, rule), ...below, ''].join(
    '\n',
  );
}

/** The same for a document. */
export function renderMarkdown({ title, columns, rows, notes }: Table): string {
  const line = (cells: string[]): string => `| ${columns.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  const rule = line(columns.map((_, i) => (i === 0 ? '---' : '--:')));
  return [`### ${title}`, '', line(columns), rule, ...rows.map(line), '', notes.join(' '), ''].join('\n');
}
