/** Who asks when a test does: somebody at a terminal. */
import type { TerminalCaller } from '../../src/protocol/caller.ts';

export const typing: TerminalCaller = { via: 'terminal', pid: process.pid, agent: false };
