/** What `init` put into Claude Code: whether it is there, right, and of use to this Claude Code. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  claudeIsHere,
  claudeProgram,
  clientVersion,
  placesOf,
  type Standing,
  standingOf,
} from '../../claude-code/index.ts';
import { readConfig } from '../../platform/config.ts';
import type { HomePaths } from '../../platform/paths.ts';
import type { Environment } from '../settings.ts';
import { type Findings, ok, problem, type Say, take, warning } from './report.ts';
import { checkServer } from './server-check.ts';

const VERSION_MS = 10_000;
const INIT = 'teammate-sync init';

/** Looks at hooks, commands and client, as far as there is a Claude Code at all. */
export async function checkIntegration(paths: HomePaths, env: Environment, say: Say): Promise<void> {
  if (!claudeIsHere(env)) return;
  const places = placesOf(env);
  const seen: { standing?: Standing } = {};
  const look = (): Findings => {
    seen.standing = standingOf(places, paths);
    return hooksFinding(seen.standing, places.settings);
  };
  await take({ id: 'hooks', at: "Claude Code's hooks", look }, say);
  const { standing } = seen;
  if (standing && standing.plugin === null && standing.hooks !== 'none') {
    await take({ id: 'commands', at: 'the slash commands', look: () => commandsFinding(standing) }, say);
    const rules = (): Findings => rulesFinding(standing.rulesMissing, rulesDeclined(paths));
    await take({ id: 'rules', at: 'the rules of permissions.deny', look: rules }, say);
  }
  const server = (): Promise<Findings> =>
    checkServer(places, { home: paths.home, plugin: standing?.plugin ?? null, env });
  await take({ id: 'mcp', at: 'the MCP server', look: server }, say);
  const program = claudeProgram(env);
  if (program !== null) {
    await take({ id: 'client', at: "Claude Code's version", look: () => checkClient(program, env) }, say);
  }
}

/** @param settings their file, for what is to be mended there by hand */
export function hooksFinding({ hooks, gone, disabled, plugin }: Standing, settings: string): Findings {
  if (plugin !== null && hooks !== 'none') {
    return warning(
      `they are there twice: by init, and by the plugin ${plugin}, which does nothing for that`,
      `teammate-sync uninstall, or: claude plugin uninstall ${plugin}`,
    );
  }
  if (disabled) {
    return warning(
      'disableAllHooks is set: no slash command is answered, and conversations are noticed later',
      `take "disableAllHooks" out of ${settings}`,
    );
  }
  if (plugin !== null) return ok(`the plugin ${plugin} has them`);
  if (hooks === 'none') return warning('not installed: no slash command is answered', INIT);
  if (gone.length > 0) return problem(`they start what is not there any more: ${gone.join(', ')}`, INIT);
  if (hooks === 'other') return warning('they are of another version or another home', INIT);
  return ok(`installed in ${settings}`);
}

/** @param declined whether a person did not want them */
export function rulesFinding(missing: readonly string[], declined: boolean): Findings {
  if (missing.length === 0) return ok("they keep Claude's own shell from the verbs that give access");
  const what = "without them the verbs that give access refuse by themselves in Claude's own shell, and no sooner";
  if (declined) return ok(`you did not want them: ${what}`);
  return warning(`not there, or not all: ${what}`, INIT);
}

/** Of a config that cannot be read the check of the config tells. */
function rulesDeclined(paths: HomePaths): boolean {
  try {
    return readConfig(paths.config)?.denyRules === false;
  } catch {
    return false;
  }
}

function commandsFinding({ missing, taken }: Standing): Findings {
  const slashed = (names: readonly string[]): string => names.map((name) => `/${name}`).join(', ');
  if (missing.length > 0) return warning(`not installed, or of another version: ${slashed(missing)}`, INIT);
  if (taken.length > 0) {
    const verbs = taken.map((name) => `teammate-sync ${name}`).join(', ');
    return warning(`yours have the same names: ${slashed(taken)}`, `rename them and run ${INIT}, or type ${verbs}`);
  }
  return ok('installed');
}

async function checkClient(program: string, env: Environment): Promise<Findings> {
  const found = await promisify(execFile)(program, ['--version'], { env, timeout: VERSION_MS, encoding: 'utf8' }).catch(
    (error: Error) => error,
  );
  if (found instanceof Error) return warning(`${program} does not say its version`, `try: ${program} --version`);
  return clientFinding(found.stdout);
}

/** @param said what `claude --version` prints */
export function clientFinding(said: string): Findings {
  const found = clientVersion(said);
  if (found === null) return warning('Claude Code does not say its version', 'try: claude --version');
  const { version, lacks } = found;
  return lacks === null ? ok(`Claude Code ${version}`) : warning(`Claude Code ${version} ${lacks}`, 'claude update');
}
