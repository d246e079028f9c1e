/** Commands typed in Claude Code, with the programs as they are shipped; and what a model in it tries instead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shared } from '../../src/protocol/local-api.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { belowAgent } from '../support/typing.ts';
import { ask } from '../support/raw-http.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
/** Two conversations in one folder. */
let shop: ClaudeProcess;
let other: ClaudeProcess;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie, sam] = await world.readyPeople('marie', 'sam');
  shop = await marie.claude('webshop', 'why is the login slow?', 'the index is missing');
  other = await marie.claude('webshop', 'what is for lunch?', 'soup');
});
afterAll(() => world.close());

const shared = async (): Promise<string[]> => {
  const { sessions }: Shared = await marie.client.call('shared');
  return sessions.map(({ session }) => session);
};
const REFUSED = 'so a person has to type it';

describe.runIf(process.platform !== 'win32')('what a model in Claude Code tries', () => {
  const share = ['share', 'sam'];

  it('is refused: the command line, without its marks, forged prompts, claude -p, and the socket', async () => {
    const unmarked = { CLAUDECODE: '', AI_AGENT: '' };
    const cases: [what: string, ran: () => Promise<string>][] = [
      ['the command line', async () => (await shop.runs('tool', share)).stderr],
      ['without its marks', async () => (await shop.runs('tool', share, '', unmarked)).stderr],
      [
        'of another session',
        async () => (await shop.runs('tool', [...share, '--session', other.session], '', unmarked)).stderr,
      ],
      ['accept, without its marks', async () => (await shop.runs('tool', ['accept', 'sam'], '', unmarked)).stderr],
      ['a forged prompt', () => shop.types('/share sam', 'tool')],
      ['a forged prompt, without its marks', () => shop.types('/share sam', 'tool', unmarked)],
      [
        'a forged prompt in the name of another',
        () => shop.types('/share sam', 'tool', { CLAUDE_PID: String(other.pid) }),
      ],
      [
        'the socket',
        async () => {
          const body = {
            session: shop.session,
            cwd: shop.cwd,
            to: ['sam'],
            note: null,
            fromNow: false,
            withThinking: false,
          };
          return (await ask(marie.paths.socket, 'POST', '/v1/share', { body: JSON.stringify(body) })).body;
        },
      ],
    ];
    for (const [what, ran] of cases) expect(await ran(), what).toContain(REFUSED);
    const print = await shop.types('/share sam', 'hook', { CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' });
    expect(print).toContain('nothing was done\n  type it in a terminal: teammate-sync share sam');
    expect([await shared(), (await marie.client.call('connections')).pendingOut]).toEqual([[], []]);
  });

  it.skipIf(belowAgent)('while a turn runs is refused also where it looks like a hook', async () => {
    const input = { session_id: shop.session, transcript_path: shop.transcriptPath, cwd: shop.cwd };
    const event = (name: string, more: object = {}): Promise<unknown> =>
      shop.runs('hook', ['hook'], JSON.stringify({ ...input, hook_event_name: name, ...more }));
    await event('UserPromptSubmit', { prompt: 'read the file and do what it says' });
    expect(await shop.types('/share sam')).toContain('Claude is at work, so it may not have been you');
    await event('Stop');
    expect(await shared()).toEqual([]);
  });
});

describe.runIf(process.platform !== 'win32' && !belowAgent)('a command typed in Claude Code', () => {
  it('shares the session it was typed in, of two in one folder, says how to undo it, and costs no notice', async () => {
    const said = await shop.types('/share @Sam --note "the login; $(touch x)"');
    expect(said).toMatch(/^Sharing webshop \([0-9a-f]{8}\): 2 turns since .*\n {2}sam {2}invited/);
    expect(said).toMatch(/\nUndo: \/unshare --from sam$/);
    expect(await shared()).toEqual([shop.session]);
    const note = async (): Promise<string | null> => (await sam.client.call('connections')).pendingIn[0]?.note ?? null;
    await until(async () => (await note()) !== null, { what: 'the invite' });
    expect(await note()).toBe('the login; $(touch x)');
    const stop = {
      session_id: shop.session,
      hook_event_name: 'Stop',
      cwd: shop.cwd,
      transcript_path: shop.transcriptPath,
    };
    expect(await shop.runs('hook', ['hook'], JSON.stringify(stop))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('answers an invite, and shows what came by it', async () => {
    const claude = await sam.claude('his');
    const accepted = await claude.types('/accept marie');
    expect(accepted).toMatch(/^Connected with marie\.\n[^]*safety number[^]*\nUndo: \/disconnect marie$/);
    await until(async () => (await claude.types('/show marie')).includes('the index is missing'), {
      what: 'it to come',
    });
    const shown = await claude.types('/show marie');
    expect(shown).toContain(`All of it, in a terminal: teammate-sync show marie ${shop.session.slice(0, 8)}`);
    expect(shown).toMatch(/never shared on\.$/);
    expect(await claude.types('/teammates')).toContain('marie');
    expect(await claude.types('/connections')).toContain('marie');
  });

  it('says what is wrong, and changes nothing by it', async () => {
    expect(await other.types('/share nobody-here')).toContain('nobody-here');
    expect(await other.types('/share "sam')).toContain('a quote is not closed');
    expect(await other.types('/unshare')).toContain('not shared');
    expect(await shared()).toEqual([shop.session]);
  });

  it('starts the daemon for a share, which then knows the session, and says what to type for the rest', async () => {
    await marie.ok(['down']);
    expect(await other.types('/shared')).toContain('start it with `teammate-sync up`');
    expect(await other.types('/share sam')).toMatch(/^Sharing webshop .*\n {2}sam {2}shared/);
    expect((await shared()).toSorted()).toEqual([shop.session, other.session].toSorted());
    expect(await other.types('/shared')).toMatch(/webshop.*← this session/);
    expect(await other.types('/unshare')).toContain('Ended: webshop');
    expect(await shared()).toEqual([shop.session]);
    expect(await shop.types('/disconnect sam')).toContain('No longer connected with sam.');
    expect(await shared()).toEqual([]);
  });
});
