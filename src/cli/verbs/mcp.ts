/** `mcp`: the MCP server on stdin and stdout, in this process. */
import { EXIT } from '../output/error.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, err }: VerbContext): Promise<number> {
  if (io.stdinIsTTY) err.line('An MCP server: a client speaks to it on stdin and stdout. Ctrl-C ends it.');
  await io.becomeMcpServer();
  return EXIT.done;
}
