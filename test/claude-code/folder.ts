/** A person's Claude Code folder on disk, and what `init` and `uninstall` do to it. */
import fs from 'node:fs';
import path from 'node:path';
import {
  applyPlan,
  applyRemoval,
  type Places,
  placesOf,
  planInstall,
  planRemoval,
} from '../../src/claude-code/index.ts';
import { tempDir } from '../support/tmp-dir.ts';

const PROGRAMS = { node: '/usr/bin/node', cli: '/opt/teammate-sync/teammate-sync.cjs' };

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

  /** Every file with its bytes, and every empty folder. */
  everything(): Record<string, string> {
    const entries = fs.readdirSync(this.places.folder, { recursive: true, encoding: 'utf8' }).toSorted();
    return Object.fromEntries(
      entries.map((name) => {
        const file = this.at(name);
        return [name, fs.statSync(file).isDirectory() ? '(folder)' : fs.readFileSync(file, 'latin1')];
      }),
    );
  }

  plan(cli = PROGRAMS.cli, deny = true) {
    const paths = { home: path.join(this.home, '.teammate-sync'), socket: path.join(this.home, 'daemon.sock') };
    return planInstall(this.places, { programs: { ...PROGRAMS, cli }, paths, deny });
  }

  /** The codes and messages of what was refused. */
  install(cli = PROGRAMS.cli): string[] {
    const plan = this.plan(cli);
    return [...plan.refused, ...applyPlan(this.places, plan).refused].map(({ code, message }) => `${code}: ${message}`);
  }

  uninstall(): string[] {
    const plan = planRemoval(this.places);
    return [...plan.refused, ...applyRemoval(this.places, plan).refused].map(
      ({ code, message }) => `${code}: ${message}`,
    );
  }
}
