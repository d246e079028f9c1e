/** Failures, as the person or the program that called is told them. */
import { asTeammateSyncError, TeammateSyncError } from '../../errors.ts';
import { fieldOf, textField } from '../field.ts';
import { bold, red } from './piece.ts';
import type { Printer } from './printer.ts';

/** The words were wrong, not the world: exit code 2. */
export class UsageError extends TeammateSyncError {
  constructor(message: string, hint?: string) {
    super('BAD_REQUEST', message, hint === undefined ? {} : { hint });
  }
}

export const EXIT = { done: 0, failed: 1, usage: 2, daemonNotRunning: 3, notSetUp: 4 } as const;

export function exitCodeOf(error: TeammateSyncError): number {
  switch (error.code) {
    case 'BAD_REQUEST':
      return EXIT.usage;
    case 'DAEMON_NOT_RUNNING':
      return EXIT.daemonNotRunning;
    case 'NOT_SET_UP':
      return EXIT.notSetUp;
    default:
      return EXIT.failed;
  }
}

/** Prints a failure to stderr, as text or as `{"v":1,"error":ErrorBody}`, and returns the exit code for it. */
export function printError(err: Printer, thrown: unknown, json: boolean): number {
  const error = asTeammateSyncError(thrown);
  if (json) err.json({ v: 1, error: error.toBody() });
  else {
    err.line(red('teammate-sync'), ': ', error.message);
    if (error.hint !== '') err.line('  ', err.command(error.hint));
    for (const { session, project } of candidatesOf(error.details)) err.line('  ', bold(session), '  ', project);
  }
  return exitCodeOf(error);
}

/** AMBIGUOUS_SESSION says in its details which sessions what was typed could mean. */
function candidatesOf(details: unknown): { session: string; project: string }[] {
  const list = fieldOf(details, 'candidates');
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => ({
    session: textField(item, 'session') ?? '?',
    project: textField(item, 'project') ?? '',
  }));
}
