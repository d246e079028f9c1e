/**
 * The real browser of this machine, headless, with a profile of its own that is gone with it. It resolves no name but those
 * that it is given, and does nothing by itself: what it asks for, a page asked for.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export interface ChromiumOptions {
  /** Names that lead to 127.0.0.1, as a hostile name server says. */
  names?: readonly string[];
}

/** @throws Error with what to install where there is none */
export function launchChromium({ names = [] }: ChromiumOptions = {}): Promise<Browser> {
  const rules = [...names.map((name) => `MAP ${name} 127.0.0.1`), 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
  return chromium.launch({
    executablePath: requireChromium(),
    headless: true,
    // It ends with the pipe to this process; signals are for who started it.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    // Its sandbox refuses to run as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      `--host-resolver-rules=${rules.join(', ')}`,
      '--no-proxy-server',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--no-pings',
      // Of its own accord it keeps pages from loopback, which Firefox and Safari do not: what holds must hold without it.
      '--enable-features=LocalNetworkAccessChecks:LocalNetworkAccessChecksWarn/true',
    ],
  });
}

/** @returns its absolute path, of the PATH. @throws Error with what to install where there is none */
export function requireChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const files = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = files.find(isProgram);
  if (found !== undefined) return found;
  throw new Error('the dashboard is tested in Chromium, and there is none on the PATH: apt-get install chromium');
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
