/** What a figure is meant to be, and whether it is: said beside every figure that has a target, and never left out. */
import { figure, type Table } from './table.ts';

export interface Target {
  what: string;
  /** As measured; null where this system does not tell. */
  value: number | null;
  atMost: number;
  unit: string;
}

/** How much more than linear still counts as linear: these are single runs on a machine that does other things, too. */
const LINEAR_TOLERANCE = 1.25;

/** A target for growth: the cost of the larger amount is at most that of the smaller, times as much as there is more. */
export function linear(
  what: string,
  unit: string,
  small: { amount: number; cost: number },
  large: { amount: number; cost: number },
): Target {
  const atMost = small.cost * (large.amount / small.amount) * LINEAR_TOLERANCE;
  const value = Number.isFinite(large.cost) ? large.cost : null;
  return { what: `${what}: ${large.amount} against ${small.amount}, linear`, value, atMost, unit };
}

export function targetTable(targets: Target[]): Table {
  return {
    title: 'Targets',
    columns: ['', 'measured', 'at most', 'unit', 'verdict'],
    rows: targets.map(({ what, value, atMost, unit }) => [
      what,
      figure(value),
      figure(atMost),
      unit,
      value === null ? 'not measured' : value <= atMost ? 'met' : 'NOT MET',
    ]),
    notes: [
      `"linear": the cost of the smaller amount, times as much as there is more, and ${LINEAR_TOLERANCE} for noise.`,
    ],
  };
}
