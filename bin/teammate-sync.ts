#!/usr/bin/env node
/** The process of the command line: its streams, signals and exit code, handed to src/cli. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, processIo } from '../src/cli/index.ts';

// Bundled as CommonJS, beside the other bundles.
const beside = {
  daemonEntry: path.join(__dirname, 'teammate-syncd.mjs'),
  // By a path that only the running program knows, so that nothing of it is in this bundle.
  loadMcpServer: () => import(pathToFileURL(path.join(__dirname, 'teammate-sync-mcp.mjs')).href),
};

void main(process.argv.slice(2), processIo(process, beside)).then((code) => {
  // Not process.exit(): on some systems a pipe still holds output.
  process.exitCode = code;
});
