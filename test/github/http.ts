/** Plain HTTP for the tests of the stand-in: what a client sees, nothing hidden. */

export interface Got {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined when the body is not JSON. */
  json: unknown;
}

export async function request(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Got> {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

export const get = (url: string, headers: Record<string, string> = {}): Promise<Got> => request('GET', url, headers);

/** One key of a JSON value; undefined when it has none. */
export function field(json: unknown, key: string | number): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined;
}
