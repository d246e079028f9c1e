/** How `init` takes an Anthropic API key: only when it was asked to, from a person, unseen. */
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/tmp-dir.ts';
import { runCli } from './support/run-cli.ts';
import { daemonEntry, done, given, homeWithDaemons, lines, plan, typist } from './support/stub-processes.ts';

const CANARY = `sk-ant-${'canary'.repeat(5)}`;
const QUESTION = 'Anthropic API key, for https://api.anthropic.com alone (not shown; Enter: none is kept):';

/** What the set-up was answered, and all that was on the terminal. */
async function typed(...answers: string[]): Promise<{ code: number; shown: string; answer: unknown }> {
  const home = homeWithDaemons();
  const typing = typist(home, ['init', '--org', 'acme', '--anthropic-key'], lines(plan, done));
  await typing.type('Go on? [Y/n]', '\n');
  await typing.type(QUESTION, answers[0] ?? '\n');
  if (answers[1] !== undefined) await typing.type('That cannot be a key.', answers[1]);
  const { code, stdout, stderr } = await typing.result;
  const said = given(home, 'setup')[0]?.stdin?.trim().split('\n').at(-1) ?? 'null';
  return { code, shown: stdout + stderr, answer: JSON.parse(said) };
}

describe('init --anthropic-key', () => {
  it('asks where it will go, shows nothing of what is typed, and hands it on as it was', async () => {
    const { code, shown, answer } = await typed(`  ${CANARY}\n`);
    expect({ code, answer }).toEqual({
      code: 0,
      answer: { go: true, deny: true, anthropic: { key: CANARY, base: 'https://api.anthropic.com' } },
    });
    for (let at = 0; at + 4 <= CANARY.length; at += 4) {
      expect(shown.replace(QUESTION, '')).not.toContain(CANARY.slice(at, at + 4));
    }
  });

  it('keeps none on Enter, and asks again when it cannot be a key', async () => {
    expect((await typed('\n')).answer).toEqual({ go: true, deny: true, anthropic: null });
    const again = await typed('two words\n', `${CANARY}\n`);
    expect(again.answer).toMatchObject({ anthropic: { key: CANARY } });
    expect(again.shown).not.toContain('two words');
  });

  it('that is not wanted asks nothing, and leaves what is kept', async () => {
    const home = homeWithDaemons();
    const typing = typist(home, ['init', '--org', 'acme'], lines(plan, done));
    await typing.type('Go on? [Y/n]', '\n');
    expect((await typing.result).stderr).not.toContain('Anthropic');
    expect(given(home, 'setup')[0]?.stdin).toContain('{"go":true,"deny":true}\n');
  });

  it.each([['--yes'], ['--json'], ['--dry-run']])('is for a person: not with %s', async (flag) => {
    const home = tempDir();
    const argv = ['init', '--org', 'acme', '--anthropic-key', flag];
    const { code, stderr } = await runCli(argv, { home, daemonEntry, typing: true, terminal: 80 });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('a script sets ANTHROPIC_API_KEY') as string,
    });
    expect(given(home, 'setup')).toEqual([]);
  });
});
