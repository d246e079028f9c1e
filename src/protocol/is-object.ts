/** True for anything with named fields: a way into an unknown value without asserting what it is. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
