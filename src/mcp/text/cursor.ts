/** Cursors of our own: opaque to who gets one, and checked when they come back. They hold places, never a text. */
import { createHash } from 'node:crypto';
import { isObject } from '../../protocol/is-object.ts';
import type { Line } from './line.ts';

const VERSION = 1;
const CURSOR_MAX = 1024;

/** What a cursor may say. */
export type CursorFields = Readonly<Record<string, string | number | null>>;

/** @param of what the cursor belongs to: it is of no use with anything else */
export function cursorOf(of: readonly unknown[], fields: CursorFields): Line {
  const text = JSON.stringify({ ...fields, v: VERSION, k: keyOf(of) });
  return Buffer.from(text).toString('base64url') as Line;
}

/** Null: it is none of ours, or of something else. */
export function readCursor(cursor: string, of: readonly unknown[]): CursorFields | null {
  if (cursor.length > CURSOR_MAX || !/^[\w-]+$/.test(cursor)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!isObject(value) || value['v'] !== VERSION || value['k'] !== keyOf(of)) return null;
    return value as CursorFields;
  } catch {
    return null;
  }
}

/** A number that counts something; null for all else. */
export function countIn(fields: CursorFields, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function keyOf(of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 11);
}
