/**
 * Facts to plant in transcripts and questions that ask for them, of the kinds that teammates ask. Each kind has several
 * templates, and what is like a fact but none stands around it: the same words about another thing, or the same thing
 * with other words.
 */
import { type Subject, Subjects } from './subjects.ts';

export const KINDS = ['exact', 'split', 'paraphrased', 'superseded', 'why', 'dated', 'who'] as const;
export type Kind = (typeof KINDS)[number];

/** Who says it: the person, Claude, or the output of a tool. */
export type Speaker = 'prompt' | 'reply' | 'output';

/** Turns that follow one another. */
export interface Planted {
  /** Whose session, and of how many days ago. */
  person: number;
  daysAgo: number;
  /** Where in the session, 0 to 1. */
  part: number;
  turns: readonly (readonly [Speaker, string])[];
}

export interface Fact {
  kind: Kind;
  question: string;
  /** What an answer must hold. */
  gold: string;
  /** Of whom; null: whoever says it. */
  person: number | null;
  planted: Planted[];
}

export const PEOPLE = ['marie', 'bob', 'ada'] as const;
export const DAYS = 3;

type Make = (s: Subjects, about: Subject) => Omit<Fact, 'kind'>;

function anywhere(s: Subjects, turns: Planted['turns']): Planted {
  return { person: s.between(0, PEOPLE.length), daysAgo: s.between(0, DAYS), part: s.part(), turns };
}

const fact = (
  question: string,
  gold: string,
  planted: Planted[],
  person: number | null = null,
): Omit<Fact, 'kind'> => ({
  question,
  gold,
  person,
  planted,
});

const camel = ({ first, second }: Subject): string => `${first}${second[0]?.toUpperCase()}${second.slice(1)}`;
const snake = ({ first, second }: Subject): string => `${first}_${second}`;
const upper = (about: Subject): string => snake(about).toUpperCase();

const exact: Make = (s, about) => {
  const value = s.between(1000, 99_999);
  const path = `src/${about.first}/${about.second}.ts`;
  const [gold, question] = s.pick([
    [`${upper(about)}_MS=${value}`, `what is ${upper(about)}_MS set to?`],
    [`const ${camel(about)}Max = ${value};`, `which value has ${camel(about)}Max?`],
    [`error E_${upper(about)}: row ${value} is locked`, `where did E_${upper(about)} come up?`],
    [`${path}:${value}:7 - error TS2345`, `what was wrong in ${path}?`],
  ] as const);
  const like = `The value of the ${about.words} is set somewhere, and what it is set to came up before.`;
  return fact(question, gold, [anywhere(s, [['output', gold]]), anywhere(s, [['reply', like]])]);
};

const split: Make = (s, about) => {
  const value = s.between(1000, 99_999);
  const [gold, question] = s.pick([
    [`  ${camel(about)}Window: ${value},`, `how large is the window of the ${about.words}?`],
    [`${snake(about)}_limit = ${value}`, `what is the limit of the ${about.words}?`],
    [`ALTER TABLE ${snake(about)} ADD COLUMN seen_${value} int`, `which column was added to the ${about.words} table?`],
    [`We raise the ${about.words} limit to ${value}.`, `what is ${camel(about)}Limit now?`],
  ] as const);
  const like = `How large is the window, and what is the limit of the ${about.second} table?`;
  return fact(question, gold, [
    anywhere(s, [[s.pick(['output', 'reply'] as const), gold]]),
    anywhere(s, [['prompt', like]]),
  ]);
};

const paraphrased: Make = (s, about) => {
  const value = s.between(10, 99);
  const [gold, question] = s.pick([
    [
      `Let's go with ${value} shards for the ${about.words}, that is plenty.`,
      `how did they decide to partition the ${about.words}, how many pieces?`,
    ],
    [
      `The ${about.words} keeps falling over since the upgrade to version ${value}, the pool runs dry.`,
      `what broke the ${about.words}, which release caused the outage?`,
    ],
    [
      `I put the credentials of the ${about.words} into vault number ${value}.`,
      `where are the secrets for the ${about.words} stored?`,
    ],
    [
      `Customers complain that the ${about.words} needs ${value} seconds to answer.`,
      `is the ${about.words} slow, what latency do users see?`,
    ],
  ] as const);
  const like = s.pick([
    `How many pieces of the ${about.first} did they decide to keep, and where are they stored?`,
    `Users see the outage of the ${about.second}, what caused the slow release?`,
  ]);
  return fact(question, gold, [
    anywhere(s, [[s.pick(['prompt', 'reply'] as const), gold]]),
    anywhere(s, [['reply', like]]),
  ]);
};

/** The same thing is decided two or three times; the last one holds. */
const superseded: Make = (s, about) => {
  const values = Array.from({ length: s.between(2, 4) }, (_, i) => (i + 1) * 100 + s.between(0, 99));
  const [say, question] = s.pick([
    [
      (value: number) => `The ${about.words} timeout is ${value} seconds from here on.`,
      `what is the ${about.words} timeout now?`,
    ],
    [
      (value: number) => `Decided: we keep ${value} rows in the ${about.words}.`,
      `how many rows does the ${about.words} currently keep?`,
    ],
    [
      (value: number) => `For the ${about.words} we use port ${value}, please remember.`,
      `what is the latest port of the ${about.words}?`,
    ],
  ] as const);
  const person = s.between(0, PEOPLE.length);
  const daysAgo = s.between(0, DAYS);
  const parts = values.map(() => s.part()).toSorted((a, b) => a - b);
  // Either all in one session, or one each day.
  const spread = s.part() < 0.5 && values.length <= DAYS;
  const planted = values.map((value, i): Planted => ({
    person,
    daysAgo: spread ? values.length - 1 - i : daysAgo,
    part: parts[i] ?? 0,
    turns: [[s.pick(['prompt', 'reply'] as const), say(value)]],
  }));
  return fact(question, say(values.at(-1) ?? 0), planted);
};

/** The reason stands in a turn that does not say what it is the reason of. */
const why: Make = (s, about) => {
  const other = s.pick(['Kafka', 'Redis', 'DynamoDB', 'RabbitMQ', 'Cassandra', 'Elastic']);
  const own = s.pick(['Postgres', 'SQLite', 'NATS', 'ClickHouse']);
  const days = s.between(10, 99);
  const gold = s.pick([
    `Nobody here has run the alternative in production, and it took ${days} days to learn it the last time.`,
    `The other one loses what is in flight at a restart; we were bitten by that ${days} times.`,
    `It comes with the licence that legal has signed, number ${days}.`,
  ]);
  const turns = s.pick([
    [
      ['prompt', `Shall we take ${own} or ${other} for the ${about.words}?`],
      ['reply', `${own}.`],
      ['prompt', 'Go on, tell me more.'],
      ['reply', gold],
    ],
    [
      ['prompt', `We go with ${own} instead of ${other} for the ${about.words}.`],
      ['prompt', gold],
    ],
    [
      ['reply', `So for the ${about.words} it will be ${own}.`],
      ['prompt', 'How come?'],
      ['reply', gold],
    ],
  ] as const);
  return fact(`why did they choose ${own} for the ${about.words}?`, gold, [
    anywhere(s, turns),
    anywhere(s, [['reply', `Why would anybody choose ${own}? Because they like the ${about.second}.`]]),
    anywhere(s, [['output', `chosen for the ${about.first}: ${own} (because of the default)`]]),
  ]);
};

/** The same is said every day, with another value. */
const dated: Make = (s, about) => {
  const person = s.between(0, PEOPLE.length);
  const values = Array.from({ length: DAYS }, (_, i) => (i + 1) * 100 + s.between(0, 99));
  const [daysAgo, when] = s.pick([
    [0, 'today'],
    [1, 'yesterday'],
  ] as const);
  const say = (value = 0): string => `The ${about.words} had ${value} failures in the run.`;
  const planted = values.map((value, day): Planted => ({
    person,
    daysAgo: day,
    part: s.part(),
    turns: [['reply', say(value)]],
  }));
  return fact(`how many failures had the ${about.words} ${when}?`, say(values[daysAgo]), planted);
};

/** One has worked on it in several places; others have mentioned it. */
const who: Make = (s, about) => {
  const person = s.between(0, PEOPLE.length);
  const value = s.between(1000, 9999);
  const said = s.pick([
    `I rewrote the ${about.words} from scratch, commit ${value}.`,
    `The ${about.words} is mine, I keep it running, page me at ${value}.`,
  ]);
  const by = (one: number, text: string, speaker: Speaker = 'prompt'): Planted => ({
    ...anywhere(s, [[speaker, text]]),
    person: one,
  });
  const others = PEOPLE.map((_, i) => i).filter((i) => i !== person);
  return fact(
    s.pick([`who knows about the ${about.words}?`, `who has worked on the ${about.words}?`]),
    about.words,
    [
      by(person, said),
      by(person, `Now the ${about.words} passes all of its checks again.`, 'reply'),
      ...others.map((one) => by(one, `No idea who touches the ${about.second} these days, not me.`)),
    ],
    person,
  );
};

const MAKERS: Readonly<Record<Kind, Make>> = { exact, split, paraphrased, superseded, why, dated, who };

/** So many of each kind. */
export function makeFacts(random: () => number, each: number): Fact[] {
  const subjects = new Subjects(random);
  return KINDS.flatMap((kind) =>
    Array.from({ length: each }, () => ({ kind, ...MAKERS[kind](subjects, subjects.next()) })),
  );
}
