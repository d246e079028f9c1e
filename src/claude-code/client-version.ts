/** What an older Claude Code does not have of what we use. Tried with 2.0.76, 2.1.39 and 2.1.330. */

/** Keeps a list of running conversations from here on. */
const LISTS_SESSIONS = [2, 1, 139] as const;
/** Older ones have not been looked at. */
const KNOWN = [2, 0, 0] as const;

export interface ClientVersion {
  /** As it is written: `2.1.330`. */
  version: string;
  /** What is missing with it, and what goes on; null: nothing is. */
  lacks: string | null;
}

/** @param said what `claude --version` prints @returns null for what is no version */
export function clientVersion(said: string): ClientVersion | null {
  const version = /\d+\.\d+\.\d+/.exec(said)?.[0];
  if (version === undefined) return null;
  const parts = version.split('.').map(Number);
  if (isBefore(parts, KNOWN)) return { version, lacks: 'is older than any that was tried' };
  if (!isBefore(parts, LISTS_SESSIONS)) return { version, lacks: null };
  const lacks =
    'answers the commands that show, and asks by MCP; it does not say whether somebody sits before it and keeps no list of ' +
    'running conversations, so verbs that give access are typed in a terminal, and hooks alone tell when one ends';
  return { version, lacks };
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((part, i) => part !== version[i]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}
