/** Temporary folders with short paths (a unix socket must fit below them), private, and gone after the test. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** For hooks, which must call `remove` themselves. */
export function makeTempDir(): { path: string; remove: () => void } {
  const made = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ts-'));
  return { path: made, remove: () => fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 }) };
}

/** For the body of a test: removed when the test has finished, after what the test registered later. */
export function tempDir(): string {
  const { path: made, remove } = makeTempDir();
  onTestFinished(remove);
  return made;
}
