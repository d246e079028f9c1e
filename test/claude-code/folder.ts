/** A person's Claude Code folder on disk, and what `init` and `uninstall` do to it. */
import fs from 'node:fs';
import path from 'node:path';
import {
  applyPlan,
  applyRemoval,
  type Places,
  type Plan,
  placesOf,
  planInstall,
  planRemoval,
} from '../../src/claude-code/index.ts';
import type { Wait } from '../../src/claude-code/client-lock.ts';
import { tempDir } from '../support/tmp-dir.ts';

const PROGRAMS = { node: '/usr/bin/node', cli: '/opt/teammate-sync/teammate-sync.cjs' };

/** Nobody else writes, so nothing is waited for. */
export const NO_TIME: Wait = () => {};

export class ClaudeFolder {
  readonly home = tempDir();
  readonly places: Places = placesOf({ HOME: this.home, USERPROFILE: this.home });

  constructor() {
    fs.mkdirSync(this.places.folder);
  }

  /** Path below Claude Code's folder. */
  at(...names: string[]): string {
    return path.join(this.places.folder, ...names);
  }

  write(name: string, text: string | Uint8Array): void {
    fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
    fs.writeFileSync(this.at(name), text);
  }

  read(name: string): string {
    return fs.readFileSync(this.at(name), 'utf8');
  }

  /** Every file with its bytes, and every empty folder; of the home, where Claude Code's state is, with `~/` before it. */
  everything(): Record<string, string> {
    const entries = fs.readdirSync(this.places.folder, { recursive: true, encoding: 'utf8' }).toSorted();
    const state = fs.readdirSync(this.home).filter((name) => name.startsWith('.claude.json'));
    const files = [
      ...entries.map((name) => [name, this.at(name)] as const),
      ...state.map((name) => [`~/${name}`, path.join(this.home, name)] as const),
    ];
    return Object.fromEntries(
      files.map(([name, file]) => [
        name,
        fs.statSync(file).isDirectory() ? '(folder)' : fs.readFileSync(file, 'latin1'),
      ]),
    );
  }

  plan(cli = PROGRAMS.cli, deny = true) {
    const paths = { home: path.join(this.home, '.teammate-sync'), socket: path.join(this.home, 'daemon.sock') };
    return planInstall(this.places, { programs: { ...PROGRAMS, cli }, paths, deny });
  }

  /** @param wait what happens while a lock or a client is waited for @returns the codes and messages of what was refused */
  install(cli = PROGRAMS.cli, wait: Wait = NO_TIME): string[] {
    return this.apply(this.plan(cli), wait);
  }

  /** The same, of a plan that was made before. */
  apply(plan: Plan, wait: Wait = NO_TIME): string[] {
    const { refused } = applyPlan(this.places, plan, wait);
    return [...plan.refused, ...refused].map(({ code, message }) => `${code}: ${message}`);
  }

  uninstall(wait: Wait = NO_TIME): string[] {
    const plan = planRemoval(this.places);
    return [...plan.refused, ...applyRemoval(this.places, plan, wait).refused].map(
      ({ code, message }) => `${code}: ${message}`,
    );
  }
}
