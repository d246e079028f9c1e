/** Days that a question names: `yesterday`, `on Monday`, `2026-11-20`, `Nov 20`, `last week`, `in October`. */

/** Unix milliseconds: from, up to and without to. */
export type Span = readonly [from: number, to: number];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTH =
  '(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const DAY = '(sunday|monday|tuesday|wednesday|thursday|friday|saturday)';

interface Today {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

/** In the local time of this machine. Days run over the ends of months as they should. */
function span({ year, month, day }: Today, fromDays: number, toDays: number): Span {
  return [+new Date(year, month, day + fromDays), +new Date(year, month, day + toDays)];
}

type Reading = readonly [pattern: RegExp, read: (match: RegExpExecArray, today: Today) => Span | null];

const indexOf = (list: readonly string[], word = ''): number => list.indexOf(word.toLowerCase().slice(0, 3));

function monthDay(today: Today, month: number, day: number, year: string | undefined): Span | null {
  if (day < 1 || day > 31) return null;
  const at = { ...today, month, day, year: year === undefined ? today.year : Number(year) };
  // Without a year, the last one that was.
  const ahead =
    year === undefined && +new Date(at.year, month, day) > +new Date(today.year, today.month, today.day + 1);
  return span(ahead ? { ...at, year: at.year - 1 } : at, 0, 1);
}

const READINGS: readonly Reading[] = [
  [
    /\b(\d{4})-(\d{2})-(\d{2})\b/i,
    (m, today) => span({ ...today, year: Number(m[1]), month: Number(m[2]) - 1, day: Number(m[3]) }, 0, 1),
  ],
  [
    new RegExp(`\\b${MONTH}\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?\\b`, 'i'),
    (m, today) => monthDay(today, indexOf(MONTHS, m[1]), Number(m[2]), m[3]),
  ],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}(?:,? (\\d{4}))?\\b`, 'i'),
    (m, today) => monthDay(today, indexOf(MONTHS, m[2]), Number(m[1]), m[3]),
  ],
  [/\bday before yesterday\b/i, (_m, today) => span(today, -2, -1)],
  [/\byesterday\b/i, (_m, today) => span(today, -1, 0)],
  [/\b(?:today|this (?:morning|afternoon|evening)|tonight)\b/i, (_m, today) => span(today, 0, 1)],
  [/\blast week\b/i, (_m, today) => span(today, -((today.weekday + 6) % 7) - 7, -((today.weekday + 6) % 7))],
  [/\bthis week\b/i, (_m, today) => span(today, -((today.weekday + 6) % 7), 1)],
  [
    new RegExp(`\\b(?:on|last|since) ${DAY}\\b`, 'i'),
    (m, today) => {
      const back = (today.weekday - indexOf(DAYS, m[1]) + 7) % 7 || 7;
      return span(today, -back, 1 - back);
    },
  ],
  [
    new RegExp(`\\b(?:in|last) ${MONTH}(?: (\\d{4}))?\\b`, 'i'),
    (m, today) => {
      const month = indexOf(MONTHS, m[1]);
      const year = m[2] === undefined ? today.year - (month > today.month ? 1 : 0) : Number(m[2]);
      return [+new Date(year, month, 1), +new Date(year, month + 1, 1)];
    },
  ],
];

/**
 * @param now unix milliseconds
 * @returns the spans that are named, and the question without the words that name them
 */
export function spansIn(question: string, now: number): { spans: Span[]; rest: string } {
  const date = new Date(now);
  const today = { year: date.getFullYear(), month: date.getMonth(), day: date.getDate(), weekday: date.getDay() };
  const spans: Span[] = [];
  let rest = question;
  for (const [pattern, read] of READINGS) {
    const match = pattern.exec(rest);
    const found = match && read(match, today);
    if (!match || !found || found.some((at) => Number.isNaN(at))) continue;
    spans.push(found);
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
  }
  return { spans, rest };
}
