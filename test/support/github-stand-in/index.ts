/**
 * A stand-in for GitHub's REST API, for tests and for the demo: a real HTTP server on loopback that speaks the
 * endpoints for accounts, gists and organisations with GitHub's status codes, headers and JSON, and that can be
 * steered (people, organisations, gists, clock, faults).
 *
 * What it must never do: keep or log a token that a client sent, answer outside 127.0.0.1, or be kinder than GitHub.
 * What it claims about GitHub is written down as black-box assertions in test/github/contract.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Faults } from './faults.ts';
import { type Context, handle } from './server.ts';
import { createWorld } from './state.ts';
import { type LogEntry, type Steering, createSteering } from './steering.ts';

export { type RemoteSteering, steerGithubStandIn } from './control.ts';
export { type Fault, htmlPage, primaryLimit, secondaryLimit, ssoRequired } from './faults.ts';
export type { LogEntry, NewGist, NewMember, Steering } from './steering.ts';

export interface StandInOptions {
  /** Milliseconds since 1970; default the machine's clock. */
  now?: () => number;
  random?: (bytes: number) => Buffer;
  /** Default: any free one. */
  port?: number;
  /** Requests an hour for an account; default 5000. */
  rateLimit?: number;
}

export interface StandIn extends Steering {
  /** `http://127.0.0.1:<port>`: the API base. */
  readonly url: string;
  /** The secret for steering from another process ({@link steerGithubStandIn}). */
  readonly control: string;
  /** Closes all connections. */
  close(): Promise<void>;
}

export async function startGithubStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const random = options.random ?? randomBytes;
  const world = createWorld(options.now ?? Date.now, options.rateLimit ?? 5000);
  const faults = new Faults();
  const log: LogEntry[] = [];
  const steering = createSteering(world, faults, log, random);
  let base = '';
  const context: Context = {
    world,
    faults,
    steering,
    log,
    random,
    secret: random(32).toString('hex'),
    base: () => base,
  };
  const server = createServer((request, response) => {
    // A client that hangs up while it sends is not our fault; anything else is, and shows as a 500.
    handle(context, request, response).catch((error: unknown) => {
      if (!response.headersSent && !response.destroyed) response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  base = `http://127.0.0.1:${address.port}`;
  return {
    ...steering,
    url: base,
    control: context.secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
