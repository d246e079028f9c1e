/**
 * A daemon in a process of its own, the same as in production but for its clock, which the parent steers, and a tap of
 * all decrypted frames, which go to the parent. Speaks over the IPC channel of child_process.
 */
import { randomBytes } from 'node:crypto';
import { Daemon, loadSettings, pathsOf } from '../../../src/daemon/index.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { systemProcesses } from '../../../src/platform/process-table.ts';
import { SteerableClock } from '../steerable-clock.ts';
import type { FromDaemon, ToDaemon } from './daemon-messages.ts';

const tell = (message: FromDaemon): void => void process.send?.(message);
/** Where its wall clock stands at the beginning, unix milliseconds; the machine's by default. */
const clock = new SteerableClock(Number(process.env['TEST_DAEMON_WALL'] ?? Date.now()));

const daemon = new Daemon({
  settings: loadSettings(pathsOf(process.env), null),
  surroundings: {
    env: process.env,
    clock,
    random: (n) => randomBytes(n),
    processes: systemProcesses,
    logger: createLogger({ level: 'silent', clock }),
    redactor: process.env['TEST_REDACTOR'] ?? '',
    tap: ({ direction, remote, bytes }) => tell({ type: 'frame', direction, remote, bytes: bytes.toString('base64') }),
  },
});

process.on('message', (message: ToDaemon) => {
  if (message.type === 'pass') clock.pass(message.ms);
  if (message.type === 'setWall') clock.setWall(message.unixMs);
  if (message.type === 'stop') void daemon.stop();
  if (message.type !== 'stop') tell({ type: 'steered', now: clock.now() });
});
// Never outlives the test.
process.once('disconnect', () => process.exit(1));

try {
  await daemon.start();
  tell({ type: 'ready' });
  await daemon.stopped;
  process.exit(0);
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
