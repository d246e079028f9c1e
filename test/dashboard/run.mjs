/**
 * What `npm run test:dashboard` runs: the dashboard's page in a real browser, with real daemons behind it; and, with
 * `screenshots` as the first argument, what `npm run screenshots` runs. Both have an empty environment, a home of their own
 * and only loopback, or do not start. Further arguments go to vitest.
 */
import path from 'node:path';
import { runVitest } from '../support/run-vitest.mjs';

const given = process.argv.slice(2);
const screenshots = given[0] === 'screenshots';
const config = path.join(import.meta.dirname, screenshots ? 'screenshots' : '', 'vitest.config.ts');
const env = { PATH: process.env.PATH, LANG: 'C.UTF-8' };
const args = ['run', '--config', config, ...(screenshots ? given.slice(1) : given)];
process.exitCode = await runVitest({ args, env, needsNamespace: true });
