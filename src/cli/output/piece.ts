/**
 * Text on its way to the terminal. Style travels beside the text, never inside it: the printer cleans every piece and
 * adds the escape sequences itself, so that no foreign text can bring its own.
 */
export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

export interface Styled {
  text: string;
  style: Style;
}

export type Piece = string | Styled;
/** One line: its pieces in order. */
export type Line = Piece[];

export const bold = (text: string): Styled => ({ text, style: 'bold' });
export const dim = (text: string): Styled => ({ text, style: 'dim' });
export const green = (text: string): Styled => ({ text, style: 'green' });
export const yellow = (text: string): Styled => ({ text, style: 'yellow' });
export const red = (text: string): Styled => ({ text, style: 'red' });
export const cyan = (text: string): Styled => ({ text, style: 'cyan' });

export function textOf(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.text;
}
