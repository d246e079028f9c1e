/** Long lines on a terminal. */
import { characterWidth } from '../output/width.ts';

const TAB = '    ';
/** On a narrower terminal nothing is readable anyway, and wrapping must go forward. */
const NARROWEST = 8;

/** One line as rows of at most `columns` columns, broken at a space where there is one. */
export function wrap(line: string, columns: number): string[] {
  const limit = Math.max(columns, NARROWEST);
  const rows: string[] = [];
  let row = '';
  let width = 0;
  /** Where the row can be broken: its length up to and with its last space, and the columns up to there. */
  let breakAt = 0;
  let breakWidth = 0;
  for (const character of line.replaceAll('\t', TAB)) {
    const step = characterWidth(character);
    if (width + step > limit) {
      const cut = breakAt > 0 ? breakAt : row.length;
      rows.push(row.slice(0, cut).trimEnd());
      width -= breakAt > 0 ? breakWidth : width;
      row = row.slice(cut);
      breakAt = 0;
      breakWidth = 0;
    }
    row += character;
    width += step;
    if (character === ' ' && row.trim() !== '') {
      breakAt = row.length;
      breakWidth = width;
    }
  }
  rows.push(row);
  return rows;
}
