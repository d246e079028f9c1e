/**
 * Rules that forbid Claude's own shell the verbs that give access. The verbs refuse there by themselves; with the rules
 * Claude Code does not even start them. A bar, not a wall: a command can be written in many ways.
 */

/** Verbs that only a person may type, with the names they also have. */
const ACCESS_VERBS = ['share', 'connect', 'accept', 'trust', 'unblock', 'verify --match'];

export const DENY_RULES: readonly string[] = ACCESS_VERBS.map((verb) => `Bash(teammate-sync ${verb}:*)`);
