/**
 * Steering from another process: `POST /_control` with the secret in `x-stand-in-control` and
 * `{"call": <name of a steering method>, "with": [arguments]}`; the answer is `{"result": …}` or `{"error": text}`.
 */
import { timingSafeEqual } from 'node:crypto';
import { isRecord } from './reply.ts';
import type { Steering } from './steering.ts';

export const CONTROL_PATH = '/_control';
export const CONTROL_HEADER = 'x-stand-in-control';

export function isControl(header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(secret);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export function runControl(steering: Steering, body: unknown): { status: number; json: unknown } {
  const { call, with: args = [] } = isRecord(body) ? body : {};
  const method: unknown =
    typeof call === 'string' && Object.hasOwn(steering, call) ? Reflect.get(steering, call) : undefined;
  if (typeof method !== 'function' || !Array.isArray(args)) return { status: 400, json: { error: 'unknown call' } };
  try {
    const result: unknown = Reflect.apply(method, steering, args);
    return { status: 200, json: { result: result ?? null } };
  } catch (error) {
    return { status: 400, json: { error: String(error) } };
  }
}

type Answer<F> = F extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
/** {@link Steering} with every method asynchronous. */
export type RemoteSteering = { [K in keyof Steering]: Answer<Steering[K]> };

/** Steers a stand-in of another process, by the line that its `main.ts` printed. */
export function steerGithubStandIn(at: { url: string; control: string }): RemoteSteering {
  const call =
    (name: string) =>
    async (...args: unknown[]): Promise<unknown> => {
      const response = await fetch(new URL(CONTROL_PATH, at.url), {
        method: 'POST',
        headers: { [CONTROL_HEADER]: at.control, 'content-type': 'application/json' },
        body: JSON.stringify({ call: name, with: args }),
      });
      const answer: unknown = await response.json();
      if (!response.ok || !isRecord(answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`);
      return answer.result ?? undefined;
    };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the proxy makes each method on demand
  return new Proxy({} as RemoteSteering, {
    // Not `then`: else awaiting the object would call it.
    get: (_target, name) => (typeof name === 'string' && name !== 'then' ? call(name) : undefined),
  });
}
