#!/usr/bin/env node
/** The process of the command line: its streams, signals and exit code, handed to src/cli. */
import path from 'node:path';
import { main, processIo } from '../src/cli/index.ts';

// Bundled as CommonJS, beside the daemon's bundle.
const daemonEntry = path.join(__dirname, 'teammate-syncd.mjs');

void main(process.argv.slice(2), processIo(process, daemonEntry)).then((code) => {
  // Not process.exit(): on some systems a pipe still holds output.
  process.exitCode = code;
});
