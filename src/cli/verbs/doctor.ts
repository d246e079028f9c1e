/** `doctor`: finds what is wrong and says what mends it. Works whatever is broken, and changes nothing. */
import { TeammateSyncError } from '../../errors.ts';
import type { Check } from '../../protocol/doctor.ts';
import type { Status } from '../../protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { isSetUp } from '../daemon-access.ts';
import { runningDaemon } from '../daemon-control.ts';
import type { CliIo } from '../io.ts';
import { count } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, red, yellow } from '../output/piece.ts';
import type { Printer } from '../output/printer.ts';
import { ago } from '../output/time.ts';
import { foundCheck, natAdvice, natText, OFFLINE_ADVICE, offlineReason } from '../../platform/network-words.ts';
import { runDoctor } from '../run-doctor.ts';
import type { VerbContext } from '../verb.ts';

const NODE_MIN = [20, 19] as const;

export async function run({ io, json, out, err }: VerbContext): Promise<number> {
  const checks: Check[] = [];
  const tell = (check: Check): void => {
    checks.push(check);
    if (json) return;
    err.transient('');
    out.lines(checkLines(check));
  };
  tell(nodeCheck());
  const { status, check } = await daemonCheck(io);
  tell(check);
  const online = status?.network?.state === 'online';
  const daemon = status && { pid: status.pid, version: status.version, online };
  await runDoctor(io, { daemon }, (event) => {
    if (event.type === 'looking') err.transient(`looking at ${event.at} …`);
    else if (event.type === 'check') tell(event.check);
    else tell(foundCheck(event.found));
  });
  if (status && online) tell(networkCheck(status, io.now()));
  if (status) for (const more of lastErrorCheck(status, io.now())) tell(more);
  err.transient('');
  const problems = checks.filter(({ state }) => state === 'problem').length;
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  if (json) out.json({ v: 1, problems, warnings, checks });
  else sum(out, problems, warnings);
  return problems > 0 ? EXIT.failed : EXIT.done;
}

const MARK: Record<Check['state'], Piece> = {
  ok: green('ok      '),
  warning: yellow('warning '),
  problem: red('problem '),
};

function checkLines({ id, state, what, fix }: Check): Line[] {
  const line: Line = [MARK[state], bold(id.padEnd(10)), ' ', what];
  return fix === null ? [line] : [line, ['        ', bold('→ '), cyan(fix)]];
}

function sum(out: Printer, problems: number, warnings: number): void {
  out.line();
  if (problems > 0)
    out.line(red(count(problems, 'problem')), `, ${count(warnings, 'warning')}: mend the first one first.`);
  else if (warnings > 0) out.line(green('No problem'), `, ${count(warnings, 'warning')}.`);
  else out.line(green('All is well.'), dim(' When a teammate does not see you, let them run it, too.'));
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const what = `Node ${process.versions.node}, teammate-sync ${PRODUCT_VERSION}`;
  if (good) return { id: 'program', state: 'ok', what, fix: null };
  return { id: 'program', state: 'problem', what, fix: `use Node ${NODE_MIN.join('.')} or newer` };
}

async function daemonCheck(io: CliIo): Promise<{ status: Status | null; check: Check }> {
  const id = 'daemon';
  try {
    const status = await runningDaemon(io);
    if (!status) {
      const what = 'not running: nothing is shared or received';
      const fix = isSetUp(io) ? 'teammate-sync up' : 'teammate-sync init --org <your GitHub org>';
      return { status, check: { id, state: 'warning', what, fix } };
    }
    const { version, pid } = status;
    if (version !== PRODUCT_VERSION) {
      const what = `process ${pid} is version ${version}, this program is ${PRODUCT_VERSION}`;
      return { status, check: { id, state: 'problem', what, fix: 'teammate-sync down && teammate-sync up' } };
    }
    return { status, check: { id, state: 'ok', what: `process ${pid} answers`, fix: null } };
  } catch (error) {
    if (!(error instanceof TeammateSyncError)) throw error;
    return { status: null, check: { id, state: 'problem', what: error.message, fix: error.hint } };
  }
}

/** Of a daemon that is online. */
function networkCheck(status: Status, now: number): Check {
  const { network } = status;
  const advice = network === null ? null : natAdvice(network.nat);
  const offline = network === null ? 'not started' : offlineReason(network, now);
  if (network === null || offline !== null) {
    return { id: 'network', state: 'problem', what: offline ?? '', fix: OFFLINE_ADVICE };
  }
  const what = `the DHT answers, ${count(network.peers, 'device')} of teammates in reach; NAT ${natText(network.nat)}`;
  return { id: 'network', state: advice === null ? 'ok' : 'warning', what, fix: advice };
}

/** What went wrong last in the running daemon, which no look from outside can find. */
function lastErrorCheck({ errors }: Status, now: number): Check[] {
  const newest = errors.at(-1);
  if (newest === undefined) return [];
  const { code, message, hint, at } = newest;
  return [{ id: 'last error', state: 'warning', what: `${ago(at, now)}: ${code}, ${message}`, fix: hint }];
}
