/** What the daemon's `setup` and `logout` write on stdout, line by line. It is our own program, but of another version perhaps. */
import { type ErrorCode, errorTable, TeammateSyncError } from '../errors.ts';
import type { WhoAmI } from '../protocol/local-api.ts';
import type {
  ClaudeDone,
  ClaudePlan,
  OfferedOrg,
  PlannedFile,
  SetupEvent,
  SetupFailure,
  SetupPlan,
} from '../protocol/setup.ts';
import { fieldOf, jsonLine, numberField, textField } from './field.ts';

/** As {@link SetupEvent}, but its error is one to throw. */
export type HeardEvent = Exclude<SetupEvent, { type: 'error' }> | { type: 'error'; error: TeammateSyncError };

/** Null for a line that is none of these. */
export function setupEvent(line: string): HeardEvent | null {
  const event = jsonLine(line);
  switch (textField(event, 'type')) {
    case 'step':
      return { type: 'step', text: textField(event, 'text') ?? '' };
    case 'code':
      return { type: 'code', userCode: textField(event, 'userCode') ?? '?', url: textField(event, 'url') ?? '?' };
    case 'waiting':
      return { type: 'waiting', leftMs: numberField(event, 'leftMs') ?? 0 };
    case 'choose': {
      const orgs = listOf(event, 'orgs').map(offered);
      return { type: 'choose', orgs, preset: textField(event, 'preset'), hidden: numberField(event, 'hidden') ?? 0 };
    }
    case 'plan':
      return { type: 'plan', plan: planOf(fieldOf(event, 'plan')) };
    case 'done': {
      const [me, claude] = [fieldOf(event, 'me'), fieldOf(event, 'claude') ?? null];
      return { type: 'done', me: me === null ? null : whoAmI(me), claude: claude === null ? null : claudeDone(claude) };
    }
    case 'error':
      return { type: 'error', error: failureIn(fieldOf(event, 'error')) };
    default:
      return null;
  }
}

/** A field that is a list; empty when it is none. */
export function listOf(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

function offered(value: unknown): OfferedOrg {
  return { login: textField(value, 'login') ?? '?', id: numberField(value, 'id') ?? 0 };
}

function planOf(value: unknown): SetupPlan {
  return {
    handle: textField(value, 'handle') ?? '?',
    org: textField(value, 'org') ?? '?',
    files: listOf(value, 'files').map(plannedFile),
    publishes: textField(value, 'publishes'),
    claude: claudePlan(fieldOf(value, 'claude')),
  };
}

function claudePlan(value: unknown): ClaudePlan {
  const deny = listOf(value, 'deny').map(String);
  return { ...claudeState(value), deny, denyDeclined: fieldOf(value, 'denyDeclined') === true };
}

function claudeDone(value: unknown): ClaudeDone {
  return { ...claudeState(value), lacks: textField(value, 'lacks'), changed: listOf(value, 'changed').map(String) };
}

function claudeState(value: unknown): Pick<ClaudePlan, 'state' | 'plugin' | 'refused'> {
  const state = textField(value, 'state');
  return {
    state: state === 'installs' || state === 'plugin' || state === 'absent' ? state : 'skipped',
    plugin: textField(value, 'plugin'),
    refused: listOf(value, 'refused').map(failureBody),
  };
}

/** Something that was refused while the rest was done. */
export function failureBody(value: unknown): SetupFailure {
  return {
    code: textField(value, 'code') ?? 'INTERNAL',
    message: textField(value, 'message') ?? '?',
    hint: textField(value, 'hint') ?? '',
  };
}

/** A file that is or would be changed. */
export function plannedFile(value: unknown): PlannedFile {
  const change = textField(value, 'change');
  return {
    path: textField(value, 'path') ?? '?',
    change: change === 'make' || change === 'keep' || change === 'remove' ? change : 'change',
    lines: listOf(value, 'lines').map(String),
  };
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

/** The error of such a line. */
export function failureIn(body: unknown): TeammateSyncError {
  const code = textField(body, 'code') ?? '';
  const hint = textField(body, 'hint');
  return new TeammateSyncError(isCode(code) ? code : 'INTERNAL', textField(body, 'message') ?? 'it failed', {
    ...(hint === null ? {} : { hint }),
    details: fieldOf(body, 'details'),
  });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
