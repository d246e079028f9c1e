/**
 * Enough of a shell's grammar to find the words of a command line. It leans to finding too much: what is quoted,
 * substituted or nested is looked into as well, because here a missed word would let a teammate's text out.
 */

/** One simple command: what stands between separators, with its words unquoted. */
export type SimpleCommand = string[];

const SEPARATORS = new Set([';', '|', '&', '\n', '\r', '(', ')', '`']);
const BLANKS = new Set([' ', '\t']);

/**
 * Splits a command line into simple commands. Quotes and backslashes are taken out of the words; a command
 * substitution, also one inside double quotes, is a simple command of its own. Never throws, whatever the text.
 */
export function simpleCommands(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: SimpleCommand = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;

  const endWord = (): void => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };

  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quote === "'") {
      if (c === "'") quote = null;
      else word = (word ?? '') + c;
    } else if (c === '\\') {
      // A backslash before a line break joins the lines; before anything else it only takes away its meaning.
      const next = line.charAt(++i);
      if (next !== '\n') word = (word ?? '') + next;
    } else if (c === '`' || (c === '$' && line.charAt(i + 1) === '(')) {
      // The quote, if one was open, is forgotten: what follows is then read as code, never the other way round.
      quote = null;
      endCommand();
    } else if (quote === '"') {
      if (c === '"') quote = null;
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (BLANKS.has(c)) {
      endWord();
    } else if (SEPARATORS.has(c)) {
      endCommand();
    } else {
      word = (word ?? '') + c;
    }
  }
  endCommand();
  return commands;
}
