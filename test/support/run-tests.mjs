/** What `npm test` runs: vitest with everything under test/ that needs nothing but this machine. Arguments go to vitest. */
import { runVitest, withoutOwnSetUp } from './run-vitest.mjs';

process.exitCode = await runVitest({ args: process.argv.slice(2), env: withoutOwnSetUp() });
