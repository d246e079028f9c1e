/** What the daemon learns of conversations from the real Claude Code, and which shares end with which of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClaudeWorld } from './support/claude-world.ts';
import { until } from '../support/until.ts';
import type { Conversation } from './support/conversation.ts';

let world: ClaudeWorld;
/** Two in one directory, shared and not shared. */
let shop: Conversation;
let other: Conversation;

beforeAll(async () => {
  world = await ClaudeWorld.start();
  [shop, other] = await Promise.all([world.claude.open('webshop'), world.claude.open('webshop')]);
});
afterAll(() => world.close());

describe('two conversations in one directory', () => {
  it('are known from their beginning, before a word was said', async () => {
    expect(shop.session).not.toBe(other.session);
    await world.knows(shop.session, other.session);
  });

  it('are shared one by one', async () => {
    await Promise.all([shop.say('why is the login slow?'), other.say('what is for lunch?')]);
    await world.share(shop.session);
    await world.sharesOnly(shop.session);
    await shop.say('what was that?');
    await shop.terminal.shows('now shared with sam (invited), asked from a terminal; /unshare --from sam ends it');
    expect(await world.samReads(shop.session, 'why is the login slow?', 'Understood.')).not.toContain('lunch');
  });
});

describe('a share goes on', () => {
  it('after /compact', async () => {
    const { session } = shop;
    await shop.compact();
    expect(shop.session).toBe(session);
    await shop.say('said after it was compacted');
    await world.samReads(session, 'why is the login slow?', 'said after it was compacted');
  });

  it('when claude -p has gone on with the same session elsewhere and ended', async () => {
    world.api.script('asked in passing', 'Answered in passing.');
    const { session } = shop;
    const { code, stdout } = await world.claude.run('webshop', '-p', 'asked in passing', '--resume', session);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Answered in passing.')]);
    await world.samReads(session, 'asked in passing');
    await world.sharesOnly(session);
  });

  it('when it is left while claude -p still goes on with it; it ends with that', async () => {
    let answer: (text: string) => void = () => {};
    const asked = new Promise<string>((resolve) => (answer = resolve));
    world.api.script('asked for long', () => asked);
    const third = await world.claude.open('webshop');
    const { session } = third;
    await third.say('said before it is left');
    await world.share(session);
    await world.sharesOnly(shop.session, session);
    const running = world.claude.run('webshop', '-p', 'asked for long', '--resume', session);
    await until(() => world.api.requests.some(({ prompt }) => prompt.includes('asked for long')), {
      what: 'it to ask',
    });
    await third.enter('/exit');
    await third.gone();
    await world.sharesOnly(shop.session, session);
    answer('Answered at last.');
    expect((await running).stdout).toContain('Answered at last.');
    await world.sharesOnly(shop.session);
  });

  it('when claude mcp list ends, which no conversation began with', async () => {
    expect(await world.claude.run('webshop', 'mcp', 'list')).toMatchObject({ code: 0 });
    await world.knows(shop.session, other.session);
    await world.sharesOnly(shop.session);
  });

  it('when its copy begins and ends: --fork-session', async () => {
    const copy = await world.claude.open('webshop', '--resume', shop.session, '--fork-session');
    await world.knows(shop.session, other.session, copy.session);
    await copy.terminal.shows('this copy is not shared;');
    await copy.say('said in the copy');
    await world.sharesOnly(shop.session);
    await copy.enter('/exit');
    await copy.gone();
    await world.knows(shop.session, other.session);
    await shop.say('said after the copy');
    expect(await world.samReads(shop.session, 'said after the copy')).not.toContain('said in the copy');
  });
});

describe('a share ends, and what follows is not shared', () => {
  it('with /clear', async () => {
    const before = shop.session;
    const after = await shop.enterAnotherSession('/clear');
    await world.sharesOnly();
    await world.knows(after, other.session);
    expect((await world.sam.failure(['show', 'marie', before])).code).toBe('NO_LONGER_SHARED');
    // What a hook says at /clear itself Claude Code does not show.
    await shop.say('said after it was cleared');
    await shop.terminal.shows('not shared; the session before was shared with sam, which has ended; /share sam');
  });

  it('with /branch', async () => {
    await shop.say('said before the branch');
    await world.share(shop.session);
    await world.samReads(shop.session, 'said before the branch');
    const branch = await shop.enterAnotherSession('/branch attempt');
    await shop.terminal.shows('not shared; the original was shared with sam, which has ended; /share sam');
    await world.sharesOnly();
    await world.knows(branch, other.session);
  });

  it.each(['--resume', '--continue'])('with /exit, also when it is resumed: %s', async (how) => {
    const { session } = shop;
    await shop.say(`said before ${how}`);
    await world.share(session);
    await world.samReads(session, `said before ${how}`);
    await shop.enter('/exit');
    await shop.gone();
    await world.sharesOnly();
    await world.knows(other.session);
    shop = await world.claude.open('webshop', ...(how === '--resume' ? [how, session] : [how]));
    expect(shop.session).toBe(session);
    await shop.terminal.shows('this session was shared with sam; /share sam to go on');
    await world.knows(session, other.session);
    await world.sharesOnly();
  });
});

describe('of many in one directory, just the one that ended is no longer shared', () => {
  const ENDS: readonly (readonly [how: string, end: (conversation: Conversation) => unknown])[] = [
    ['/exit', (conversation) => conversation.enter('/exit')],
    ['Ctrl-C twice', (conversation) => conversation.terminal.press('C-c', 'C-c')],
    ['Ctrl-D twice', (conversation) => conversation.terminal.press('C-d', 'C-d')],
    ['SIGTERM', (conversation) => conversation.signal('SIGTERM')],
    ['SIGHUP', (conversation) => conversation.signal('SIGHUP')],
    ['SIGINT', (conversation) => conversation.signal('SIGINT')],
    ['kill -9', (conversation) => conversation.signal('SIGKILL')],
    ['a closed terminal', (conversation) => conversation.terminal.close()],
  ];
  let open: Conversation[];

  beforeAll(async () => {
    open = [];
    for (let i = 0; i < ENDS.length; i++) open.push(await world.claude.open('blog'));
    await Promise.all(open.map((conversation, i) => conversation.say(`a post, number ${i}`)));
    await world.share(...open.map(({ session }) => session));
    await world.sharesOnly(...open.map(({ session }) => session));
  });

  it.each(ENDS.map(([how], i) => [how, i] as const))('%s', async (_, i) => {
    const conversation = open.shift();
    const left = open.map(({ session }) => session);
    if (conversation) await ENDS[i]?.[1](conversation);
    await conversation?.gone();
    await world.sharesOnly(...left);
    await world.knows(shop.session, other.session, ...left);
  });
});
