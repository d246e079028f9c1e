/** What the section `answers` says. */
import type { Measured } from './answers.ts';
import { figure, megabytes, type Table, times } from './table.ts';
import type { Target } from './target.ts';

export function answersTables(measured: Measured): Table[] {
  const { bytes, lines, turns, first, indexMs, indexLoop, questions, floor, questionLoop, cpuMs, fresh, rss } =
    measured;
  const times3 = (name: string, { n, p50, p90, p99, max }: Measured['questions']): string[] => [
    name,
    String(n),
    ...[p50, p90, p99, max].map(figure),
    times(p50, floor.p50),
    times(p99, floor.p99),
  ];
  return [
    {
      title: '9. Answers: a question to its answer, ms',
      columns: ['', 'n', 'p50', 'p90', 'p99', 'max', 'p50 ÷ floor', 'p99 ÷ floor'],
      rows: [
        times3('floor: a request that does nothing', floor),
        times3('question, everything indexed', questions),
        times3('line written → answer with it', fresh),
      ],
      notes: [
        `A session of ${megabytes(bytes)} MB, ${lines} lines. Each question asks the owner's daemon for its newest lines first.`,
        `The first question after a start: ${figure(first.ms)} ms, ${first.searched} of ${turns} turns searched, the newest ${first.newest ? 'among them' : 'NOT among them'}.`,
      ],
    },
    {
      title: "10. Answers: the recipient's daemon",
      columns: ['', 's', 'loop p50', 'p99', 'p99.9', 'max', 'busy %'],
      rows: [
        ['first question → all indexed', figure(indexMs / 1000), ...loopCells(indexLoop)],
        ['questions', '', ...loopCells(questionLoop)],
      ],
      notes: [
        `Memory afterwards ${megabytes(rss.now)} MB, at its peak ${megabytes(rss.peak)} MB.`,
        `It computes ${figure(cpuMs)} ms for a question and a request of the floor. Questions are 30 ms apart.`,
      ],
    },
  ];
}

function loopCells({ p50, p99, p999, max, busy }: Measured['indexLoop']): string[] {
  return [p50, p99, p999, max, busy].map(figure);
}

export function answersTargets({ first, indexMs, indexLoop, questions, questionLoop, rss }: Measured): Target[] {
  return [
    {
      what: 'answers, the newest after a start',
      value: first.newest ? first.ms : Number.POSITIVE_INFINITY,
      atMost: 1000,
      unit: 'ms',
    },
    { what: 'answers, first index', value: indexMs / 1000, atMost: 10, unit: 's' },
    { what: 'answers, question p99', value: questions.p99, atMost: 25, unit: 'ms' },
    { what: 'answers, event loop p99.9 while indexing', value: indexLoop.p999, atMost: 50, unit: 'ms' },
    { what: 'answers, event loop p99.9 while answering', value: questionLoop.p999, atMost: 50, unit: 'ms' },
    { what: 'answers, memory at its peak', value: rss.peak === null ? null : rss.peak / 1e6, atMost: 500, unit: 'MB' },
  ];
}
