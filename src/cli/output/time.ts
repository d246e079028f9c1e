/** Times as people read them, for the terminal's faces. */
export { ago, span } from '../../platform/time-span.ts';
export { clockTime, day, until, when } from '../../platform/time-words.ts';
