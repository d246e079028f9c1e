/** Handles as they are typed. */
import { normaliseHandle } from '../protocol/ids.ts';
import { UsageError } from './output/error.ts';

/** Lower case, without `@`. @throws UsageError for what cannot be a GitHub login */
export function handleOf(typed: string): string {
  const handle = normaliseHandle(typed);
  if (handle === null)
    throw new UsageError(`"${typed}" is not a GitHub handle`, 'handles are letters, digits, - and _');
  return handle;
}

/** The same for several, each person once. */
export function handlesOf(typed: readonly string[]): string[] {
  return [...new Set(typed.map((one) => handleOf(one)))];
}
