/** What `init` asks and tells a person about Claude Code. */
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/tmp-dir.ts';
import { runCli } from './support/run-cli.ts';
import { daemonEntry, done, given, homeWithDaemons, lines, plan, typist } from './support/stub-processes.ts';

describe('init, of Claude Code', () => {
  it('shows many files of a folder in one line, and each of few', async () => {
    const files = ['share', 'show', 'shared'].map((name) => ({
      path: `/c/commands/${name}.md`,
      change: 'make',
      lines: [],
    }));
    const settings = { path: '/c/settings.json', change: 'change', lines: [] };
    const many = { ...plan, plan: { ...plan.plan, files: [settings, ...files] } };
    const typing = typist(homeWithDaemons(), ['init', '--org', 'acme'], lines(many, done));
    await typing.type('Go on? [Y/n]', '\n');
    const { stderr } = await typing.result;
    expect(stderr).toContain('  change /c/settings.json\n  make /c/commands: 3 files (share, show, shared)\n');
  });

  it('asks by itself whether rules may be added, and says no to them alone', async () => {
    const claude = { state: 'installs', plugin: null, deny: ['Bash(x:*)'], refused: [] };
    const withRules = { ...plan, plan: { ...plan.plan, claude } };
    for (const [typed, deny] of [
      ['\n', true],
      ['n\n', false],
    ] as const) {
      const home = homeWithDaemons();
      const typing = typist(home, ['init', '--org', 'acme'], lines(withRules, done));
      await typing.type('Go on? [Y/n]', '\n');
      await typing.type('Add them to permissions.deny? [Y/n]', typed);
      const { code, stderr } = await typing.result;
      expect(code).toBe(0);
      expect(stderr).toContain('  Bash(x:*)\n');
      expect(given(home, 'setup')[0]?.stdin).toContain(`{"go":true,"deny":${deny}}\n`);
    }
  });

  it('says in a dry run that the rules were not wanted, and how to be asked again', async () => {
    const claude = { state: 'installs', plugin: null, deny: [], denyDeclined: true, refused: [] };
    const planned = { ...plan, plan: { ...plan.plan, files: [], publishes: null, claude } };
    const env = { STUB_SETUP: lines(planned, { ...done, me: null, claude: null }) };
    const { stdout } = await runCli(['init', '--dry-run'], { home: tempDir(), daemonEntry, env });
    expect(stdout).toContain('All of it is so already');
    expect(stdout).toContain('take "denyRules" out of config.json');
  });

  it('says what became of Claude Code, and fails only when its settings could not be changed', async () => {
    const taken = { code: 'CLAUDE_COMMAND_TAKEN', message: '/show is yours', hint: 'rename it' };
    const broken = { code: 'CLAUDE_SETTINGS', message: 'settings.json is not valid JSON', hint: 'mend it' };
    const ends = async (claude: object, ...argv: string[]) => {
      const env = {
        STUB_SETUP: lines({
          ...done,
          claude: { state: 'installs', plugin: null, changed: [], refused: [], ...claude },
        }),
      };
      return runCli(['init', '--org', 'acme', ...argv], { home: tempDir(), daemonEntry, env });
    };
    const installed = await ends({ changed: ['/x/settings.json'], refused: [taken] });
    expect(installed.code).toBe(0);
    expect(installed.stdout).toContain('Claude Code knows it');
    expect(installed.stdout).toContain('  not /show is yours\n      → rename it\n');
    const old = await ends({ lacks: '2.0.76 keeps no list' });
    expect(old.stdout).toContain('Claude Code 2.0.76 keeps no list. Better: claude update\n');
    const refused = await ends({ refused: [broken] });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('Ready: alice');
    expect(refused.stdout).toContain('  not settings.json is not valid JSON\n      → mend it\n');
    expect((await ends({ state: 'absent' })).stdout).toContain('it is not here');
    expect((await ends({ state: 'plugin', plugin: 'teammate-sync@acme' })).stdout).toContain(
      'claude plugin uninstall teammate-sync@acme',
    );
    expect((await ends({ state: 'skipped' }, '--no-claude-code')).stdout).not.toContain('Claude Code:');
    const asJson = await ends({ refused: [broken] }, '--json');
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ claude: { state: 'installs', refused: [broken] } });
  });
});
