/**
 * `npm run bench`: the figures of the product beside their floors from the same run, on this machine, over loopback. It
 * ends with 0 when everything worked, however fast; with 1 and the reason when something did not. Every process and file
 * that it made is gone at the end either way, also after Ctrl-C.
 */
import os from 'node:os';
import path from 'node:path';
import { answers } from './answers.ts';
import { backFill } from './back-fill.ts';
import { cliStart } from './cli-start.ts';
import { daemonCost } from './daemon-cost.ts';
import { dashboard } from './dashboard.ts';
import { Grounds } from './ground.ts';
import { liveLine } from './live-line.ts';
import { loop } from './loop.ts';
import { idle } from './idle.ts';
import { many } from './many.ts';
import { sessions } from './sessions.ts';
import { type BenchOptions, parseOptions, type SectionName, USAGE } from './options.ts';
import { machineFacts } from './process-facts.ts';
import { progressTo } from './progress.ts';
import type { Section, SectionContext } from './section.ts';
import { renderMarkdown, renderTable } from './table.ts';
import { type Target, targetTable } from './target.ts';

const SECTIONS: Record<SectionName, Section> = {
  live: liveLine,
  'back-fill': backFill,
  cli: cliStart,
  daemon: daemonCost,
  loop,
  idle,
  many,
  sessions,
  answers,
  dashboard,
};

const dist = path.resolve(import.meta.dirname, '..');
const grounds = new Grounds({
  cli: path.join(dist, 'teammate-sync.cjs'),
  daemon: path.join(dist, 'teammate-syncd.mjs'),
  githubStandIn: path.join(dist, 'test', 'github-stand-in.mjs'),
  peer: path.join(dist, 'test', 'bench-peer.mjs'),
  loopProbe: path.join(dist, 'test', 'loop-probe.mjs'),
  crowd: path.join(dist, 'test', 'bench-crowd.mjs'),
});

async function measure(options: BenchOptions, progress: SectionContext['progress']): Promise<string> {
  const { sections: wanted, quick, json, markdown } = options;
  const render = markdown ? renderMarkdown : renderTable;
  const machine = machineFacts();
  const results: Record<string, unknown> = {};
  const texts: string[] = [];
  const targets: Target[] = [];
  for (const name of wanted) {
    const [load] = os.loadavg();
    const { data, tables, targets: promised = [] } = await SECTIONS[name]({ grounds, quick, progress });
    results[name] = { loadBefore: load, ...data, targets: promised };
    targets.push(...promised);
    texts.push(...tables.map(render), `  1-minute load before this section: ${load?.toFixed(2)}\n`);
  }
  if (json) return `${JSON.stringify({ v: 1, machine, quick, sections: results })}\n`;
  const { platform, cpu, cores, memoryBytes, node } = machine;
  const about = `${platform}, ${cores} cores (${cpu}), ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, node ${node}`;
  const how = 'Loopback only: no distance and no loss, so these are floors. "2.00 ×": twice the floor of the same run.';
  return ['', about, how, '', ...texts, render(targetTable(targets))].join('\n');
}

async function bench(options: BenchOptions): Promise<number> {
  const progress = progressTo(process.stderr);
  const interrupted = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  // Whatever else happens, nothing outlives this process.
  process.once('exit', () => grounds.end());
  const measured = measure(options, progress.say).then((text) => ({ text }));
  measured.catch(() => {});
  try {
    const ended = await Promise.race([measured, interrupted]);
    progress.clear();
    if (typeof ended === 'string') {
      console.error(`Stopped by ${ended}.`);
      return 128 + os.constants.signals[ended];
    }
    process.stdout.write(ended.text);
    return 0;
  } catch (error) {
    progress.clear();
    console.error('It did not work:', error);
    return 1;
  } finally {
    await grounds.close();
  }
}

// It would be read by every Node that starts, which is no cost of ours.
delete process.env['NODE_EXTRA_CA_CERTS'];

let code = 2;
try {
  code = await bench(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
}
// Not before all of it was written: a pipe may still hold some.
process.stdout.write('', () => process.exit(code));
