import { defineConfig } from 'vitest/config';
import { LongestFirst } from '../support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/dashboard/*.test.ts'],
    globalSetup: ['test/support/redactor-build.ts', 'test/support/page-build.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // A browser is several processes already.
    maxWorkers: 2,
    isolate: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
