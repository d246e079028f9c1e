/**
 * What `npm run test:mcp` runs: the tests of the MCP server once more, with the official schema judging every line, and
 * judges that others wrote: the inspector and the conformance suite. They are fetched once, while there is a network; the
 * tests themselves have an empty environment, a home of their own and only loopback. Arguments go to vitest.
 */
import path from 'node:path';
import { runVitest } from '../support/run-vitest.mjs';
import { installJudges } from './judges/packages/install.mjs';

try {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'the judges of the MCP server run on Linux on x64 only: they need a Node 22, which is fetched for it',
    );
  }
  const { node, inspector, conformance, schema } = await installJudges();
  const judges = { MCP_NODE: node, MCP_INSPECTOR: inspector, MCP_CONFORMANCE: conformance, MCP_WIRE_SCHEMA: schema };
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...judges };
  const args = ['run', '--config', path.join(import.meta.dirname, 'vitest.config.ts'), ...process.argv.slice(2)];
  process.exitCode = await runVitest({ args, env, needsNamespace: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
