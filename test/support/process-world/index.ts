/**
 * The test ground of real processes, for end-to-end tests and the demo: the built command line with its background
 * daemons, the GitHub stand-in as a process of its own, a DHT on loopback, and processes that stand for Claude Code. It
 * imports no test runner. Everything it started is ended by its id, and everything it wrote lies in one temporary folder.
 */
export { ClaudeProcess } from './claude-process.ts';
export { Machine } from './machine.ts';
export type { Ran, Running, RunOptions } from './program.ts';
export { ORG, ProcessWorld } from './process-world.ts';
