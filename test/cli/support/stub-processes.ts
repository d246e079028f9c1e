/** Daemons and set-ups that do what a test says, as processes. */
import fs from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';
import { HOSTILE, me } from './canned.ts';
import { setUpHome } from './fake-daemon.ts';
import { startCli } from './run-cli.ts';

export const daemonEntry = path.join(import.meta.dirname, 'stub-daemon.mjs');

interface Given {
  pid: number;
  argv: string[];
  token?: string;
  stdin?: string;
}

/** What the processes of this home were given, oldest first. */
export function given(home: string, of: 'daemon' | 'setup'): Given[] {
  const file = path.join(home, `${of}.json`);
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Given => JSON.parse(line));
}

/** A home whose daemons are ended with the test. */
export function homeWithDaemons(home = setUpHome()): string {
  onTestFinished(() => {
    for (const { pid } of given(home, 'daemon')) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  });
  return home;
}

export const lines = (...events: object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
/** What a set-up says at its end, and before it changes anything. */
export const done = { type: 'done', me };
export const plan = {
  type: 'plan',
  plan: {
    handle: 'alice',
    org: 'acme',
    files: [
      { path: '/home/alice/.teammate-sync/keys', change: 'keep', lines: [] },
      {
        path: '/home/alice/.teammate-sync/config.json',
        change: 'change',
        lines: ['- org: "old"', `+ org: "${HOSTILE}"`],
      },
    ],
    publishes: 'the public keys of this device',
    claude: { state: 'absent', plugin: null, deny: [] as string[], denyDeclined: false, refused: [] as object[] },
  },
};

/** With the words of a typist at the terminal; its answers to the set-up are what counts. */
export function typist(home: string, argv: string[], STUB_SETUP: string) {
  const stdin = new PassThrough();
  const env = { STUB_SETUP, NO_COLOR: '1' };
  const cli = startCli(argv, { home, daemonEntry, stdin, typing: true, terminal: 80, env });
  return {
    ...cli,
    async type(after: string, text: string): Promise<void> {
      await until(() => cli.stderr().includes(after), { what: after });
      stdin.write(text);
    },
    end: () => void stdin.end(),
  };
}
