/** A message on the user's desktop. Programs are started directly, never through a shell: no text becomes a command. */
import { spawn } from 'node:child_process';
import { clip, printable } from './printable.ts';

const TITLE = 'teammate-sync';
const TEXT_MAX = 240;
/** The text comes as an argument of the script, so it is never read as one. */
const SCRIPT = ['on run argv', `display notification (item 1 of argv) with title "${TITLE}"`, 'end run'];

/** The program and its arguments; null where there is no desktop, or no program that comes with it. */
export function messageCommand(text: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] | null {
  const inert = clip(printable(text), TEXT_MAX);
  if (platform === 'darwin') return ['osascript', ...SCRIPT.flatMap((line) => ['-e', line]), '--', inert];
  if (platform === 'win32') return null;
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY'] && !env['DBUS_SESSION_BUS_ADDRESS']) return null;
  // Some desktops read the body as markup.
  const plain = inert.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return ['notify-send', '--app-name', TITLE, '--', TITLE, plain];
}

/** Shows it and goes on; that it could not is told to nobody, for nothing depends on it. */
export function showOnDesktop(text: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  const command = messageCommand(text, env, platform);
  if (command === null) return;
  const [program = '', ...args] = command;
  try {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false, env });
    child.on('error', () => {});
    child.unref();
  } catch {
    // No process can be started just now.
  }
}
