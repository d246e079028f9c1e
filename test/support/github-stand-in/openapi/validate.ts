/** Holds an answer against GitHub's description: the status, that there is a body or none, and the body's shape. */
import { Ajv, type ValidateFunction } from 'ajv';
import type { Product } from '../state.ts';
import { DROPPED, asSent, isUndescribedStatus, hasErrorBody } from './departures.ts';
import { type Description, descriptionOf, operationOf } from './description.ts';
import { SCHEMAS_ID, type Schema } from './json-schema.ts';

export interface Sent {
  method: string;
  /** Without query. */
  path: string;
  status: number;
  /** Empty: no body. */
  body: string;
  /** Of the API. */
  version: string;
}

/** What is wrong with an answer, in one line; null when GitHub could have sent it. */
export type Validate = (sent: Sent) => string | null;

const FORMATS = {
  uri: (text: string): boolean => URL.canParse(text),
  email: /^[^\s@]+@[^\s@]+$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  int64: { type: 'number' as const, validate: Number.isSafeInteger },
};

const ERROR: Schema = { $ref: `${SCHEMAS_ID}#/definitions/basic-error` };

function without(schema: Schema, fields: readonly string[] | undefined): Schema {
  if (!fields) return schema;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = Object.entries(schema['properties'] as object).map(([name, property]) => [
    name,
    fields.includes(name) ? false : property,
  ]);
  return {
    ...schema,
    required: required.filter((name) => !fields.includes(name)),
    properties: Object.fromEntries(properties),
  };
}

/** The schemas as one version of the API has them. */
function compiler(description: Description, version: string): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv({
    ...{ strict: true, strictTypes: false, strictRequired: false, formats: FORMATS },
    // Each process compiles them anew: what makes that quick counts, not how quick the checks are.
    ...{ validateSchema: false, inlineRefs: false, code: { optimize: false } },
  });
  const definitions = Object.entries(description.schemas).map(([name, schema]) => [
    name,
    without(asSent(name, schema), DROPPED[version]?.[name]),
  ]);
  ajv.addSchema({ $id: SCHEMAS_ID, definitions: Object.fromEntries(definitions) });
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const check = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, check);
    return check;
  };
}

/** One for all stand-ins of a process. A schema is compiled at its first use: all of them would make every start slower. */
export function validateFor(product: Product): Validate {
  const made = VALIDATES.get(product) ?? createValidate(product);
  VALIDATES.set(product, made);
  return made;
}

const VALIDATES = new Map<Product, Validate>();

function createValidate(product: Product): Validate {
  let description: Description | null = null;
  const compilers = new Map<string, (schema: Schema) => ValidateFunction>();

  function shapeError(schema: Schema, version: string, body: string): string | null {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return 'the body is not JSON';
    }
    description ??= descriptionOf(product);
    const compile = compilers.get(version) ?? compiler(description, version);
    compilers.set(version, compile);
    const check = compile(schema);
    if (check(value)) return null;
    const { instancePath = '', message = '', params = {} } = check.errors?.at(0) ?? {};
    return `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`;
  }

  function problem({ method, path, status, body, version }: Sent): string | null {
    description ??= descriptionOf(product);
    const operation = operationOf(description, method, path);
    if (!operation) {
      return status === 404 || isUndescribedStatus('', status)
        ? shapeError(ERROR, version, body)
        : `no operation of the extract, so ${status} is not for it`;
    }
    const schema = operation.responses.get(status);
    if (schema === undefined && !isUndescribedStatus(operation.name, status)) {
      return `${operation.name} has no status ${status}`;
    }
    if (schema) return shapeError(schema, version, body);
    if (hasErrorBody(status)) return shapeError(ERROR, version, body);
    return body === '' ? null : `${operation.name} has no body with ${status}`;
  }

  return (sent) => {
    const wrong = problem(sent);
    return wrong === null ? null : `${sent.method} ${sent.path} ${sent.status}: ${wrong}`;
  };
}
