/** One tool call: from its arguments to the text that the model reads, whatever happens in between. */
import { Arguments } from './arguments.ts';
import { failureAnswer } from './failure.ts';
import type { Progress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';
import { bounded } from './text/bounded.ts';
import type { Answer } from './text/render.ts';
import type { Tool } from './tool.ts';

export interface ToolText {
  text: string;
  failed: boolean;
}

/** Never rejects. */
export async function callTool(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  surroundings: Surroundings,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<ToolText> {
  const answer = await answerOf(tool, given, surroundings, { progress, signal });
  await progress.stop();
  return { text: bounded(answer, surroundings.random), failed: answer.failed ?? false };
}

async function answerOf(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  surroundings: Surroundings,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<Answer> {
  try {
    return await tool.run(new Arguments(given, Object.keys(tool.properties)), {
      client: surroundings.connect(tool.name, signal),
      now: () => surroundings.now(),
      progress: (what) => progress.say(what),
    });
  } catch (error) {
    return failureAnswer(surroundings.betterReason(error));
  }
}
