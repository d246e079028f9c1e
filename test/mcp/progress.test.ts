/** Progress is told as long as a call goes on, and never after it. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { callTool } from '../../src/mcp/call-tool.ts';
import { progressTo } from '../../src/mcp/progress.ts';
import { MCP_PROGRESS_MS } from '../../src/protocol/limits.ts';
import { cannedAnswer } from '../cli/support/canned-answer.ts';
import { surroundingsWith, toolNamed } from './support/in-process.ts';

it('comes once a second, all of it before the result', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const sent: number[] = [];
  const told: string[] = [];
  const progress = progressTo(async (n, what) => {
    // What goes out takes its time.
    await Promise.resolve();
    sent.push(n);
    told.push(what);
  });
  let answer = (_value: unknown): void => {};
  const held = new Promise((resolve) => {
    answer = resolve;
  });
  const signal = new AbortController().signal;
  const given = { question: 'why postgres?' };
  const surroundings = surroundingsWith({ ask: () => held });
  const calling = callTool(toolNamed('query_teammate_context'), given, surroundings, { progress, signal });
  await vi.advanceTimersByTimeAsync(3 * MCP_PROGRESS_MS);
  expect(sent).toEqual([1, 2, 3, 4]);
  expect(new Set(told)).toEqual(new Set(['asking for the newest lines, and searching']));
  await vi.advanceTimersByTimeAsync(MCP_PROGRESS_MS - 1);
  answer(cannedAnswer);
  await calling;
  const before = sent.length;
  await vi.advanceTimersByTimeAsync(10 * MCP_PROGRESS_MS);
  progress.say(toolNamed('list_teammates').name as never);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(before);
});
