/** Our commands, typed into the real Claude Code: answered without a model, for the session they were typed in. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLASH_VERBS } from '../../src/protocol/claude-hook.ts';
import { ClaudeWorld } from './support/claude-world.ts';
import type { Conversation } from './support/conversation.ts';

let world: ClaudeWorld;
/** Two in one directory. */
let shop: Conversation;
let other: Conversation;

beforeAll(async () => {
  world = await ClaudeWorld.start();
  [shop, other] = await Promise.all([world.claude.open('webshop'), world.claude.open('webshop')]);
});
afterAll(() => world.close());

/** How often the model was asked while `act` ran. */
async function callsDuring(act: () => Promise<unknown>): Promise<number> {
  const before = world.api.calls;
  await act();
  return world.api.calls - before;
}

/** Types /share and checks that it was this session, and no other one, that it shared; takes it back. */
async function sharesThisOne(conversation: Conversation): Promise<void> {
  const { session } = conversation;
  expect(await conversation.command('/share sam')).toContain(`Sharing webshop (${session.slice(0, 8)})`);
  await world.sharesOnly(session);
  expect(await conversation.command('/shared')).toContain(`← this session\n  ${session}`);
  expect(await conversation.command('/unshare')).toContain('sam');
  await world.sharesOnly();
}

describe('/share', () => {
  it('shares the session that it was typed in, before a word was said, and asks no model', async () => {
    const calls = await callsDuring(async () => {
      const answer = await shop.command('/share sam');
      expect(answer).toContain(`Sharing webshop (${shop.session.slice(0, 8)}): nothing written yet`);
      expect(answer).toContain('Undo: /unshare --from sam');
    });
    expect(calls).toBe(0);
    await world.accept();
    await world.sharesOnly(shop.session);
    await Promise.all([shop.say('why is the login slow?'), other.say('what is for lunch?')]);
    await world.samReads(shop.session, 'why is the login slow?');
  });

  it('of several in one directory changes the one alone', async () => {
    expect(await other.command('/unshare')).toMatch(/not shared/);
    await world.sharesOnly(shop.session);
    await other.command('/share sam');
    await world.sharesOnly(shop.session, other.session);
    await shop.command('/unshare');
    await world.sharesOnly(other.session);
    await other.command('/unshare');
    await world.sharesOnly();
  });

  it.each([
    ['/clear', () => shop.enterAnotherSession('/clear')],
    ['/branch', () => shop.enterAnotherSession('/branch attempt')],
    ['/compact', () => shop.compact()],
  ])('after %s means the session that goes on', async (_, go) => {
    await shop.say('said before');
    await go();
    await sharesThisOne(shop);
  });

  it.each(['--resume', '--continue', '--fork-session'])('after %s means the session that goes on', async (how) => {
    await shop.say(`said before ${how}`);
    const { session } = shop;
    await shop.enter('/exit');
    await shop.gone();
    const which = how === '--continue' ? [how] : ['--resume', session];
    shop = await world.claude.open('webshop', ...which, ...(how === '--fork-session' ? [how] : []));
    expect(shop.session === session).toBe(how !== '--fork-session');
    await sharesThisOne(shop);
  });

  it('of a copy, before its first prompt, can leave out what it copied', async () => {
    await shop.say('said before it was copied');
    const copy = await world.claude.open('webshop', '--resume', shop.session, '--fork-session');
    await copy.command('/share sam --from-now');
    await copy.say('said in the copy');
    expect(await world.samReads(copy.session, 'said in the copy')).not.toContain('before');
    await copy.enter('/exit');
    await copy.gone();
    await world.sharesOnly();
  });

  it('while Claude works waits until it has finished, and then is carried out', async () => {
    const go = path.join(shop.cwd, 'go');
    const command = `until [ -e '${go}' ]; do sleep 0.1; done`;
    world.api.script('wait for me', { tool: 'Bash', input: { command } }, 'It came.');
    const calls = await callsDuring(async () => {
      await shop.enter('wait for me');
      await shop.terminal.shows(/Running|esc to interrupt/);
      const since = Date.now();
      await shop.terminal.type('/share sam');
      await shop.terminal.press('Enter');
      await shop.terminal.shows(/queued/);
      await world.sharesOnly();
      fs.writeFileSync(go, '');
      expect(await shop.answer(since)).toContain(`Sharing webshop (${shop.session.slice(0, 8)})`);
    });
    // The tool and what was said after it.
    expect(calls).toBe(2);
    await world.sharesOnly(shop.session);
  });

  it('is refused under claude -p, which asks no model either', async () => {
    const calls = await callsDuring(async () => {
      const { stdout } = await world.claude.run('webshop', '-p', '/share sam');
      expect(stdout).toContain('nothing was done\n  type it in a terminal: teammate-sync share sam');
    });
    expect(calls).toBe(0);
    await world.sharesOnly(shop.session);
  });

  it('leaves nothing of it in what is shared', async () => {
    world.api.script('ask for it', { tool: 'Bash', input: { command: 'teammate-sync connections' } }, 'Asked for it.');
    await shop.say('ask for it', 'Asked for it.');
    await shop.enter('!teammate-sync shared');
    await shop.terminal.shows('End one:');
    await shop.say('and on');
    const read = await world.samReads(shop.session, 'It came.', 'Asked for it.', 'and on');
    const ours = ['/share', '/unshare', 'blocked by hook', 'Sharing webshop', 'Connections in', 'End one:', 'hook_'];
    for (const noise of ours) expect(read).not.toContain(noise);
    // What our program printed, to the model's shell and to the user's own.
    expect(read.match(/\{"type":"omitted","why":"teammate"\}/g)).toHaveLength(2);
  });
});

describe('every command', () => {
  it('is answered without a model, and no model ever learns of it', async () => {
    const calls = await callsDuring(async () => {
      for (const { name } of SLASH_VERBS) expect(await other.command(`/${name}`), name).not.toBe('');
    });
    expect(calls).toBe(0);
    await other.say('and now to work');
    expect(world.api.requests.at(-1)?.body).not.toMatch(/blocked by hook|Connections in|You share|Undo:/);
  });

  it('is answered without a model when the daemon is down; /share starts it', async () => {
    await world.marie.ok(['down']);
    const calls = await callsDuring(async () => {
      expect(await other.command('/shared')).toContain('not running');
      expect(await other.command('/share sam')).toContain(`(${other.session.slice(0, 8)})`);
    });
    expect(calls).toBe(0);
    await world.sharesOnly(shop.session, other.session);
  });
});
