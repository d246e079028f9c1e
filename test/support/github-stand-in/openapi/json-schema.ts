/** From a schema of OpenAPI 3.0 to the same as JSON Schema: `nullable`, `discriminator` and the place of references differ. */

/** A JSON Schema, as ajv takes it. */
export type Schema = Record<string, unknown>;

/** The id of the document that holds all named schemas, under `definitions`. */
export const SCHEMAS_ID = 'github';

const REF = '#/components/schemas/';
/** Notes for readers and generators, of which a validator knows nothing. */
const IGNORED = new Set(['deprecated', 'readOnly', 'writeOnly', 'nullable']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reference = (to: string): string => `${SCHEMAS_ID}#/definitions/${to.slice(REF.length)}`;

/** One of several schemas, which a property names: that one, and the others not at all. */
function chosen({ propertyName, mapping }: { propertyName: string; mapping: Record<string, string> }): Schema {
  return {
    type: 'object',
    required: [propertyName],
    properties: { [propertyName]: { enum: Object.keys(mapping) } },
    allOf: Object.entries(mapping).map(([value, to]) => ({
      if: { properties: { [propertyName]: { const: value } } },
      // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
      then: { $ref: reference(to) },
    })),
  };
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  return isObject(value) ? jsonSchema(value) : value;
}

/** Converts one schema with all in it. */
export function jsonSchema(schema: object): Schema {
  const given: Record<string, unknown> = { ...schema };
  if (isObject(given['discriminator'])) {
    return chosen(given['discriminator'] as { propertyName: string; mapping: Record<string, string> });
  }
  const made: Schema = {};
  for (const [key, value] of Object.entries(given)) {
    if (IGNORED.has(key)) continue;
    if (key === '$ref') made[key] = reference(String(value));
    else if (key === 'properties' && isObject(value)) {
      made[key] = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, convert(property)]));
    } else made[key] = convert(value);
  }
  return given['nullable'] === true ? { anyOf: [{ type: 'null' }, made] } : made;
}
