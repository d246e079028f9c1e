import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/dashboard/screenshots/*.shots.ts'],
    globalSetup: ['test/support/redactor-build.ts', 'test/support/page-build.ts'],
    pool: 'forks',
    // Paths are in the pictures.
    env: { TMPDIR: '/tmp' },
    testTimeout: 300_000,
    hookTimeout: 90_000,
  },
});
