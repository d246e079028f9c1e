/** How a look at something becomes a line of the report. */
import { asTeammateSyncError } from '../../errors.ts';
import type { Check, DoctorEvent } from '../../protocol/doctor.ts';

export type Say = (event: DoctorEvent) => void;
export type Findings = Omit<Check, 'id'>;

export const ok = (what: string): Findings => ({ state: 'ok', what, fix: null });
export const warning = (what: string, fix: string): Findings => ({ state: 'warning', what, fix });
export const problem = (what: string, fix: string): Findings => ({ state: 'problem', what, fix });

/** No look takes longer than this, whatever it waits for. */
const LOOK_MS = 15_000;

export interface Look {
  id: string;
  /** What is looked at, for somebody who waits. */
  at: string;
  look: () => Findings | Promise<Findings>;
}

/** Takes one look and reports it; what it throws is the problem, with the error's own hint. True unless a problem. */
export async function take({ id, at, look }: Look, say: Say): Promise<boolean> {
  say({ type: 'looking', at });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Findings>((resolve) => {
    const found = warning(
      `${at}: no answer within ${LOOK_MS / 1000} s`,
      'try again; if it stays, see `teammate-sync logs`',
    );
    timer = setTimeout(() => resolve(found), LOOK_MS);
  });
  const found = await Promise.race([Promise.resolve().then(look).catch(toProblem), late]);
  clearTimeout(timer);
  say({ type: 'check', check: { id, ...found } });
  return found.state !== 'problem';
}

function toProblem(error: unknown): Findings {
  const { message, hint } = asTeammateSyncError(error);
  return problem(message, hint);
}
