/** `ask --synthesize` as it is seen: words as they come in a terminal, whole lines in a pipe. */
import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../../src/protocol/local-api.ts';
import { until } from '../support/until.ts';
import { cannedAnswer } from './support/canned-answer.ts';
import { fakeDaemon, type ReadStream } from './support/fake-daemon.ts';
import { runCli, startCli } from './support/run-cli.ts';

const ASK = ['ask', 'marie', 'why?', '--synthesize'];
const found: AnswerEvent = {
  type: 'found',
  answer: cannedAnswer,
  model: { name: 'a-model', base: 'http://127.0.0.1:1' },
};
const cited: AnswerEvent = {
  type: 'citation',
  mark: 1,
  citation: '@marie · webshop · 1f0c0000…:L1',
  excerpt: 'b'.repeat(16),
};
const done: AnswerEvent = { type: 'done', stop: 'end_turn', usage: { input: 1, output: 1 } };

describe('an answer of a model', () => {
  it('is shown in a terminal as it comes, with nothing hidden in it', async () => {
    let stream: ReadStream | null = null;
    const daemon = await fakeDaemon({ answer: (opened) => void (stream = opened) });
    const cli = startCli(ASK, { ...daemon, terminal: 80 });
    await until(() => stream !== null, { what: 'the daemon to be asked' });
    const opened = stream as ReadStream | null;
    opened?.send(found, { type: 'text', text: 'Because \u001b[31mof' });
    await until(() => cli.stdout().includes('Because'), { what: 'the first words' });
    expect(cli.stderr()).toContain('a-model writes from');
    opened?.send({ type: 'text', text: ' json' }, cited, done);
    opened?.end();
    const { code, stdout } = await cli.result;
    expect(code).toBe(0);
    expect(stdout).toContain('Because \u241b[31mof json[1]\n');
    expect(stdout).toContain('L1');
  });

  it('that stops in its middle is followed by the excerpts, and is not in a pipe', async () => {
    const half: AnswerEvent = { type: 'text', text: 'half of it' };
    const daemon = await fakeDaemon({ answer: [found, half, { type: 'fallback', reason: 'the model took too long' }] });
    const { code, stdout, stderr } = await runCli(ASK, daemon);
    expect(code).toBe(0);
    expect(stdout).toContain('shall we use postgres?');
    expect(stdout).not.toContain('half of it');
    expect(stderr).toContain('no whole answer: the model took too long');
  });

  it.each([[[]], [['--json']]])('that breaks off without a last event is not given as whole %j', async (more) => {
    const half: AnswerEvent = { type: 'text', text: 'half of it' };
    const daemon = await fakeDaemon({ answer: [found, half] });
    const { stdout, stderr } = await runCli([...ASK, ...more], daemon);
    if (more.length > 0) expect(JSON.parse(stdout)).toMatchObject({ answer: null });
    else {
      expect(stdout).not.toContain('half of it');
      expect(stderr).toContain('no whole answer');
    }
  });
});
