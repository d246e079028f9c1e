/** The process of the MCP server, on stdio. */
import { serveStdio } from '../src/mcp/index.ts';

process.exit(await serveStdio(process));
