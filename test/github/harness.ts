/** A stand-in with a few people, directories on it, and what tests of both look at. */
import { type IncomingHttpHeaders, createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { type GithubDirectory, type GithubOptions, createGithubDirectory } from '../../src/github/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { type StandIn, type StandInOptions, startGithubStandIn } from '../support/github-stand-in/index.ts';

export const ORG = 'Lighthouse';
export const FILE_A = 'teammate-sync-00000000000000aa.txt';
export const FILE_B = 'teammate-sync-00000000000000bb.txt';
export const DESCRIPTION = 'teammate-sync device keys v1 (public keys only)';

/** A clock that moves only when told. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = Date.UTC(2026, 10, 22, 12)): TestClock {
  let passed = 0;
  return {
    now: () => start + passed,
    elapsed: () => passed,
    after: () => {
      throw new Error('not used');
    },
    advance(ms) {
      passed += ms;
    },
  };
}

export interface Scene {
  standIn: StandIn;
  /** Of Marie-T (1001), Tomas (1002), Ines (1003): members of {@link ORG}; Olaf (1009) is not. */
  tokens: { marie: string; tomas: string; olaf: string };
  directory: (options?: Partial<GithubOptions> & { as?: string }) => GithubDirectory;
  /** Requests since the last call of this, as `GET /path 200`. */
  seen: () => string[];
}

/** Ends with the test. */
export async function startScene(options: StandInOptions = {}): Promise<Scene> {
  const standIn = await startGithubStandIn(options);
  onTestFinished(() => standIn.close());
  const { token: marie } = standIn.addUser({ login: 'Marie-T', id: 1001 });
  const { token: tomas } = standIn.addUser({ login: 'Tomas', id: 1002 });
  standIn.addUser({ login: 'Ines', id: 1003 });
  const { token: olaf } = standIn.addUser({ login: 'Olaf', id: 1009 });
  standIn.addOrg({ login: ORG, id: 9009, members: ['Marie-T', { login: 'Tomas', public: true }, 'Ines'] });
  return {
    standIn,
    tokens: { marie, tomas, olaf },
    directory: ({ as = marie, ...rest } = {}) =>
      createGithubDirectory({ apiBase: standIn.url, token: () => Promise.resolve(as), version: '0.1.0', ...rest }),
    seen() {
      const lines = standIn.requests().map(({ method, path, status }) => `${method} ${path} ${status}`);
      standIn.clearLog();
      return lines;
    },
  };
}

/** The TeammateSyncError that a call ends in; anything else fails the test. */
export async function failure(call: Promise<unknown>): Promise<TeammateSyncError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TeammateSyncError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Everything of an error that could reach a screen, a log or a crash report. */
export function everythingOf(error: unknown): string {
  let all = '';
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth++) {
    all += `${e.name} ${e.message} ${e.stack ?? ''} ${JSON.stringify(e, Object.getOwnPropertyNames(e))}\n`;
  }
  return all;
}

export interface OtherHost {
  url: string;
  requests: { line: string; headers: IncomingHttpHeaders }[];
}

/** Another host: keeps what arrives there and answers with an empty list. Ends with the test. */
export async function startOtherHost(): Promise<OtherHost> {
  const requests: OtherHost['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    response.setHeader('content-type', 'application/json');
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}
