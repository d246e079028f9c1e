import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/mcp/**/*.test.ts', 'test/e2e/mcp.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
