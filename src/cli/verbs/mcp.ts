/** `mcp`: the MCP server on stdin and stdout, in this process. */
import { EXIT } from '../output/error.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io }: VerbContext): Promise<number> {
  await io.becomeMcpServer();
  return EXIT.done;
}
