/** Looks for the browser, and builds the dashboard's page, once for a whole run of tests. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { requireChromium } from '../dashboard/support/chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the built page; absent where no browser opens it. */
    page?: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Returns what removes it again. @throws Error with what to install where there is no browser */
export default async function setup(project: TestProject): Promise<() => void> {
  requireChromium();
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ts-'));
  const script = pathToFileURL(path.join(ROOT, 'scripts/build.mjs')).href;
  const { buildPage } = (await import(/* @vite-ignore */ script)) as {
    buildPage: (folder: string) => Promise<unknown>;
  };
  await buildPage(folder);
  project.provide('page', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
