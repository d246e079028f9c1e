/** Columns. */
import { printable } from '../../platform/printable.ts';
import { type Line, type Piece, textOf } from './piece.ts';
import { textWidth } from './width.ts';

const GAP = '  ';

/** Rows of cells as lines with aligned columns; the last cell of a row is as long as it is. */
export function table(rows: readonly (readonly Piece[])[], options: { indent?: number } = {}): Line[] {
  const clean = rows.map((row) => row.map((cell) => cleaned(cell)));
  const widths: number[] = [];
  for (const row of clean) {
    row.slice(0, -1).forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, textWidth(textOf(cell)))));
  }
  const indent = ' '.repeat(options.indent ?? 0);
  return clean.map((row) => {
    const line: Line = [indent];
    row.forEach((cell, i) => {
      line.push(cell);
      if (i < row.length - 1) line.push(' '.repeat((widths[i] ?? 0) - textWidth(textOf(cell))) + GAP);
    });
    return line;
  });
}

/** As the printer will show it, so that the widths are right. */
function cleaned(cell: Piece): Piece {
  return typeof cell === 'string' ? printable(cell) : { ...cell, text: printable(cell.text) };
}
