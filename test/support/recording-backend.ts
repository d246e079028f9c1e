/** A backend that keeps what it was asked and answers with what a test put in; for the local API and its callers. */
import type { Backend } from '../../src/local-api/index.ts';
import type { ReadEvent, Status } from '../../src/protocol/local-api.ts';

export const aStatus: Status = {
  version: '9.9.9',
  pid: 4242,
  startedAt: '2030-01-02T03:04:05.000Z',
  home: '/home/ada/.teammate-sync',
  setUp: false,
  me: null,
  network: null,
  github: null,
  sessions: 0,
  sharedSessions: 0,
  readableSessions: 0,
  pendingIn: 0,
  pendingOut: 0,
  connected: 0,
  people: [],
  shares: [],
  unheardEnds: [],
  readable: [],
  invites: [],
  errors: [],
};

export interface RecordingBackend extends Backend {
  /** Method and arguments of each call, in order. */
  calls: [method: string, ...args: unknown[]][];
}

/** Every method answers `{ method }`, `status` {@link aStatus}, `read` no event; `overrides` replaces single ones. */
export function recordingBackend(overrides: Partial<Backend> = {}): RecordingBackend {
  const calls: RecordingBackend['calls'] = [];
  const answers: Partial<Record<string, unknown>> = {
    status: async () => aStatus,
    // An async generator without events.
    async *read(): AsyncGenerator<ReadEvent> {},
    ...overrides,
  };
  const backend: unknown = new Proxy(
    { calls },
    {
      get(target, method) {
        if (typeof method !== 'string' || method === 'then') return undefined;
        if (method === 'calls') return target.calls;
        return (...args: unknown[]): unknown => {
          calls.push([method, ...args]);
          const answer = answers[method];
          return typeof answer === 'function' ? answer(...args) : Promise.resolve({ method });
        };
      },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a proxy has whatever method is asked for
  return backend as RecordingBackend;
}
