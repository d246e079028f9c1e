/** Showing a web page. Started directly, never through a shell: no address becomes a command. */
import { spawn } from 'node:child_process';
import path from 'node:path';

/** The program and its arguments. BROWSER may be a list, and hold arguments and `%s` for the address. */
export function browserCommand(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const wanted = env['BROWSER']?.split(platform === 'win32' ? ';' : path.posix.delimiter)[0]?.trim() ?? '';
  if (wanted !== '') {
    const words = wanted.split(/\s+/);
    const placed = words.map((word) => word.replaceAll('%s', () => url));
    return words.some((word) => word.includes('%s')) ? placed : [...words, url];
  }
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}

/** Starts it and goes on; that there is none is no failure, for the address is shown, too. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  if (!/^https?:\/\//.test(url)) return;
  const [program = '', ...args] = browserCommand(url, env, platform);
  const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false, env });
  child.on('error', () => {});
  child.unref();
}
