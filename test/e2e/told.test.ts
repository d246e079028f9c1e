/** What the user reads in Claude Code beside answers: widenings from elsewhere, what became of a share, who waits, what is new. */
import { expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { TeammateSyncError } from '../../src/errors.ts';
import type { HookCaller } from '../../src/protocol/caller.ts';
import { shortId } from '../../src/protocol/ids.ts';
import type { HookRequest } from '../../src/protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import { belowAgent } from '../support/typing.ts';
import { until } from '../support/until.ts';
import {
  type FakeClaude,
  invited,
  type Person,
  people,
  sharedWith,
  type World,
  useWorld,
} from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

/** What a hook of this conversation prints for the user; null: nothing. */
async function told(at: Person, claude: FakeClaude, more: Partial<HookRequest> = {}): Promise<string | null> {
  const { session, transcriptPath, cwd, pid } = claude;
  const body = { event: 'Stop', session, transcriptPath, cwd, source: null, reason: null, pid, attended: true };
  return (await at.client.call('hook', { body: { ...body, ...more } })).message;
}
const begins = (
  at: Person,
  claude: FakeClaude,
  source: string,
  more: Partial<HookRequest> = {},
): Promise<string | null> => told(at, claude, { event: 'SessionStart', source, ...more });

const NEW = 'f30f00d0-0000-4000-8000-000000000000';

it('says what was widened from elsewhere, once, in the session that it concerns, over a restart, and on the desktop', async () => {
  const [marie, sam] = (await people(world, 'marie', 'sam')) as [Person, Person];
  const [claude, other] = [await marie.claude('webshop'), await marie.claude('blog')];
  claude.say('one');
  await marie.share(claude, sam.login);
  const what = `webshop (${shortId(claude.session)}) is now shared with ${sam.login} (invited), asked from a terminal`;
  expect(marie.desktop).toEqual([what]);
  await marie.restart();
  expect(await told(marie, other)).toBeNull();
  // Nobody would read it there.
  expect(await told(marie, claude, { attended: false })).toBeNull();
  expect(await told(marie, claude, { event: 'UserPromptSubmit', prompt: 'own' })).toBeNull();
  expect(await told(marie, claude, { event: 'SessionEnd', session: NEW, reason: 'other' })).toBeNull();
  expect(await told(marie, claude)).toBe(`teammate-sync: ${what}; /unshare --from ${sam.login} ends it`);
  expect(await told(marie, claude)).toBeNull();
  // Nothing was widened.
  await marie.share(claude, sam.login);
  expect(await told(marie, claude)).toBeNull();

  await invited(sam, marie);
  const his = await sam.claude('his');
  const invite = `${marie.login} invites you (webshop)`;
  expect(sam.desktop).toEqual([`${invite}. Answer: /accept ${marie.login} or /decline ${marie.login}`]);
  const answer = `teammate-sync: ${invite}: /accept ${marie.login} or /decline ${marie.login}`;
  expect(await begins(sam, his, 'startup')).toBe(answer);
  expect(await begins(sam, his, 'compact')).toBeNull();

  await sam.accept(marie.login);
  expect(sam.desktop[1]).toBe(`you are now connected with ${marie.login}, asked from a terminal`);
  expect(await told(sam, his)).toContain(`; /disconnect ${marie.login} ends it`);
  await until(async () => (await begins(sam, his, 'startup')) !== null, { what: 'the news of the share' });
  expect(await begins(sam, his, 'startup')).toBeNull();
  await marie.share(other, sam.login);
  await until(
    async () =>
      (await begins(sam, his, 'startup')) ===
      `teammate-sync: ${marie.login} shares blog with you: /show ${marie.login}`,
    { what: 'the news of the second share' },
  );
});

it.skipIf(belowAgent)('says nothing beside the answer of a command that was typed in the session itself', async () => {
  const { marie, sam, claude } = await sharedWith(world);
  await marie.client.call('unshare', { body: { session: claude.session, cwd: claude.cwd, from: [], all: false } });
  await told(marie, claude);
  // Who asks is this very process, which is below the process of a conversation when that is its parent.
  const caller: HookCaller = {
    ...{ via: 'hook', pid: process.pid, session: claude.session, claude: process.ppid },
    ...{ entrypoint: 'cli', attended: true },
  };
  await told(marie, claude, { event: 'SessionStart', source: 'resume', pid: process.ppid });
  const at = (who: HookCaller): ReturnType<Person['client']['call']> => {
    const socketPath = marie.rooms.settings.paths.socket;
    const body = {
      session: claude.session,
      cwd: claude.cwd,
      to: [sam.login],
      note: null,
      fromNow: false,
      withThinking: false,
    };
    return createClient({ socketPath, version: PRODUCT_VERSION, caller: who }).call('share', { body });
  };
  const before = marie.desktop.length;
  await expect(at({ ...caller, attended: false })).rejects.toBeInstanceOf(TeammateSyncError);
  await expect(at({ ...caller, claude: claude.pid })).rejects.toMatchObject({ code: 'PERSON_ONLY' });
  await told(marie, claude, { event: 'UserPromptSubmit', prompt: 'other', pid: process.ppid });
  await expect(at(caller)).rejects.toMatchObject({ code: 'PERSON_ONLY' });
  await told(marie, claude, { event: 'Stop', pid: process.ppid });
  expect(marie.rooms.sharing.list()).toEqual([]);
  // Another process runs it, too: whoever sits before that one is told, and not by a hook of the one that asked.
  await at(caller);
  expect(marie.rooms.sharing.list()).toHaveLength(1);
  expect(await told(marie, claude, { pid: process.ppid })).toBeNull();
  expect(marie.desktop).toHaveLength(before + 1);
  expect(await told(marie, claude)).toContain('asked from another window of it; /unshare --from');
  // Now it is the only one.
  await marie.client.call('unshare', { body: { session: claude.session, cwd: claude.cwd, from: [], all: false } });
  await told(marie, claude, { event: 'SessionEnd', reason: 'other' });
  await at(caller);
  expect(marie.rooms.sharing.list()).toHaveLength(1);
  expect([marie.desktop.length, await told(marie, claude, { pid: process.ppid })]).toEqual([before + 1, null]);
  // Of another conversation it is told there.
  const other = await marie.claude('blog');
  other.say('two');
  const body = {
    session: other.session,
    cwd: other.cwd,
    to: [sam.login],
    note: null,
    fromNow: false,
    withThinking: false,
  };
  const socketPath = marie.rooms.settings.paths.socket;
  await createClient({ socketPath, version: PRODUCT_VERSION, caller }).call('share', { body });
  expect(await told(marie, claude, { pid: process.ppid })).toBeNull();
  expect(await told(marie, other)).toContain('asked from another conversation; /unshare --from');
});

it('says with whom a session was shared that is taken up again, and that a copy of it is not', async () => {
  const { marie, sam, claude } = await sharedWith(world);
  await told(marie, claude);
  const shared = async (): Promise<number> => (await marie.client.call('shared')).sessions.length;
  const copy = { session: NEW, transcriptPath: '' };

  // --fork-session: another process, and the original goes on.
  const forked = await marie.claude(claude.cwd.split('/').at(-1));
  expect(await begins(marie, forked, 'fork')).toBe(
    `teammate-sync: this copy is not shared; ${shortId(claude.session)} of this folder is, with ${sam.login}`,
  );
  expect(await shared()).toBe(1);

  // /branch, and back.
  await told(marie, claude, { event: 'SessionEnd', reason: 'resume' });
  expect(await begins(marie, claude, 'fork', copy)).toBe(
    `teammate-sync: not shared; the original was shared with ${sam.login}, which has ended; /share ${sam.login} to share this one`,
  );
  await until(async () => (await shared()) === 0, { what: 'the end of the share' });
  await told(marie, claude, { event: 'SessionEnd', reason: 'resume', session: NEW });
  const resumed = `teammate-sync: this session was shared with ${sam.login}; /share ${sam.login} to go on`;
  expect(await begins(marie, claude, 'resume')).toBe(resumed);
  // As the plugin's, the command has another name.
  expect(await begins(marie, claude, 'resume', { plugin: true })).toBe(
    resumed.replace('/share', '/teammate-sync:share'),
  );
  expect(await shared()).toBe(0);

  // /clear, after it was shared again; then the machine is restarted with the daemon down.
  await marie.share(claude, sam.login);
  expect(await begins(marie, claude, 'resume')).not.toContain('was shared with');
  await told(marie, claude, { event: 'SessionEnd', reason: 'clear' });
  expect(await begins(marie, claude, 'clear', copy)).toBeNull();
  expect(await told(marie, claude, { event: 'UserPromptSubmit', prompt: 'other', ...copy })).toContain(
    `not shared; the session before was shared with ${sam.login}, which has ended; /share ${sam.login} to share this one`,
  );
  const again = await marie.claude('proj');
  again.say('three');
  await marie.share(again, sam.login);
  await marie.stop();
  again.kill();
  await marie.start();
  const taken = await marie.claude('proj');
  expect(await begins(marie, taken, 'resume', { session: again.session })).toContain(`was shared with ${sam.login}`);
});
