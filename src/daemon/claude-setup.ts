/** The part of `init` that goes into Claude Code: after everything else, so that what it connects to is there. */
import { spawnSync } from 'node:child_process';
import {
  applyPlan,
  claudeIsHere,
  claudeProgram,
  clientVersion,
  type InstallPlan,
  placesOf,
  plannedFiles,
  planInstall,
} from '../claude-code/index.ts';
import { readConfig } from '../platform/config.ts';
import type { ClaudeDone, ClaudePlan, PlannedFile } from '../protocol/setup.ts';
import { type Environment, pathsOf } from './settings.ts';

/** As for doctor: a client that does not answer is none of init's business. */
const VERSION_MS = 10_000;

const NOTHING: InstallPlan = { changes: [], refused: [], deny: [], plugin: null };

export interface ClaudeSetupOptions {
  /** False: Claude Code is left alone. */
  wanted: boolean;
  /** File of the command line. */
  cli: string;
  env: Environment;
}

export class ClaudeSetup {
  /** Whether rules of permissions.deny are to be added. */
  deny: boolean;
  /** A person did not want them. */
  readonly #declined: boolean;
  readonly #options: ClaudeSetupOptions;

  /** @throws TeammateSyncError BAD_CONFIG, UNSAFE_FILE */
  constructor(options: ClaudeSetupOptions) {
    this.#options = options;
    this.#declined = readConfig(pathsOf(options.env).config)?.denyRules === false;
    this.deny = !this.#declined;
  }

  plan(): ClaudePlan {
    const { deny, plugin, refused } = this.#planned();
    const state = this.#state(plugin);
    const denyDeclined = state === 'installs' && this.#declined;
    return { state, plugin, deny, denyDeclined, refused: refused.map((error) => error.toBody()) };
  }

  files(): PlannedFile[] {
    return plannedFiles(this.#planned().changes);
  }

  /** Looks anew: what a person was asked in between took its time. Never throws. */
  carryOut(): ClaudeDone {
    const plan = this.#planned();
    const { done, refused } = applyPlan(placesOf(this.#options.env), plan);
    return {
      state: this.#state(plan.plugin),
      plugin: plan.plugin,
      lacks: this.#lacks(),
      changed: done.map(({ path }) => path),
      refused: [...plan.refused, ...refused].map((error) => error.toBody()),
    };
  }

  #planned(): InstallPlan {
    const { wanted, cli, env } = this.#options;
    if (!wanted || !claudeIsHere(env)) return NOTHING;
    return planInstall(placesOf(env), {
      programs: { node: process.execPath, cli },
      paths: pathsOf(env),
      deny: this.deny,
    });
  }

  /** Asks the program on the PATH, if there is one. */
  #lacks(): string | null {
    const { wanted, env } = this.#options;
    const program = wanted ? claudeProgram(env) : null;
    if (program === null) return null;
    const { stdout } = spawnSync(program, ['--version'], { env, timeout: VERSION_MS, encoding: 'utf8' });
    const found = clientVersion(stdout ?? '');
    return found === null || found.lacks === null ? null : `${found.version} ${found.lacks}`;
  }

  #state(plugin: string | null): ClaudePlan['state'] {
    if (!this.#options.wanted) return 'skipped';
    if (!claudeIsHere(this.#options.env)) return 'absent';
    return plugin === null ? 'installs' : 'plugin';
  }
}
