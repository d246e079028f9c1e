/** A search of a session that is still being indexed. */
import { describe, expect, it } from 'vitest';
import { answersUntilWhole } from '../../../../src/dashboard/viewer/finding.ts';
import type { AskResponse } from '../../../../src/protocol/local-api.ts';

/** How many turns were searched at each answer, as they come. @param turns that there are */
async function searchedAt(turns: number, ...searched: number[]): Promise<number[]> {
  const left = [...searched];
  const ask = async (): Promise<AskResponse> =>
    ({ sessions: [{ searched: left.shift() ?? -1, turns }] }) as unknown as AskResponse;
  const seen: number[] = [];
  for await (const { sessions } of answersUntilWhole(ask, async () => {})) seen.push(sessions[0]?.searched ?? -1);
  return seen;
}

describe('a search', () => {
  it('is asked again until all was searched', async () => {
    expect(await searchedAt(100, 20, 60, 100, 100)).toEqual([20, 60, 100]);
    expect(await searchedAt(100, 100, 100)).toEqual([100]);
  });

  it('does not wait for what is not searched however long one waits', async () => {
    expect(await searchedAt(100, 20, 60, 60, 100)).toEqual([20, 60, 60]);
    expect(await searchedAt(0, 0, 0)).toEqual([0]);
  });
});
