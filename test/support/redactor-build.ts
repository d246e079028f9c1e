/** Builds the redaction thread once for a whole run of tests: a thread of Node 20 cannot run TypeScript. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The built file of the redaction thread. */
    redactor: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Returns what removes it again. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ts-'));
  const script = pathToFileURL(path.join(ROOT, 'scripts/build.mjs')).href;
  const { entries } = (await import(/* @vite-ignore */ script)) as { entries: Record<string, BuildOptions> };
  const outfile = path.join(folder, 'teammate-sync-redactor.mjs');
  await build({ ...entries['teammate-sync-redactor'], outfile });
  project.provide('redactor', outfile);
  return () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
