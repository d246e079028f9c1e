/** Who asks when a test does: somebody at a terminal. */
import { lineage } from '../../src/platform/lineage.ts';
import { systemProcesses } from '../../src/platform/process-table.ts';
import type { TerminalCaller } from '../../src/protocol/caller.ts';

export const typing: TerminalCaller = { via: 'terminal', pid: process.pid, agent: false };

/** The tests themselves are run by an agent: no Claude Code below them counts as one that a person sits before. */
export const belowAgent = lineage(systemProcesses, process.pid).some((pid) =>
  systemProcesses.variable?.(pid, 'AI_AGENT')?.endsWith('_agent'),
);
