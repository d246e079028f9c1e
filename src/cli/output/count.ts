/** Numbers with their words, for the terminal's faces. */
export { amount, count, maskedText, percent, thousands } from '../../platform/count-words.ts';
