/**
 * Makes a daemon's process die at an exact step of its work, by SIGKILL to itself: between the write and the rename of a
 * file, in the middle of removing a folder, before or after a core has grown, at a frame of a connection. A kill from
 * outside would hit long waits and hardly ever these moments.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import Hypercore from 'hypercore';

/** frame: one was sent or received · file: a file or folder is about to change · append: a core has grown or is about to. */
export type StepKind = 'frame' | 'file' | 'append';

/** Dies at the step number `after` of these kinds, counted from when it was doomed; 1: the next one. */
export interface Doom {
  kinds: StepKind[];
  after: number;
}

const WRITES = ['writeFileSync', 'fsyncSync', 'renameSync', 'mkdirSync', 'unlinkSync'] as const;

export class Mortality {
  #doom: Doom | null = null;
  readonly #dying: (kind: StepKind, what: string) => void;

  /** @param dying told just before the end */
  constructor(dying: (kind: StepKind, what: string) => void) {
    this.#dying = dying;
    this.#watchFiles();
    this.#watchCores();
  }

  doom(doom: Doom | null): void {
    this.#doom = doom && { ...doom };
  }

  step(kind: StepKind, what: string, before: () => void = () => {}): void {
    const doom = this.#doom;
    if (!doom?.kinds.includes(kind) || --doom.after > 0) return;
    before();
    this.#dying(kind, what);
    process.kill(process.pid, 'SIGKILL');
  }

  #watchFiles(): void {
    for (const name of WRITES) {
      const original = fs[name] as (...args: unknown[]) => unknown;
      const watched = (...args: unknown[]): unknown => {
        this.step('file', name);
        return original.apply(fs, args);
      };
      Object.assign(fs, { [name]: watched });
    }
    const { rm } = fs.promises;
    fs.promises.rm = async (target, options) => {
      this.step('file', 'rm', () => removeHalf(String(target)));
      await rm(target, options);
      this.step('file', 'rm done');
    };
    syncBuiltinESMExports();
  }

  #watchCores(): void {
    const core = Hypercore.prototype as unknown as { append: (...args: unknown[]) => Promise<unknown> };
    const { append } = core;
    const step = (what: string): void => this.step('append', what);
    core.append = async function (...args) {
      step('before append');
      const result = await append.apply(this, args);
      step('after append');
      return result;
    };
  }
}

/** As a removal that got no further. */
function removeHalf(target: string): void {
  const found = fs.lstatSync(target, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return;
  const files = fs
    .readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.filter((_, i) => i % 2 === 0)) fs.rmSync(file, { force: true });
}
