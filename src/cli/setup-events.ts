/** What the daemon's `setup` writes on stdout, line by line. It is our own program, but of another version perhaps. */
import { type ErrorCode, errorTable, TeammateSyncError } from '../errors.ts';
import type { WhoAmI } from '../protocol/local-api.ts';
import { fieldOf, jsonLine, numberField, textField } from './field.ts';

export type SetupEvent =
  | { type: 'step'; text: string }
  | { type: 'done'; me: WhoAmI }
  | { type: 'error'; error: TeammateSyncError };

/** Null for a line that is none of these. */
export function setupEvent(line: string): SetupEvent | null {
  const event = jsonLine(line);
  switch (textField(event, 'type')) {
    case 'step':
      return { type: 'step', text: textField(event, 'text') ?? '' };
    case 'done':
      return { type: 'done', me: whoAmI(fieldOf(event, 'me')) };
    case 'error':
      return { type: 'error', error: failure(fieldOf(event, 'error')) };
    default:
      return null;
  }
}

function whoAmI(value: unknown): WhoAmI {
  return {
    handle: textField(value, 'handle') ?? '?',
    uid: numberField(value, 'uid') ?? 0,
    host: textField(value, 'host') ?? '?',
    org: textField(value, 'org') ?? '?',
    orgId: numberField(value, 'orgId') ?? 0,
    device: textField(value, 'device') ?? '?',
    code: textField(value, 'code') ?? '?',
    home: textField(value, 'home') ?? '?',
  };
}

function failure(body: unknown): TeammateSyncError {
  const code = textField(body, 'code') ?? '';
  const hint = textField(body, 'hint');
  return new TeammateSyncError(isCode(code) ? code : 'INTERNAL', textField(body, 'message') ?? 'the set-up failed', {
    ...(hint === null ? {} : { hint }),
    details: fieldOf(body, 'details'),
  });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
