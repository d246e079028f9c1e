import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/claude/**/*.test.ts'],
    pool: 'forks',
    // Two clients at a time is what two cores stand.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
