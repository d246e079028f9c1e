import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need Claude Code itself, judges that others wrote, a browser: npm run test:claude, test:mcp, test:dashboard.
    exclude: [...configDefaults.exclude, 'test/claude/**', 'test/mcp/judges/**', 'test/dashboard/*.test.ts'],
    globalSetup: 'test/support/redactor-build.ts',
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Tests of daemons mostly wait: more of them than cores finish sooner.
    maxWorkers: 4,
    // No module holds state, so what one file has loaded serves the next one in the same process.
    isolate: false,
    // Daemons in one process make much that is short-lived.
    execArgv: ['--max-semi-space-size=32'],
    // Real daemons on two cores: a slow machine must not turn into a failed test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
