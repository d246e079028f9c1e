/**
 * What `npm run test:dashboard` runs: the dashboard's page in a real browser, with real daemons behind it. The run has an
 * empty environment, a home of its own and only loopback, or does not start. Arguments go to vitest.
 */
import path from 'node:path';
import { runVitest } from '../support/run-vitest.mjs';

const config = path.join(import.meta.dirname, 'vitest.config.ts');
const env = { PATH: process.env.PATH, LANG: 'C.UTF-8' };
const args = ['run', '--config', config, ...process.argv.slice(2)];
process.exitCode = await runVitest({ args, env, needsNamespace: true });
