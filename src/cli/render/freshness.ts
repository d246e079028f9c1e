/** What of a listing of people is not as GitHub says it now. */
import type { Freshness } from '../../protocol/local-api.ts';
import { thousands } from '../output/count.ts';
import { dim, type Line, yellow } from '../output/piece.ts';
import { ago } from '../output/time.ts';

/** Nothing when all of it is fresh. */
export function freshnessLines({ fresh, of, oldest, failure }: Freshness, now: number): Line[] {
  if (fresh >= of) return [];
  const lines: Line[] = [[]];
  const since =
    oldest === null ? 'some of whom it has not been asked about yet' : `the oldest answer is from ${ago(oldest, now)}`;
  const rest = of - fresh === 1 ? 'one person' : `${thousands(of - fresh)} people`;
  lines.push([dim(`Not fresh: GitHub was not asked about ${rest} of ${thousands(of)} just now; ${since}.`)]);
  if (failure !== null) lines.push([yellow(`GitHub does not answer: ${failure}`)]);
  return lines;
}
