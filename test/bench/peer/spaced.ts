/** Sending lines at an even pace. */
import { now } from '../now.ts';
import { sleep } from '../wait.ts';

/** Calls `send` with each line, `spacingMs` apart; returns when each was handed over, stamped before the call. */
export async function spaced(lines: string[], spacingMs: number, send: (line: string) => void): Promise<number[]> {
  const begin = now();
  const stamps: number[] = [];
  for (const [i, line] of lines.entries()) {
    const early = begin + i * spacingMs - now();
    if (early > 0) await sleep(early);
    stamps.push(now());
    send(line);
  }
  return stamps;
}
