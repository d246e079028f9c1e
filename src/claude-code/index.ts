/**
 * What teammate-sync puts into a person's Claude Code: hooks and rules in settings.json, a command file for each slash
 * command, and its MCP server in .claude.json. It plans first and changes then, whole files only, and each only as it was seen.
 *
 * It must never change or lose what is not ours, write into a file that Claude Code could not read, install a command in
 * the place of another one, or make a stub that tells a model to run anything.
 *
 * Invariants: installing twice is installing once; removing after installing gives the same bytes, when nothing else came
 * in between, and keeps what did.
 */
export { applyPlan, applyRemoval } from './apply.ts';
export { clientVersion } from './client-version.ts';
export { plannedFiles } from './planned-files.ts';
export { claudeIsHere, claudeProgram, type Places, placesOf } from './places.ts';
export { type InstallPlan, type Plan, planInstall } from './plan.ts';
export { planRemoval } from './removal.ts';
export { type ServerStanding, serverStandingOf, type Standing, standingOf } from './standing.ts';
