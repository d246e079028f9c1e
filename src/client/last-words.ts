/** What a daemon that did not start said last. */
import { isObject } from '../protocol/is-object.ts';

/** How the daemon's process says why it refuses to run; its hint follows on a line of its own. */
const REFUSAL = /^teammate-sync: (.+)/;

/**
 * The one line of its output that tells most: why it refused, else the last record of the log, else the error line of a
 * crash, else the last line. Null when it said nothing.
 */
export function lastWords(output: string): string | null {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const refusal = lines.findLast((line) => REFUSAL.test(line));
  if (refusal !== undefined) return REFUSAL.exec(refusal)?.[1] ?? null;
  for (const line of lines.toReversed()) {
    const words = fromRecord(line);
    if (words !== null) return words;
  }
  return lines.findLast((line) => /^(?:\w*Error|node): |^\w*Error \[/.test(line)) ?? lines.at(-1) ?? null;
}

/** Message, and the error's own, of one JSON line of the logger; null for anything else. */
function fromRecord(line: string): string | null {
  try {
    const record: unknown = JSON.parse(line);
    if (!isObject(record) || typeof record['msg'] !== 'string') return null;
    const { msg, fields } = record;
    const error = isObject(fields) ? fields['error'] : null;
    return isObject(error) && typeof error['message'] === 'string' ? `${msg}: ${error['message']}` : msg;
  } catch {
    return null;
  }
}
