/** Canned answers of the daemon, about invented people. */
import type {
  ConnectionPerson,
  InboxSession,
  PersonResponse,
  ReadEvent,
  SharedSession,
  ShareResponse,
  Status,
  WhoAmI,
} from '../../../src/protocol/local-api.ts';
import type { Turn } from '../../../src/protocol/turn.ts';

export const SESSION_A = '1f0c0000-0000-4000-8000-00000000000a';
export const SESSION_B = '1f0d0000-0000-4000-8000-00000000000b';

/** What a hostile peer would put everywhere: colours, cursor, clipboard, bidi, C1, separators, a new line. */
export const HOSTILE = 'evil\u001b[2J\u001b]52;c;aGk=\u0007\u009b31m\u202e\u2028\u0000\u200b\r\nteammate-sync: forged';

export const me: WhoAmI = {
  handle: 'alice',
  uid: 11,
  host: 'github.com',
  org: 'acme',
  orgId: 7,
  device: '0123456789abcdef',
  code: 'ABCD-EFGH-IJKL',
  home: '/home/alice/.teammate-sync',
};

export const status: Status = {
  version: '0.1.0',
  // No process has it: Linux ends at 4194304.
  pid: 4_194_305,
  startedAt: '2026-11-22T09:00:00Z',
  home: '/home/alice/.teammate-sync',
  setUp: true,
  me,
  network: {
    state: 'online',
    bootstrap: ['127.0.0.1:4000'],
    nat: 'consistent',
    peers: 2,
    epochs: [1],
    answeredAt: '2026-11-22T11:59:30Z',
    lastError: null,
  },
  github: { host: 'github.com', answeredAt: '2026-11-22T11:58:00Z', failedAt: null, failure: null },
  sessions: 2,
  sharedSessions: 1,
  readableSessions: 3,
  pendingIn: 1,
  pendingOut: 0,
  connected: 3,
  people: [
    { handle: 'marie', online: true, staleSince: null, since: '2026-11-22T11:20:00Z' },
    { handle: 'bob', online: false, staleSince: null, since: '2026-11-22T10:10:00Z' },
    { handle: 'dave', online: false, staleSince: null, since: null },
  ],
  shares: [],
  unheardEnds: [],
  readable: [],
  invites: [{ handle: 'carol', project: 'webshop', until: '2026-12-05T12:00:00Z' }],
  errors: [],
};

export const shareResponse: ShareResponse = {
  session: SESSION_A,
  project: 'webshop',
  people: [
    { handle: 'marie', outcome: 'shared', since: null },
    { handle: 'bob', outcome: 'invited', since: null },
    { handle: 'carol', outcome: 'waiting', since: null },
    { handle: 'dave', outcome: 'declined', since: '2026-11-01T10:00:00Z' },
    { handle: 'erin', outcome: 'already', since: null },
  ],
  turns: 312,
  since: '2026-11-22T09:14:00Z',
  masked: [
    { rule: 'github-token', count: 2 },
    { rule: 'url', count: 1 },
  ],
  read: 1,
};

export const sharedSession: SharedSession = {
  session: SESSION_A,
  project: 'webshop',
  title: 'mend the login',
  cwd: '/home/alice/webshop',
  startedAt: '2026-11-22T09:14:00Z',
  turns: 312,
  live: true,
  withThinking: false,
  masked: [],
  read: 1,
  recipients: [
    {
      handle: 'marie',
      state: 'synced',
      since: '2026-11-22T09:20:00Z',
      fetched: 312,
      of: 312,
      leaseUntil: '2026-11-22T12:52:00Z',
      readTo: 120,
      readAt: '2026-11-22T11:30:00Z',
    },
    {
      handle: 'bob',
      state: 'pending',
      since: '2026-11-22T09:21:00Z',
      fetched: 0,
      of: 312,
      leaseUntil: null,
      readTo: null,
      readAt: null,
    },
  ],
};

export function connectionPerson(handle: string, more: Partial<ConnectionPerson> = {}): ConnectionPerson {
  return {
    handle,
    uid: 22,
    since: '2026-11-20T10:00:00Z',
    online: true,
    compared: null,
    staleSince: null,
    note: null,
    project: null,
    until: null,
    ...more,
  };
}

export function personResponse(handle: string, more: Partial<PersonResponse> = {}): PersonResponse {
  return {
    handle,
    uid: 22,
    devices: ['fedcba9876543210'],
    safetyNumber: '11111 22222',
    compared: null,
    sessions: [],
    ...more,
  };
}

export function turn(line: number, more: Partial<Turn> = {}): Turn {
  return {
    source: 'main',
    line,
    uuid: '',
    time: '2026-11-22T09:14:00.000Z',
    role: 'user',
    kind: 'prompt',
    content: [{ type: 'text', text: `words of line ${line}` }],
    ...more,
  };
}

export function inboxSession(session: string, more: Partial<InboxSession> = {}): InboxSession {
  return {
    session,
    project: 'webshop',
    title: 'mend the login',
    state: 'live',
    lastActivity: '2026-11-22T11:58:00Z',
    turns: 3,
    fetched: 3,
    leaseUntil: '2026-11-22T12:52:00Z',
    newest: [turn(3)],
    ...more,
  };
}

export function sessionEvent(session = SESSION_A): ReadEvent {
  return { type: 'session', session, project: 'webshop', title: 'mend the login', turns: 3, fetched: 3, live: true };
}

export function turnEvent(line: number, more: Partial<Turn> = {}): ReadEvent {
  return { type: 'turn', turn: turn(line, more) };
}
