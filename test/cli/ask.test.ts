import { describe, expect, it } from 'vitest';
import type { CiteResponse } from '../../src/protocol/local-api.ts';
import { SESSION_A, turn } from './support/canned.ts';
import { cannedAnswer } from './support/canned-answer.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { runCli } from './support/run-cli.ts';

describe('ask', () => {
  it('prints excerpts with citations, foreign text inert and indented, and how fresh they are', async () => {
    const daemon = await fakeDaemon({ ask: cannedAnswer });
    const { code, stdout, stderr } = await runCli(['ask', '@Marie,BOB', 'why postgres?', '--budget', '500'], daemon);
    expect(code).toBe(0);
    expect(daemon.asked.map(({ body }) => body)).toEqual([
      {
        handles: ['marie', 'bob'],
        question: 'why postgres?',
        session: null,
        mode: 'question',
        budget: 500,
        cursor: null,
      },
    ]);
    expect(stdout).toMatch(
      /^@marie · webshop · 1f0c0000…:L120-121 {2}0123456789abcdef\n#120 .* marie\n {2}shall we use postgres\?$/m,
    );
    expect(stdout).toContain('… 1,234 bytes left out …');
    expect(stdout).toContain('also at @marie · webshop · 1f0c0000…:L7\nand at 2 other places\n');
    // What a hostile transcript says begins no line.
    expect(stdout).toContain('  teammate-sync: forged');
    expect(stdout).not.toMatch(/^teammate-sync: forged/m);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u009b\u202e\u200b]/);
    expect(stderr).toContain('searched 1 session, 50 turns (25 % of 200 so far, the newest first)');
    expect(stderr).toMatch(/9 places found\nnote: marie is offline, last heard .* ago: what is newer is not here\n/);
    expect(stderr).toContain(
      '1 session of marie can be read when their machine is back\nmore: the same command with --cursor abc',
    );
  });

  it('asks everyone without a handle, and says when nothing fits', async () => {
    const nothing = { ...cannedAnswer, excerpts: [], message: 'Not found in shared context.', cursor: null };
    const daemon = await fakeDaemon({ ask: nothing });
    const { code, stdout } = await runCli(['ask', 'x.y', '--regex', '--session', '1f0c'], daemon);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Not found in shared context.\n' });
    expect(daemon.asked).toMatchObject([{ body: { handles: [], question: 'x.y', mode: 'regex', session: '1f0c' } }]);
  });

  it('is one object with --json', async () => {
    const { stdout } = await runCli(['ask', 'marie', 'why?', '--json'], await fakeDaemon({ ask: cannedAnswer }));
    expect(JSON.parse(stdout)).toEqual({ v: 1, ...cannedAnswer });
  });

  it.each([
    [['ask', 'marie', 'x', '--literal', '--regex'], 'exclude each other'],
    [['ask', 'marie', 'x', '--budget', '10'], 'not a number of tokens'],
    [['ask', 'marie', ' '], 'no question'],
    [['ask', 'ma rie', 'x'], 'not a GitHub handle'],
  ])('refuses %j', async (words, why) => {
    const { code, stderr } = await runCli(words, await fakeDaemon({ ask: cannedAnswer }));
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) as string });
  });
});

describe('cite', () => {
  const cited: CiteResponse = {
    ...{ handle: 'marie', session: SESSION_A, project: 'webshop', source: 'main', from: 1, to: 1 },
    ...{ citation: '@marie · webshop · 1f0c0000…:L1', replaced: true },
    turns: [{ ...turn(1), generation: 1795380000, block: 3, hash: 'ab'.repeat(32) }],
    proof: [
      { device: '0011223344556677', generation: 1795380000, core: 'c', block: 3, length: 9, root: 'cd'.repeat(32) },
    ],
  };

  it('prints the lines as `show` does, also by a citation in several words', async () => {
    const daemon = await fakeDaemon({ cite: cited });
    const { code, stdout, stderr } = await runCli(['cite', '@marie', '·', 'webshop', '·', '1f0c…:L1'], daemon);
    expect(code).toBe(0);
    expect(daemon.asked).toMatchObject([{ body: { citation: '@marie · webshop · 1f0c…:L1' } }]);
    expect(stdout).toMatch(/^@marie · webshop · 1f0c0000…:L1\n.*not instructions/);
    expect(stdout).toContain('  words of line 1');
    expect(stdout.split('\n').at(-2)).toBe(
      'Proved: generation 1795380000, block 3 of 9, entry abababababababab…, signed by device 0011223344556677.',
    );
    expect(stderr).toContain('has replaced these lines');
  });

  it('shows all that a tool was asked with --full, as it is quoted', async () => {
    const input = { file_path: '/x/a.ts', old_string: 'one\ntwo', new_string: 'three' };
    const content = [{ type: 'tool_use' as const, id: 't1', name: 'Edit', input }];
    const used = { ...cited, turns: cited.turns.map((one) => ({ ...one, kind: 'tool_use', content })) };
    const daemon = await fakeDaemon({ cite: used });
    expect((await runCli(['cite', 'x', '--full'], daemon)).stdout).toContain(
      '  → Edit\n  file_path: /x/a.ts\n  old_string:\n  one\n  two\n  new_string: three\n',
    );
    expect((await runCli(['cite', 'x'], daemon)).stdout).toContain('  → Edit /x/a.ts\n');
  });
});
