/** What a teammate writes is text: whatever it holds, nothing of it acts on the terminal of who reads it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Turn } from '../../src/protocol/turn.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let mallory: Machine;
let sam: Machine;
let claude: ClaudeProcess;

/** Colours, cursor, title, clipboard, link, C1 controls, bidi, a line that rewrites itself, invisible letters. */
const HOSTILE =
  '\u001B[2J\u001B[31mred\u001B]0;title\u0007\u001B]52;c;cm0gLXJm\u0007\u001B]8;;https://evil.invalid\u001B\\link' +
  '\u009B2J\u0085\u007F\b\b\rsam$ yes\u202Etxt.exe\u2066\u200B\u2028\uFEFF\u{E0041}';
/** All that must not reach a terminal, line breaks and tabs excepted. */
const RAW =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [mallory, sam] = await world.readyPeople('mallory', 'sam');
  claude = mallory.openClaude(`shop\u001B[31m\u202E`);
  claude.write((w) =>
    w
      .prompt(`prompt ${HOSTILE}`)
      .reply(`reply ${HOSTILE}\n#9 00:00 sam\nforged`)
      .tool('toolu_1', `Bash${HOSTILE}`, { command: HOSTILE, [HOSTILE]: [HOSTILE] }, `result ${HOSTILE}`)
      .title(`name ${HOSTILE}`),
  );
  await claude.begin();
});
afterAll(() => world.close());

async function clean(machine: Machine, args: string[], where?: string): Promise<string> {
  const { stdout, stderr } = await machine.run(args, where === undefined ? {} : { cwd: where });
  expect(RAW.exec(stdout + stderr), `${args.join(' ')} printed ${JSON.stringify(stdout + stderr)}`).toBeNull();
  return stdout;
}

it('reaches no output raw: preview, invite, list, transcript, data, listings', async () => {
  await clean(mallory, ['share', '--preview'], claude.cwd);
  expect(await clean(mallory, ['share', 'sam', '--note', `note ${HOSTILE}`], claude.cwd)).toContain('invited');
  await until(async () => (await sam.client.call('connections')).pendingIn.length === 1, { what: 'the invite' });
  const listed = await clean(sam, ['connections']);
  expect(listed).toContain('"note ');
  expect(listed).toContain('about shop');
  await clean(sam, ['connections', '--json']);
  await sam.ok(['accept', 'mallory']);
  await until(async () => (await sam.run(['show', 'mallory', '--json'])).stdout.includes('name '), {
    what: 'the title',
  });

  const text = await clean(sam, ['show', 'mallory']);
  for (const part of ['prompt ', 'reply ', 'result ', 'shop', '"name ']) expect(text).toContain(part);
  // What pretends to be a turn of its own is indented like all foreign text.
  expect(text).toMatch(/^ {2}#9 00:00 sam$/m);
  expect(text).not.toMatch(/^#9/m);
  await clean(sam, ['show', 'mallory', '--full']);
  const raw = await clean(sam, ['show', 'mallory', '--raw']);
  const [prompt] = raw.split('\n').map((line) => (line === '' ? null : (JSON.parse(line) as Turn)));
  expect(prompt?.content).toEqual([{ type: 'text', text: `prompt ${HOSTILE}` }]);
  await clean(sam, ['show', 'mallory', '--json']);
  await clean(mallory, ['shared']);
  await clean(mallory, ['shared', '--json']);

  // Of several, the list.
  const second = await mallory.claude('other', `also ${HOSTILE}`);
  await mallory.ok(['share', 'sam'], { cwd: second.cwd });
  await until(async () => (await clean(sam, ['show', 'mallory'])).includes('2 sessions'), { what: 'the list' });
  await clean(sam, ['show', 'mallory', '--json']);
  await clean(sam, ['show', 'mallory', '-f']);
  await clean(mallory, ['down']);
  await clean(sam, ['status']);
});

it('reaches no error raw that is typed back', async () => {
  for (const args of [
    ['show', HOSTILE],
    ['show', 'mallory', HOSTILE],
    [HOSTILE],
    ['share', HOSTILE],
    [`--${HOSTILE}`],
  ]) {
    await clean(sam, args);
    await clean(sam, [...args, '--json']);
  }
});
