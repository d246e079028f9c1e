/**
 * `npm run soak -- [--kills N] [--lives N] [--seed N] [--path P] [--show]`: what `npm test` runs of test/soak, for longer or
 * once more with the same choices. 0 for --kills or --lives leaves that half out.
 */
import { randomInt } from 'node:crypto';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const whole = (name, text) => {
  if (/^\d+$/.test(text)) return text;
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
};

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    lives: { type: 'string', default: '200' },
    seed: { type: 'string' },
    path: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});
const env = { ...process.env, SOAK_KILLS: whole('kills', values.kills), SOAK_LIVES: whole('lives', values.lives) };
env.SOAK_SEED = values.seed === undefined ? String(randomInt(2 ** 31)) : whole('seed', values.seed);
if (values.path !== undefined) env.SOAK_PATH = values.path;
if (values.show) env.SOAK_SHOW = '1';

const halves = { 'kills.test.ts': env.SOAK_KILLS, 'may-read.test.ts': env.SOAK_LIVES };
const files = Object.keys(halves).filter((file) => halves[file] !== '0');
const runTests = path.resolve(import.meta.dirname, '../support/run-tests.mjs');
const args = files.map((file) => path.join('test', 'soak', file));
const child = spawn(process.execPath, [runTests, ...args, '--no-file-parallelism'], { env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => (process.exitCode = code ?? 1));
