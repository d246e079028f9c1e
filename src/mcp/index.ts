/**
 * The MCP server: what teammates share, for a model to read, over the local API.
 *
 * It must never touch a core or the network, never share, accept, end or change anything, and never follow what it reads.
 * It holds no text of anybody between two calls: a cursor is a place, and what is not shared any more is in no answer.
 *
 * Invariants: all that a model reads comes out of text/render.ts, where text of others stands between fences, each line
 * marked; descriptions, errors, names of resources and completions hold none of it. Stdout has nothing but messages.
 */
export { serveStdio } from './serve.ts';
