import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openTranscript } from '../../src/capture/index.ts';
import { isOwnCommand } from '../../src/capture/own-tools.ts';
import { MAIN_SOURCE } from '../../src/protocol/turn.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { parse, readAll, texts, useFolders, write } from './support.ts';

const SECRET = 'MARIES-TEXT';

function resultOf(name: string, input: unknown): string | undefined {
  return texts(parse(write((w) => w.tool('t1', name, input, SECRET)))).at(-1);
}

describe('results of our own tools', () => {
  it.each([
    ['mcp__teammate-sync__query_teammate_context', {}],
    ['mcp__plugin_teammate-sync_teammate-sync__list_teammates', {}],
    ['mcp__plugin_any-name_teammate-sync__get_citation', {}],
    ['mcp__teammate_sync__list_shared_sessions', {}],
    ['mcp__other-name__dump_teammate_context', {}],
    ['ReadMcpResourceTool', { server: 'teammate-sync', uri: 'teammate-sync://marie/abc' }],
    ['ReadMcpResourceTool', { server: 'plugin:team:teammate-sync', uri: 'x' }],
    ['ListMcpResourcesTool', {}],
    ['Bash', { command: 'teammate-sync show marie' }],
    ['PowerShell', { command: 'teammate-sync show marie' }],
    ['Monitor', { command: ['teammate-sync', 'show', '-f'] }],
    ['Read', { file_path: '/p/abc/tool-results/mcp-teammate-sync-big-179-fz.txt' }],
    ['Grep', { path: '/p/abc/tool-results/mcp-plugin_x_teammate-sync-big-1.txt', pattern: 'x' }],
    ['Bash', { command: 'head /p/abc/tool-results/mcp-teammate-sync-*.txt' }],
  ])('leaves out the result of %s %j', (name, input) => {
    expect(resultOf(name, input)).toBe('(teammate)');
  });

  it.each([
    ['Bash', { command: 'npm test' }],
    ['mcp__github__search', { q: 'teammate-sync' }],
    ['ReadMcpResourceTool', { server: 'github', uri: 'x' }],
    ['Read', { file_path: '/p/abc/tool-results/mcp-github-1.txt' }],
    ['Grep', { pattern: 'teammate-sync', path: 'README.md' }],
  ])('keeps the result of %s %j', (name, input) => {
    expect(resultOf(name, input)).toBe(SECRET);
  });

  it('leaves out images and blocks of such a result as well', () => {
    const blocks = [
      { type: 'text', text: SECRET },
      { type: 'image', source: { media_type: 'image/png' } },
    ];
    const turns = parse(write((w) => w.tool('t1', 'mcp__teammate-sync__x', {}, blocks)));
    expect(turns.at(-1)?.content).toEqual([{ type: 'omitted', why: 'teammate' }]);
  });

  it('leaves out the call itself, and nothing of others beside it', () => {
    const both = [
      { type: 'tool_result', tool_use_id: 't1', content: SECRET },
      { type: 'tool_result', tool_use_id: 't2', content: 'a.txt' },
    ];
    const turns = parse(
      write((w) =>
        w.toolUse('t1', 'mcp__teammate-sync__x', { q: 'why' }).toolUse('t2', 'Bash', { command: 'ls' }).user(both),
      ),
    );
    expect(texts(turns)).toEqual(['Bash {"command":"ls"}', '(teammate)', 'a.txt']);
  });

  it.each([
    ['teammate-sync show marie', false],
    ['cd /p && npx teammate-sync ask marie "why?" | head', true],
    ['cd /p && teammate-sync shared; teammate-sync connections', false],
    ['npm test && teammate-sync shared', true],
  ])('of a shell call of ours (%s) keeps what does more: %s', (command, kept) => {
    const turns = parse(write((w) => w.tool('t1', 'Bash', { command }, SECRET)));
    expect(turns.map(({ kind }) => kind)).toEqual(kept ? ['tool_use', 'tool_result'] : ['tool_result']);
    expect(JSON.stringify(turns)).not.toContain(SECRET);
  });

  it('leaves out a result whose call was not seen', () => {
    const lines = write((w) => w.tool('t1', 'mcp__teammate-sync__x', {}, SECRET));
    expect(texts(parse(['torn', lines[1] ?? '']))).toEqual(['(unpaired result)']);
  });

  it('stays with its verdict when another call has the same id', () => {
    const lines = write((w) =>
      w.toolUse('t1', 'mcp__teammate-sync__x', {}).tool('t1', 'Bash', { command: 'ls' }, SECRET),
    );
    expect(JSON.stringify(parse(lines))).not.toContain(SECRET);
  });

  it('follows a large result into the file where Claude Code put it', () => {
    const saved = 'Output too large. Full output saved to /p/abc/tool-results/b1f2c3d4e.txt\n\nPreview: …';
    const turns = parse(
      write((w) => {
        w.tool('t0', 'Read', { file_path: '/p/abc/tool-results/b1f2c3d4e.txt' }, 'before');
        w.tool('t1', 'Bash', { command: 'teammate-sync show marie --raw' }, saved);
        w.tool('t2', 'Read', { file_path: '/p/abc/tool-results/b1f2c3d4e.txt' }, SECRET);
        w.tool('t3', 'Bash', { command: 'cd /p/abc && cat b1f2*; cat ./tool-results/*' }, SECRET);
        w.tool('t4', 'Read', { file_path: '/p/other.txt' }, 'after');
      }),
    );
    expect(JSON.stringify(turns)).not.toContain(SECRET);
    expect(texts(turns)).toContain('before');
    expect(texts(turns)).toContain('after');
  });

  it('follows a background task', () => {
    const started =
      'Command running in background with ID: bx7k2m. Output is being written to: /tmp/c/tasks/bx7k2m.output';
    const turns = parse(
      write((w) => {
        w.toolUse('t1', 'Bash', { command: 'teammate-sync show marie -f', run_in_background: true });
        w.toolResult('t1', started, { toolUseResult: { stdout: '', backgroundTaskId: 'bx7k2m' } });
        w.tool('t2', 'TaskOutput', { task_id: 'bx7k2m' }, SECRET);
        w.tool('t3', 'Bash', { command: 'tail /tmp/c/tasks/bx7k2m.output' }, SECRET);
        w.notification('t1', SECRET);
      }),
    );
    expect(texts(turns).filter((t) => t === '(teammate)')).toHaveLength(4);
    expect(JSON.stringify(turns)).not.toContain(SECRET);
  });

  it('leaves out our command after `!`, and marks what it printed', () => {
    const turns = parse(write((w) => w.shell('teammate-sync show marie', SECRET).shell('ls', 'a.txt')));
    expect(texts(turns)[0]).toBe('(teammate)');
    expect(texts(turns)[2]).toContain('a.txt');
    const single = parse(
      write((w) => w.user(`<bash-input>teammate-sync show m</bash-input>\n<bash-stdout>${SECRET}</bash-stdout>`)),
    );
    expect(texts(single)).toEqual(['(teammate)']);
    const blocks = parse(
      write((w) => {
        w.user([{ type: 'text', text: '<bash-input>teammate-sync show m</bash-input>' }]);
        w.user([{ type: 'text', text: `<bash-stdout>${SECRET}</bash-stdout>` }]);
      }),
    );
    expect(texts(blocks)).toEqual(['(teammate)']);
  });
});

const lines = (): TranscriptWriter =>
  new TranscriptWriter()
    .prompt('ask')
    .toolUse('t1', 'mcp__teammate-sync__x', {})
    .toolUse('t2', 'Bash', { command: 'teammate-sync show marie' })
    .toolResult('t1', SECRET)
    .toolResult('t2', SECRET);

describe('after a resume or a reset', () => {
  const folder = useFolders();
  it('a call before the resume point still decides over a result after it', async () => {
    const path = `${folder()}/s.jsonl`;
    const writer = lines();
    writer.save(path);
    const transcript = openTranscript({ path, resume: new Map([[MAIN_SOURCE, { line: 3, uuid: writer.uuidAt(3) }]]) });
    const { turns, resets } = await readAll(transcript);
    expect(resets).toEqual([]);
    expect(texts(turns)).toEqual(['(teammate)', '(teammate)']);
  });

  it('a rewritten file is read with the same care', async () => {
    const path = `${folder()}/s.jsonl`;
    lines().save(path);
    const transcript = openTranscript({ path });
    await readAll(transcript);
    const shorter = lines();
    shorter.lines.shift();
    fs.writeFileSync(path, shorter.text);
    const { turns, resets } = await readAll(transcript);
    expect(resets).toEqual(['shrunk']);
    expect(texts(turns).filter((t) => t === '(teammate)')).toHaveLength(2);
    expect(JSON.stringify(turns)).not.toContain(SECRET);
  });
});

describe('our command in a shell text', () => {
  it.each([
    'teammate-sync show marie',
    '/usr/local/bin/teammate-sync show marie',
    '~/.local/bin/teammate-sync show',
    './node_modules/.bin/teammate-sync show',
    String.raw`C:\Users\a\npm\teammate-sync.cmd show`,
    '"teammate-sync" show marie',
    "'/opt/my apps/teammate-sync' show",
    'team"mate-sync" show',
    String.raw`teammate\-sync show`,
    'teammate-\\\nsync show',
    'TEAMMATE_SYNC_HOME=/tmp/x A=b teammate-sync show',
    'env -i HOME=/x teammate-sync show',
    'npx teammate-sync show',
    'npx -y teammate-sync@latest show',
    'npx --package=@acme/teammate-sync teammate-sync show',
    'pnpm dlx teammate-sync show',
    'node /opt/teammate-sync/bin/teammate-sync.js show',
    'sudo -u alice teammate-sync show',
    'timeout 5 teammate-sync show',
    'cd /tmp && teammate-sync show marie | head',
    'true; teammate-sync show&',
    'ls\nteammate-sync show',
    '(teammate-sync show)',
    'if true; then teammate-sync show; fi',
    'x=$(teammate-sync show marie); echo "$x"',
    'echo "it says: $(teammate-sync show marie)"',
    'echo `teammate-sync show`',
    'cat <(teammate-sync show marie)',
    'cat $(teammate-sync show marie)',
    'bash -c "teammate-sync show marie"',
    "sh -lc 'cd x; teammate-sync show'",
    'echo marie | xargs teammate-sync show',
    'find . -exec teammate-sync show {} +',
    'T=teammate-sync; $T show marie',
    'bash <<EOF\nteammate-sync show\nEOF',
    `python3 -c 'import subprocess; subprocess.run(["teammate-sync","show"])'`,
    'mcp-cli call teammate-sync/query_teammate_context {}',
    'Teammate-Sync show',
    '! teammate-sync show',
    'grep x "unclosed $(teammate-sync show',
  ])('finds it in %s', (command) => {
    expect(isOwnCommand(command)).toBe(true);
  });

  it.each([
    'npm test',
    'cd ~/src/teammate-sync && npm test',
    'ls ~/.teammate-sync',
    'grep -rn teammate-sync README.md | head',
    'git clone https://github.example/acme/teammate-sync',
    'git commit -m "teammate-sync: fix the (other) thing"',
    'cat teammate-sync.md',
    'node dist/teammate-syncer.js',
    'TEAMMATE_SYNC_HOME=/x npm test',
    'echo teammate',
    '',
    '"unclosed',
    '\\',
  ])('does not find it in %s', (command) => {
    expect(isOwnCommand(command)).toBe(false);
  });
});
