/** Opening a page: which program, and that no address becomes a command. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserCommand, openBrowser } from '../../src/cli/browser.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

const URL = 'https://github.com/login/device';

describe('the browser', () => {
  it.each([
    ['linux', {}, ['xdg-open', URL]],
    ['darwin', {}, ['open', URL]],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', URL]],
    ['linux', { BROWSER: ' ' }, ['xdg-open', URL]],
    ['linux', { BROWSER: 'firefox --new-tab:lynx' }, ['firefox', '--new-tab', URL]],
    ['darwin', { BROWSER: 'show --at=%s now' }, ['show', `--at=${URL}`, 'now']],
  ] as const)('on %s with %j is %j', (platform, env, command) => {
    expect(browserCommand(URL, env, platform)).toEqual(command);
  });

  it.skipIf(process.platform === 'win32')('is given the address as one word, by no shell', async () => {
    const folder = tempDir();
    const program = path.join(folder, 'browser');
    fs.writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > ${folder}/part && mv ${folder}/part ${folder}/seen\n`,
      {
        mode: 0o755,
      },
    );
    const env = { BROWSER: program, PATH: process.env['PATH'] };
    const hostile = `https://github.com/$(touch ${folder}/a);touch ${folder}/b`;
    openBrowser(`file://${folder}/c`, env, process.platform);
    openBrowser(hostile, env, process.platform);
    await until(() => fs.existsSync(path.join(folder, 'seen')), { what: 'the browser' });
    expect(fs.readFileSync(path.join(folder, 'seen'), 'utf8')).toBe(`1\n${hostile}\n`);
    expect(fs.readdirSync(folder).toSorted()).toEqual(['browser', 'seen']);
    // That there is none is no failure.
    openBrowser(URL, { BROWSER: path.join(folder, 'none') }, process.platform);
  });
});
