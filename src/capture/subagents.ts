/** Where the files of a conversation's subagents lie, beside its transcript. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../platform/ownership.ts';
import { MAIN_SOURCE } from '../protocol/turn.ts';

const AGENT_FILE = /^agent-([A-Za-z0-9_-]{1,128})\.jsonl$/;
/** Files in that folder beyond this are left out. */
const AGENTS_MAX = 4096;

/** `<dir>/<session>/subagents` for a transcript at `<dir>/<session>.jsonl`. */
export function subagentsFolder(transcriptPath: string): string {
  return join(dirname(transcriptPath), basename(transcriptPath, '.jsonl'), 'subagents');
}

/** True for the name of a subagent's transcript. */
export function isAgentFile(name: string): boolean {
  return agentOf(name) !== null;
}

function agentOf(name: string): string | null {
  const id = AGENT_FILE.exec(name)?.[1];
  return id === undefined || id === MAIN_SOURCE ? null : id;
}

/**
 * Path of each subagent's file by its id, in the order of their ids; empty when there is no folder yet.
 * Only regular files count: a link could lead out of the conversation.
 * @throws the system's error, except that there is no such folder
 */
export async function listSubagents(transcriptPath: string): Promise<Map<string, string>> {
  const folder = subagentsFolder(transcriptPath);
  const found = new Map<string, string>();
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const id = entry.isFile() ? agentOf(entry.name) : null;
      if (id !== null && found.size < AGENTS_MAX) found.set(id, join(folder, entry.name));
    }
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  return found;
}
