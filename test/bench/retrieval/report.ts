/** The scores as tables. */
import { figure, type Table, times } from '../table.ts';
import { KINDS } from './facts.ts';
import type { Recall, Score } from './score.ts';

export function tables(scores: readonly Score[]): Table[] {
  return [recallTable(scores), timeTable(scores)];
}

function recallTable(scores: readonly Score[]): Table {
  const percent = (part: number): string => (100 * part).toFixed(1);
  const row = (engine: string, kind: string, { n, at1, at5, at10, inBudget }: Recall): string[] => [
    engine,
    kind,
    String(n),
    ...[at1, at5, at10, inBudget].map(percent),
  ];
  return {
    title: 'Recall, percent of the questions',
    columns: ['', 'kind', 'n', '@1', '@5', '@10', 'in budget'],
    rows: scores.flatMap((score) => [
      ...KINDS.map((kind) => row(score.engine, kind, score.kinds[kind])),
      row(score.engine, 'all', score.all),
    ]),
    notes: [
      '@k: the fact itself stands in one of the k first results: excerpts here, pieces of the floors. In budget: it stands in',
      'an answer of 6,000 tokens. superseded: only the decision that holds counts. why: only the reason. who: only whose it is.',
    ],
  };
}

function timeTable(scores: readonly Score[]): Table {
  const [own] = scores;
  return {
    title: 'Time',
    columns: ['', 'first index, s', 'question p50, ms', 'p99, ms', 'index ×', 'p50 ×', 'p99 ×'],
    rows: scores.map(({ engine, indexMs, ms }) => [
      engine,
      figure(indexMs / 1000),
      figure(ms.p50),
      figure(ms.p99),
      ...(own ? [times(indexMs, own.indexMs), times(ms.p50, own.ms.p50), times(ms.p99, own.ms.p99)] : []),
    ]),
    notes: [
      '×: as a multiple of the first line. In one process, without network and daemon; those: npm run bench -- --only answers.',
    ],
  };
}
