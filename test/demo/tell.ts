/** The story itself. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { filesWith } from '../support/disk.ts';
import type { ClaudeProcess, Machine, ProcessWorld, Running } from '../support/process-world/index.ts';
import { until } from '../support/until.ts';
import { expectThat, type Story } from './story.ts';

/** Said in the conversation before it is shared. */
const BEFORE = ['Why does the login fail behind the proxy?', 'The cookie is Secure and the proxy speaks plain HTTP.'];
/** Said while the teammate reads. */
const LIVE = ['Trust the X-Forwarded-Proto header then.', 'Done, and a test covers it.'];

/** Looks like a token of GitHub and is none. Made here so that no scanner ever finds one in the sources. */
const inventedToken = (): string => `ghp_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`;

/** @throws DemoFailure, or what else went wrong */
export async function tell(story: Story, world: ProcessWorld): Promise<void> {
  const [marie, sam] = [await world.person('marie'), await world.person('sam')];
  story.says(`Everything happens on this machine, below ${world.folder}.`);
  await setUp(story, [marie, sam]);

  story.step('Marie works with Claude Code in the folder webshop.');
  const claude = marie.openClaude('webshop');
  const token = inventedToken();
  claude.say(...BEFORE);
  claude.write((w) => w.tool('toolu_1', 'Bash', { command: 'cat .env' }, `GITHUB_TOKEN=${token}`));
  story.says(`Claude Code (process ${claude.pid}) tells its hook that session ${claude.session} begins.`);
  story.says(`Its transcript holds 4 turns, one of them with a token: ${token}`);
  await claude.begin();

  await share(story, marie, sam, claude);
  const reading = await accept(story, marie, sam, claude, token);
  await readOn(story, claude, reading);
  await takeBack(story, marie, sam, claude, reading.running);
  await stop(story, [marie, sam]);
}

async function setUp(story: Story, machines: Machine[]): Promise<void> {
  story.step('Marie and Sam, members of the GitHub org acme, set up their machines.');
  for (const machine of machines) await story.types(machine, ['init', '--org', 'acme', '--yes']);
  for (const machine of machines) await story.types(machine, ['up']);
}

async function share(story: Story, marie: Machine, sam: Machine, claude: ClaudeProcess): Promise<void> {
  story.step('Marie shares the session with Sam, whom she has never shared anything with.');
  const shared = await story.types(marie, ['share', 'sam', '--note', 'the login bug'], { cwd: claude.cwd });
  expectThat(/sam\s+invited/.test(shared.stdout), 'share was to invite sam');

  story.step('Sam sees the invite, and can read nothing yet.');
  await until(async () => (await sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
  const listed = await story.types(sam, ['connections']);
  expectThat(listed.stdout.includes('"the login bug"'), 'connections was to show the note of the invite');
  await story.types(sam, ['show', 'marie'], { code: 1 });
  expectThat(filesWith(sam.folder, BEFORE).length === 0, "a file of Sam's holds what was said");
  expectThat(replicas(sam).length === 0, 'Sam has a replica before accepting');
  story.says("No file in Sam's home holds a word of it, and there is no replica.");
}

interface Reading {
  running: Running;
  news: () => void;
}

async function accept(
  story: Story,
  marie: Machine,
  sam: Machine,
  claude: ClaudeProcess,
  token: string,
): Promise<Reading> {
  story.step('Sam accepts, and reads along.');
  const accepted = await story.types(sam, ['accept', 'marie']);
  expectThat(/safety number +(?:\d{5} ?){12}/.test(accepted.stdout), 'accept was to show the safety number');
  expectThat(accepted.stdout.includes('1 session of theirs'), 'accept was to name what waits');
  await until(
    async () => (await sam.client.call('inbox', { params: { handle: 'marie' } })).sessions[0]?.fetched === 4,
    {
      what: "all turns on Sam's machine",
    },
  );
  const reading = story.starts(sam, ['show', 'marie', '-f']);
  await until(() => reading.running.stdout().includes('GITHUB_TOKEN='), { what: 'the turns so far' });
  reading.news();
  for (const text of BEFORE) expectThat(reading.running.stdout().includes(text), `Sam was to read "${text}"`);
  expectThat(!reading.running.stdout().includes(token), 'Sam reads the token');
  expectThat(filesWith(sam.folder, [token]).length === 0, "the token lies on Sam's disk");
  story.says('The token was masked before it left: it is in no output and in no file of Sam.');

  story.step('Marie looks at what was fetched, and what was masked.');
  await until(async () => (await marie.client.call('shared')).sessions[0]?.recipients[0]?.state === 'synced', {
    what: "Sam's machine to have reported",
  });
  const shared = await story.types(marie, ['shared'], { env: { CLAUDE_CODE_SESSION_ID: claude.session } });
  expectThat(/1 masked \(1 github-token\)/.test(shared.stdout), 'shared was to count the masked token');
  expectThat(/sam +synced +all 4 turns/.test(shared.stdout), 'shared was to say what Sam has fetched');
  return reading;
}

async function readOn(story: Story, claude: ClaudeProcess, { running, news }: Reading): Promise<void> {
  story.step('The conversation goes on, and Sam, who still has `show -f` open, reads it as it is written.');
  for (const [i, text] of LIVE.entries()) {
    const began = performance.now();
    claude.write((w) => (i % 2 === 0 ? w.prompt(text) : w.reply(text)));
    await until(() => running.stdout().includes(text), { what: `"${text}" to reach Sam` });
    story.says(`${Math.round(performance.now() - began)} ms after it was written:`);
    news();
  }
}

async function takeBack(
  story: Story,
  marie: Machine,
  sam: Machine,
  claude: ClaudeProcess,
  reading: Running,
): Promise<void> {
  story.step('Marie takes it back.');
  story.says(`In Sam's ${path.relative(sam.folder, inbox(sam))} before: ${replicas(sam).join(' ')}`);
  expectThat(replicas(sam).length === 1, 'Sam was to have one replica');
  const short = claude.session.slice(0, 8);
  await story.types(marie, ['unshare', short, '--from', 'sam']);

  story.step("It is gone from Sam's machine.");
  await until(() => reading.child.exitCode !== null, { what: '`show -f` to end' });
  const { code, stderr } = await reading.ended;
  story.says('`show -f` ended by itself:');
  story.shows(stderr);
  expectThat(code === 1 && stderr.includes('the share ended'), '`show -f` was to end and say that the share ended');
  const gone = await story.types(sam, ['show', 'marie', short], { code: 1 });
  expectThat(gone.stderr.includes('no longer shared'), '`show` was to say that it is no longer shared');
  await story.types(sam, ['show', 'marie'], { code: 1 });
  await until(() => replicas(sam).length === 0, { what: 'the replica to be gone from the disk' });
  story.says(`In Sam's ${path.relative(sam.folder, inbox(sam))} now: ${fs.readdirSync(inbox(sam)).join(' ')}`);
  expectThat(filesWith(sam.folder, [...BEFORE, ...LIVE]).length === 0, "a file of Sam's still holds what was said");
}

async function stop(story: Story, machines: Machine[]): Promise<void> {
  story.step('Both stop their daemons.');
  for (const machine of machines) {
    await story.types(machine, ['down']);
    await until(() => machine.daemonPid === null, { what: `the daemon of ${machine.login} to end` });
  }
}

function inbox({ paths }: Machine): string {
  return path.join(paths.state, 'inbox');
}

/** Names of the folders in which copies of others' sessions lie. */
function replicas(machine: Machine): string[] {
  const entries = fs.readdirSync(inbox(machine), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
