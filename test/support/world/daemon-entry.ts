/**
 * A daemon in a process of its own, the same as in production but for its clock, which the parent steers, a tap of all
 * decrypted frames, which go to the parent, and a death that the parent sets. Speaks over the IPC channel of child_process.
 */
import { randomBytes } from 'node:crypto';
import { Daemon, loadSettings, pathsOf } from '../../../src/daemon/index.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { SteerableClock } from '../steerable-clock.ts';
import { BEGINNING, type Beginning, type FromDaemon, type ToDaemon } from './daemon-messages.ts';
import { Mortality } from './mortality.ts';

const beginning = JSON.parse(process.env[BEGINNING] ?? '{}') as Beginning;
const tell = (message: FromDaemon): void => void process.send?.(message);
const mortality = new Mortality((kind, what) => tell({ type: 'dying', kind, what }));
const clock = new SteerableClock(beginning.wall);
clock.pass(beginning.ahead ?? 0);
if (beginning.held) clock.hold();

const daemon = new Daemon({
  settings: loadSettings(pathsOf(process.env), null),
  surroundings: {
    env: process.env,
    clock,
    random: (n) => randomBytes(n),
    processes: systemProcesses,
    logger: createLogger({ level: 'silent', clock }),
    redactor: process.env['TEST_REDACTOR'] ?? '',
    tap({ direction, remote, bytes }) {
      if (beginning.frames !== false) tell({ type: 'frame', direction, remote, bytes: bytes.toString('base64') });
      mortality.step('frame', direction);
    },
  },
});

process.on('message', (message: ToDaemon) => {
  if (message.type === 'pass') clock.pass(message.ms);
  if (message.type === 'setWall') clock.setWall(message.unixMs);
  if (message.type === 'hold') clock.hold();
  if (message.type === 'release') clock.release();
  if (message.type === 'doom') mortality.doom(message.doom);
  if (message.type === 'stop') void daemon.stop();
  if (message.type !== 'stop') tell({ type: 'steered', now: clock.now() });
});
// Never outlives the test.
process.once('disconnect', () => process.exit(1));

try {
  mortality.doom(beginning.doom ?? null);
  await daemon.start();
  mortality.doom(null);
  tell({ type: 'ready' });
  await daemon.stopped;
  process.exit(0);
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
