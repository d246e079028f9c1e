/**
 * What the daemon's process does: `run` in the foreground, `serve` in the background, `setup` for `init`, `logout`,
 * `uninstall`, `relay`, `doctor`. Each mode loads what it needs and no more: most of them never see the network stack.
 */
import { fileURLToPath } from 'node:url';

/** Runs the process to its end; returns its exit code. @param redactor the built file of the redaction thread; the command line's is beside it */
export async function main(argv: readonly string[], redactor: URL): Promise<number> {
  process.umask(0o077);
  const [mode = 'run'] = argv;
  if (mode === 'setup') return (await import('./modes/setup.ts')).runSetup(cliBeside(redactor));
  if (mode === 'uninstall') return (await import('./modes/uninstall.ts')).runUninstall();
  if (mode === 'logout') return (await import('./modes/logout.ts')).runLogout();
  if (mode === 'relay') return (await import('./modes/relay.ts')).runRelay();
  if (mode === 'doctor') return (await import('./modes/doctor.ts')).runDoctor();
  if (mode === 'run' || mode === 'serve') return (await import('./modes/run.ts')).runDaemon(mode === 'run', redactor);
  process.stderr.write('usage: teammate-syncd run | serve | setup | logout | uninstall | relay | doctor\n');
  return 2;
}

function cliBeside(redactor: URL): string {
  return fileURLToPath(new URL('teammate-sync.cjs', redactor));
}
