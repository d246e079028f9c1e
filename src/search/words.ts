/** Words that say nothing of what is asked, and light stemming of English ones. */

const STOP_WORDS = new Set(
  (
    'a about after all also am an and any are as at be been being but by can could did do does doing for from get got had ' +
    'has have having he her here him his how i if in into is it its just like many me more most much my no nor not of on or our out over ' +
    'please she should so some such tell than that the their them then there these they this those to too up us was we ' +
    'were what when where which while who whom why will with would you your'
  ).split(' '),
);

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

const VOWEL = /[aeiouy]/;
const PLAIN = /^[a-z]+$/;

/** `decides`, `decided`, `deciding` and `decide` are one term. Words of other scripts, and short ones, stay as they are. */
export function stem(word: string): string {
  if (word.length < 4 || !PLAIN.test(word)) return word;
  const single = withoutPlural(word);
  const root = withoutEnding(single);
  return root.length > 4 && root.endsWith('e') ? root.slice(0, -1) : root;
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('sses')) return word.slice(0, -2);
  return /[^siu]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutEnding(word: string): string {
  for (const ending of ['ing', 'ed']) {
    if (!word.endsWith(ending)) continue;
    const root = word.slice(0, -ending.length);
    if (root.length < 3 || !VOWEL.test(root)) return word;
    // planned, planning: plan. Not of words that end so anyway: call, pass, buzz.
    const doubled = root.at(-1) === root.at(-2) && !/[lsz]$/.test(root);
    return doubled ? root.slice(0, -1) : root;
  }
  return word;
}
