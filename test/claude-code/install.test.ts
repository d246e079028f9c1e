/** What goes into Claude Code's folder and comes out of it: on disk, with all that a person may have there. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { applyPlan, planRemoval } from '../../src/claude-code/index.ts';
import { SLASH_VERBS } from '../../src/protocol/claude-hook.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { ClaudeFolder } from './folder.ts';

const STUBS = SLASH_VERBS.map(({ name }) => `commands/${name}.md`);
const BACKUP = 'settings.json.teammate-sync-backup';

const SETTINGS = '{\n\t"model": "opus",\n\t"hooks": {"Stop": []},\n\t"permissions": {}\n}';

describe('installing', () => {
  it('into an empty folder makes settings, a stub for each verb and the server; removing leaves nothing', () => {
    const folder = new ClaudeFolder();
    expect(folder.install()).toEqual([]);
    const made = ['commands', 'settings.json', ...STUBS, '~/.claude.json'];
    expect(Object.keys(folder.everything()).toSorted()).toEqual(made.toSorted());
    expect(fs.statSync(folder.at('settings.json')).mode & 0o777).toBe(0o600);
    expect(folder.plan().changes).toEqual([]);
    expect(folder.uninstall()).toEqual([]);
    expect(folder.everything()).toEqual({});
    expect(planRemoval(folder.places)).toEqual({ changes: [], refused: [], left: [] });
  });

  it('is undone to the byte, also where lists were empty, the file was, and after three moves of the program', () => {
    for (const text of [SETTINGS, '', '{}', '{}\n', ' {"hooks":{}}', '\uFEFF{\r\n}\r\n']) {
      const folder = new ClaudeFolder();
      folder.write('settings.json', text);
      folder.write('commands/mine.md', 'mine');
      const before = folder.everything();
      for (const cli of ['/a/teammate-sync.cjs', '/b/teammate-sync.cjs', '/c/teammate-sync.cjs']) folder.install(cli);
      expect(folder.read(BACKUP)).toBe(text);
      expect(folder.read('settings.json')).not.toContain('/a/');
      expect(folder.uninstall()).toEqual([]);
      expect(folder.everything()).toEqual(before);
    }
  });

  it('and removing gives the same bytes whatever the settings are', () => {
    const folder = new ClaudeFolder();
    const indent = fc.constantFrom(0, 1, 2, 4, '\t');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), indent, fc.boolean(), (value, space, crlf) => {
        const text = JSON.stringify(value, null, space).replaceAll('\n', crlf ? '\r\n' : '\n');
        folder.write('settings.json', text);
        const refused = folder.install();
        expect(folder.uninstall()).toEqual(refused.filter((line) => !line.includes('COMMAND')));
        expect(folder.everything()).toEqual({ 'settings.json': Buffer.from(text).toString('latin1') });
      }),
      { numRuns: 60, examples: [[{ hooks: {}, permissions: { deny: [] } }, 2, true]] },
    );
  });

  it('keeps what came in since, says where the settings of before are, and a second removal is quiet', () => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', SETTINGS);
    folder.install();
    folder.write('settings.json', folder.read('settings.json').replace('"opus"', '"sonnet"'));
    const { left } = planRemoval(folder.places);
    expect(left).toEqual([{ what: expect.stringContaining(BACKUP), how: `rm ${folder.at(BACKUP)}` }]);
    expect(folder.uninstall()).toEqual([]);
    expect(folder.read('settings.json')).toBe(
      SETTINGS.replace('"opus"', '"sonnet"').replace(',\n\t"hooks": {"Stop": []},\n\t"permissions": {}', ''),
    );
    const after = folder.everything();
    expect(folder.uninstall()).toEqual([]);
    expect(folder.everything()).toEqual(after);
  });

  it('never makes its own work the backup, and makes a new one when there is nothing of ours', () => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', SETTINGS);
    folder.install('/a/teammate-sync.cjs');
    folder.write('settings.json', folder.read('settings.json').replace('opus', 'haiku'));
    folder.install('/b/teammate-sync.cjs');
    expect(folder.read(BACKUP)).toBe(SETTINGS);
    folder.write('settings.json', '{"new": 1}');
    folder.install();
    expect(folder.read(BACKUP)).toBe('{"new": 1}');
  });

  it('keeps a rule that the person had before us', () => {
    const folder = new ClaudeFolder();
    const text = '{"permissions": {"deny": ["Bash(teammate-sync share:*)"]}, "a": 1}';
    folder.write('settings.json', text);
    folder.install();
    folder.write('settings.json', folder.read('settings.json').replace('"a": 1', '"a": 2'));
    folder.uninstall();
    expect(folder.read('settings.json')).toBe(text.replace('"a": 1', '"a": 2'));
  });

  it('leaves rules out that were not agreed to', () => {
    const folder = new ClaudeFolder();
    const plan = folder.plan(undefined, false);
    expect(plan.deny).toEqual([]);
    applyPlan(folder.places, plan);
    expect(folder.read('settings.json')).not.toContain('permissions');
    expect(folder.plan().deny.length).toBeGreaterThan(4);
  });
});

describe('settings that are', () => {
  it.each([
    ['not JSON', '{ "a": 1, }', 'is not valid JSON'],
    ['with a comment', '{ // mine\n}', 'is not valid JSON'],
    ['a list', '[]', 'is not a JSON object'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'is not UTF-8'],
  ])('%s are refused by name, and nothing is changed', (_, text, why) => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', text);
    const before = folder.everything();
    for (const refused of [folder.install(), folder.uninstall()]) {
      expect(refused).toEqual([expect.stringContaining(`CLAUDE_SETTINGS: ${folder.at('settings.json')} ${why}`)]);
    }
    expect(folder.everything()).toEqual(before);
  });

  it('a symlink of a dotfiles folder are changed where they are, and stay linked', () => {
    const folder = new ClaudeFolder();
    const dotfiles = tempDir();
    const target = path.join(dotfiles, 'claude.json');
    fs.writeFileSync(target, SETTINGS, { mode: 0o644 });
    fs.symlinkSync(target, folder.at('settings.json'));
    expect(folder.install()).toEqual([]);
    expect(fs.readlinkSync(folder.at('settings.json'))).toBe(target);
    expect(fs.readFileSync(target, 'utf8')).toContain(': teammate-sync; ');
    expect(fs.statSync(target).mode & 0o777).toBe(0o644);
    expect(fs.readdirSync(dotfiles)).toEqual(['claude.json']);
    folder.uninstall();
    expect(fs.readFileSync(target, 'utf8')).toBe(SETTINGS);
    expect(fs.readlinkSync(folder.at('settings.json'))).toBe(target);
    fs.rmSync(target);
    expect(folder.install()).toEqual([expect.stringContaining('is a symlink to what is not there')]);
    expect(fs.readdirSync(dotfiles)).toEqual([]);
  });

  it('a folder, or cannot be written, are refused by name', () => {
    const folder = new ClaudeFolder();
    fs.mkdirSync(folder.at('settings.json'));
    expect(folder.install()).toEqual([expect.stringContaining('cannot be read (EISDIR)')]);
    fs.rmdirSync(folder.at('settings.json'));
    folder.write('settings.json', SETTINGS);
    // Modes mean nothing to root; that something else has the place of the unfinished file stops everybody.
    fs.mkdirSync(folder.at('settings.json.teammate-sync-new', 'x'), { recursive: true });
    expect(folder.install()).toEqual([expect.stringMatching(/settings\.json cannot be written \(\w+\)/)]);
    expect(folder.read('settings.json')).toBe(SETTINGS);
  });

  it.each([
    ['accessSync', 'EACCES', 'chmod u+w'],
    ['openSync', 'EROFS', 'run the same command again'],
    ['writeFileSync', 'ENOSPC', 'make room'],
    ['fsyncSync', 'EIO', 'run the same command again'],
    ['renameSync', 'EPERM', 'chmod u+w'],
  ] as const)('on a disk that refuses (%s: %s) stay as they are, with nothing left beside them', (call, code, hint) => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', SETTINGS);
    folder.write(BACKUP, SETTINGS);
    const before = folder.everything();
    const plan = folder.plan();
    const { openSync } = fs;
    const refuses = vi.spyOn(fs, call).mockImplementation((...args: unknown[]) => {
      if (call === 'openSync' && args[1] !== 'wx') return openSync(...(args as Parameters<typeof openSync>));
      throw Object.assign(new Error(code), { code });
    });
    const { done, refused } = applyPlan(folder.places, plan);
    refuses.mockRestore();
    expect(done).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ code: 'CLAUDE_SETTINGS', hint: expect.stringContaining(hint) as string });
    expect(refused[0]?.message).toBe(`${folder.at('settings.json')} cannot be written (${code})`);
    expect(folder.everything()).toEqual(before);
  });

  it('changed while a person was asked are not written over', () => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', SETTINGS);
    const plan = folder.plan();
    folder.write('settings.json', '{"by": "Claude Code"}');
    const { done, refused } = applyPlan(folder.places, plan);
    expect(refused[0]).toMatchObject({ code: 'CLAUDE_SETTINGS', hint: 'run the same command again' });
    expect(done.map((change) => change.path)).toEqual([folder.places.backup]);
    expect(folder.read('settings.json')).toBe('{"by": "Claude Code"}');
    expect(folder.install()).toEqual([]);
    expect(folder.read(BACKUP)).toBe('{"by": "Claude Code"}');
  });

  it('left unfinished by a crash do not stop the next run', () => {
    const folder = new ClaudeFolder();
    folder.write('settings.json', SETTINGS);
    folder.write('settings.json.teammate-sync-new', '{"half');
    folder.install();
    expect(fs.existsSync(folder.at('settings.json.teammate-sync-new'))).toBe(false);
  });
});

describe('a command of the same name', () => {
  it('stays, is named with what to do, and all others are installed', () => {
    const folder = new ClaudeFolder();
    folder.write('commands/share.md', 'my own');
    folder.write('skills/show/SKILL.md', 'my own, too');
    const { refused } = folder.plan();
    expect(refused.map(({ code, message }) => [code, message])).toEqual([
      ['CLAUDE_COMMAND_TAKEN', `/share is yours already, and stays so: ${folder.at('commands/share.md')}`],
      ['CLAUDE_COMMAND_TAKEN', `/show is yours already, and stays so: ${folder.at('skills/show/SKILL.md')}`],
    ]);
    expect(refused[0]?.hint).toContain('teammate-sync share');
    folder.install();
    expect(folder.read('commands/share.md')).toBe('my own');
    expect(fs.readdirSync(folder.at('commands'))).toHaveLength(STUBS.length - 1);
    folder.uninstall();
    expect(Object.keys(folder.everything())).toEqual([
      'commands',
      'commands/share.md',
      'skills',
      'skills/show',
      'skills/show/SKILL.md',
    ]);
  });

  it('that was ours and was changed by hand is nobody else’s to replace or remove', () => {
    const folder = new ClaudeFolder();
    folder.install();
    folder.write('commands/share.md', `${folder.read('commands/share.md')}more\n`);
    expect(folder.install()).toEqual([expect.stringContaining('CLAUDE_COMMAND_TAKEN')]);
    expect(planRemoval(folder.places).left).toEqual([
      { what: expect.stringContaining('was changed by hand'), how: `rm ${folder.at('commands/share.md')}` },
    ]);
    folder.uninstall();
    expect(folder.read('commands/share.md')).toContain('more');
  });

  it('of an older version of ours is replaced, and one whose verb is gone is removed', async () => {
    const folder = new ClaudeFolder();
    folder.install();
    const { stubFile } = await import('../../src/claude-code/stubs.ts');
    folder.write('commands/share.md', stubFile({ name: 'share', argumentHint: 'old', about: 'old' }));
    folder.write('commands/gone.md', stubFile({ name: 'gone', argumentHint: '', about: 'gone' }));
    expect(folder.install()).toEqual([]);
    expect(folder.read('commands/share.md')).not.toContain('old');
    expect(fs.existsSync(folder.at('commands/gone.md'))).toBe(false);
  });
});

describe('a stub', () => {
  it('is known to Claude Code, is never the model’s to call, and tells it to run nothing', () => {
    const folder = new ClaudeFolder();
    folder.install();
    for (const { name, argumentHint } of SLASH_VERBS) {
      const text = folder.read(`commands/${name}.md`);
      const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
      expect(head).toMatch(/^description: "[^"\n]+"$/m);
      expect(head).toContain('disable-model-invocation: true');
      expect(head.includes('argument-hint')).toBe(argumentHint !== '');
      expect(head).not.toContain('allowed-tools');
      expect(body).toContain('Run nothing');
      expect(body).toContain(`\`teammate-sync ${name}\``);
      // Nothing that Claude Code runs or fills in.
      expect(body).not.toMatch(/!`|\$ARGUMENTS|\$\d|\$\{/);
    }
  });
});

describe('the plugin', () => {
  it('when it is switched on, nothing is installed beside it', () => {
    const folder = new ClaudeFolder();
    const text = '{"enabledPlugins": {"teammate-sync@acme-tools": true}}';
    folder.write('settings.json', text);
    expect(folder.plan()).toEqual({ changes: [], refused: [], deny: [], plugin: 'teammate-sync@acme-tools' });
    folder.write('settings.json', text.replace('true', 'false'));
    expect(folder.plan()).toMatchObject({ plugin: null });
  });
});
