import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTranscript } from '../../src/capture/index.ts';
import type { Turn } from '../../src/protocol/turn.ts';
import { readAll, texts } from './support.ts';

const vectors = join(import.meta.dirname, '../vectors/transcripts');

async function read(name: string): Promise<{ turns: Turn[]; title: string | null }> {
  const transcript = openTranscript({ path: join(vectors, name) });
  const { turns } = await readAll(transcript);
  return { turns, title: transcript.title() };
}

function outline(turns: readonly Turn[]): string[] {
  return turns.map((turn) => `${turn.kind} ${texts([turn]).join(' | ').replaceAll('\n', ' ').slice(0, 60)}`);
}

describe('transcripts of Claude Code 2.1.330', () => {
  it('queued messages and shell commands', async () => {
    const { turns } = await read('queued-and-shell.jsonl');
    expect(outline(turns)).toMatchInlineSnapshot(`
      [
        "prompt SCN:mcp_slow go",
        "reply Calling slow.",
        "tool_result (teammate)",
        "reply slow finished.",
        "prompt SCN:mcp_slow again",
        "reply Calling slow.",
        "tool_result (teammate)",
        "prompt extra plain text",
        "reply slow finished.",
        "prompt <bash-input>echo bang-mode</bash-input>",
        "prompt <bash-stdout>bang-mode</bash-stdout><bash-stderr></bash-stde",
        "reply (fake) reply to: de</bash-input>  <bash-stdout>bang-mode</ba",
      ]
    `);
  });

  it('compaction, interrupts and a title', async () => {
    const { turns, title } = await read('compact-and-rename.jsonl');
    expect(title).toBe('login-fix');
    expect(outline(turns)).toMatchInlineSnapshot(`
      [
        "prompt SCN:bash first",
        "thinking I should run echo.",
        "reply Running a command.",
        "tool_use Bash {"command":"echo hi","description":"say hi"}",
        "tool_result hi",
        "reply The command printed hi.",
        "prompt SCN:slowtext stream",
        "reply word word word word word word word word word word word word ",
        "prompt [Request interrupted by user]",
        "prompt SCN:longbash run",
        "reply Long bash.",
        "tool_use Bash {"command":"sleep 20; echo done","description":"sleep"}",
        "tool_result The user doesn't want to proceed with this tool use. The too",
        "prompt [Request interrupted by user for tool use]",
        "prompt SCN:mcp_slow go",
        "reply Calling slow.",
        "tool_result (teammate)",
        "prompt queued while busy SCN:none",
        "reply ok.",
        "boundary Conversation compacted",
        "summary This session is being continued from a previous conversation",
        "prompt SCN:none after compact",
        "reply ok.",
      ]
    `);
  });

  it('our own tools', async () => {
    const { turns } = await read('own-tools.jsonl');
    expect(JSON.stringify(turns)).not.toContain('mcp__teammate-sync__');
    expect(turns.filter((t) => t.kind === 'tool_result' && texts([t])[0] === '(teammate)')).toHaveLength(6);
    expect(outline(turns.filter((t) => t.kind === 'tool_result'))).toMatchInlineSnapshot(`
      [
        "tool_result hi",
        "tool_result (teammate)",
        "tool_result The user doesn't want to proceed with this tool use. The too",
        "tool_result (teammate)",
        "tool_result (teammate)",
        "tool_result (teammate)",
        "tool_result (teammate)",
        "tool_result (teammate)",
      ]
    `);
  });

  it('a subagent', async () => {
    const { turns } = await read('with-subagent.jsonl');
    expect(outline(turns.filter((t) => t.source !== 'main'))).toMatchInlineSnapshot(`
      [
        "prompt SCN:sub1 look around",
        "thinking sub thinking",
        "tool_use Bash {"command":"echo from-subagent","description":"sub echo",
        "tool_result from-subagent",
        "reply Subagent report: all good.",
      ]
    `);
    expect(outline(turns.filter((t) => t.source === 'main'))).toMatchInlineSnapshot(`
      [
        "prompt SCN:agent please",
        "reply Delegating.",
        "tool_use Agent {"description":"look around","prompt":"SCN:sub1 look a",
        "tool_result Async agent launched successfully. (This tool result is inte",
        "reply Subagent finished.",
        "notice <task-notification> <task-id>ac236b05d147046a8</task-id> <to",
        "reply (fake) reply to: ",
      ]
    `);
    const times = turns.map((t) => t.time).filter((t) => t !== '');
    expect(times).toEqual([...times].sort());
  });
});
