/** curl as Claude Code's hook: the route takes the hook's input as it is. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/local-api/index.ts';
import { startLocalApi } from '../support/local-api.ts';
import { ask } from '../support/raw-http.ts';
import { recordingBackend } from '../support/recording-backend.ts';

const SESSION = '0b6f2f5e-6f0f-4a52-9f0e-1f4f3f3f8f11';
const input = {
  hook_event_name: 'SessionStart',
  session_id: SESSION,
  transcript_path: '/home/ada/.claude/projects/x/1.jsonl',
  cwd: '/home/ada/webshop',
  source: 'resume',
  model: 'some-model',
};
const told = {
  event: 'SessionStart',
  session: SESSION,
  transcriptPath: input.transcript_path,
  cwd: input.cwd,
  source: 'resume',
  reason: null,
  pid: 77,
};

async function asked(query: string, body: unknown, hook: Backend['hook'] = async () => ({ message: null })) {
  const backend = recordingBackend({ hook });
  const { socketPath } = await startLocalApi(backend);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { status, body: answer } = await ask(socketPath, 'POST', `/v1/hook/claude-code${query}`, { body: text });
  return { status, answer, calls: backend.calls };
}

describe('the route', () => {
  it('tells the daemon what it needs, and answers with nothing', async () => {
    expect(await asked('?pid=77', input)).toEqual({ status: 204, answer: '', calls: [['hook', told]] });
  });

  it('tells the daemon that it is the plugin that asks', async () => {
    const { calls } = await asked('?pid=77&plugin=1', input);
    expect(calls).toEqual([['hook', { ...told, plugin: true }]]);
  });

  it('answers with a line for the user as Claude Code takes it, without what a terminal acts on', async () => {
    const { status, answer } = await asked('?pid=77', input, async () => ({ message: 'two\u001b]52;c;x\u0007 wait' }));
    expect([status, JSON.parse(answer)]).toEqual([200, { systemMessage: 'two␛]52;c;x␇ wait' }]);
  });

  it('leaves a prompt that is one of our commands to our program, and tells the daemon that one was typed', async () => {
    const at = (prompt: string) =>
      asked('?pid=77&entrypoint=cli&attended=1', { ...input, hook_event_name: 'UserPromptSubmit', prompt });
    const event = { ...told, event: 'UserPromptSubmit', attended: true };
    expect(await at('/share marie')).toEqual({
      status: 422,
      answer: '',
      calls: [['hook', { ...event, prompt: 'own' }]],
    });
    const long = `why? ${'x'.repeat(100_000)}`;
    expect(await at(long)).toEqual({ status: 204, answer: '', calls: [['hook', { ...event, prompt: 'other' }]] });
  });

  it.each([
    ['no event', {}],
    ['no session', { ...input, session_id: '../../x' }],
    ['a list', [input]],
  ])('asks the daemon nothing about %s', async (_what, body) => {
    expect(await asked('?pid=77', body)).toEqual({ status: 204, answer: '', calls: [] });
  });

  it.each([
    ['', input],
    ['?pid=', input],
    ['?pid=-1', input],
    ['?pid=99999999999', input],
    ['?pid=4294967295', input],
    ['?pid=77', '{'],
    ['?pid=77', { ...input, source: 'x'.repeat(100) }],
  ])('refuses %s with %j', async (query, body) => {
    const { status, answer, calls } = await asked(query, body);
    expect([status, calls, JSON.parse(answer)]).toMatchObject([400, [], { error: { code: 'BAD_REQUEST' } }]);
  });
});
