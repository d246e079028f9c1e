/** Tools called in this process, over a client that answers what a test tells it to. */
import type { Client } from '../../../src/client/index.ts';
import { callTool, type ToolText } from '../../../src/mcp/call-tool.ts';
import { progressTo } from '../../../src/mcp/progress.ts';
import type { Surroundings } from '../../../src/mcp/surroundings.ts';
import { tools } from '../../../src/mcp/tools/table.ts';

export type Answers = Readonly<Record<string, unknown>>;

const NOW = Date.parse('2026-11-22T12:00:00Z');

/** A nonce that is not random, to be found again. */
const NONCE = 0x5a;

/** Routes by name: an answer, an error to throw, or a function of the request. */
export function surroundingsWith(answers: Answers): Surroundings {
  const call = async (route: string, request: { body?: unknown }): Promise<unknown> => {
    const answer = answers[route];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? (answer as (body: unknown) => unknown)(request?.body ?? request) : answer;
  };
  const answer = async function* events(): AsyncGenerator {
    yield* (answers['answer'] ?? []) as unknown[];
  };
  return over({ call, read: () => [], answer } as unknown as Client);
}

function over(client: Client): Surroundings {
  return {
    connect: () => client,
    betterReason: (error) => error,
    now: () => NOW,
    random: (bytes) => new Uint8Array(bytes).fill(NONCE),
  };
}

export function toolNamed(name: string): (typeof tools)[number] {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool;
}

export function called(name: string, given: Record<string, unknown>, answers: Answers): Promise<ToolText> {
  return calledIn(surroundingsWith(answers), name, given);
}

/** Over the client of a daemon. */
export function calledOver(client: Client, name: string, given: Record<string, unknown>): Promise<ToolText> {
  return calledIn(over(client), name, given);
}

function calledIn(surroundings: Surroundings, name: string, given: Record<string, unknown>): Promise<ToolText> {
  const options = { progress: progressTo(null), signal: new AbortController().signal };
  return callTool(toolNamed(name), given, surroundings, options);
}
