/**
 * A stand-in for GitHub's REST API, for tests and for the demo: a real HTTP server on loopback that speaks the
 * endpoints for accounts, gists, organisations and issue comments with GitHub's status codes, headers and JSON, signs
 * devices in, and can be steered (people, organisations, gists, repositories, clock, faults).
 *
 * Every answer of the API is held against GitHub's own OpenAPI description (openapi/NOTICE.md): one that GitHub could
 * not have sent becomes a 500 that says what is wrong, and makes `close` fail.
 *
 * What it must never do: keep or log a token that a client sent, answer outside 127.0.0.1, or be kinder than GitHub.
 * What it claims about GitHub is written down as black-box assertions in test/github/contract.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Faults } from './faults.ts';
import { validateFor } from './openapi/validate.ts';
import { type Context, handle } from './server.ts';
import { type Product, createWorld } from './state.ts';
import { type LogEntry, type Steering, createSteering } from './steering.ts';

export { type RemoteSteering, steerGithubStandIn } from './control.ts';
export { DEVICE_GRANT } from './device-flow.ts';
export { type Fault, htmlPage, primaryLimit, secondaryLimit, ssoRequired } from './faults.ts';
export type { LogEntry, NewGist, NewMember, Steering } from './steering.ts';

export interface StandInOptions {
  /** Milliseconds since 1970; default the machine's clock. */
  now?: () => number;
  random?: (bytes: number) => Buffer;
  /** Default: any free one. */
  port?: number;
  /** Requests an hour for an account; default 5000, and none for GitHub Enterprise Server. */
  rateLimit?: number;
  /** Default github.com. */
  product?: Product;
}

export interface StandIn extends Steering {
  /** The API base: `http://127.0.0.1:<port>`, with `/api/v3` for GitHub Enterprise Server. */
  readonly url: string;
  /** The web host, where devices sign in: `http://127.0.0.1:<port>`. */
  readonly web: string;
  /** The secret for steering from another process ({@link steerGithubStandIn}). */
  readonly control: string;
  /** Closes all connections. @throws when an answer was given that GitHub could not have sent */
  close(): Promise<void>;
}

export async function startGithubStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const random = options.random ?? randomBytes;
  const product = options.product ?? 'github.com';
  const rateLimit = options.rateLimit ?? (product === 'ghes' ? null : 5000);
  const world = createWorld({ now: options.now ?? Date.now, random, product, rateLimit });
  const faults = new Faults();
  const log: LogEntry[] = [];
  const mismatches: string[] = [];
  const steering = createSteering({ world, faults, log, mismatches, random });
  const apiPath = product === 'ghes' ? '/api/v3' : '';
  let origin = '';
  const context: Context = {
    world,
    faults,
    steering,
    log,
    random,
    secret: random(32).toString('hex'),
    origin: () => origin,
    apiPath,
    validate: validateFor(product),
    mismatch(what) {
      mismatches.push(what);
    },
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
  origin = `http://127.0.0.1:${address.port}`;
  return {
    ...steering,
    url: origin + apiPath,
    web: origin,
    control: context.secret,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      if (mismatches.length > 0) throw new Error(`the stand-in is not as GitHub:\n${mismatches.join('\n')}`);
    },
  };
}
