/** Daemons in processes of their own, with steered clocks: what only a real death of the process shows. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { filesWith } from '../support/disk.ts';
import { until } from '../support/until.ts';
import {
  buildDaemonEntry,
  DaemonProcess,
  invited,
  type Person,
  reads,
  refusedRead,
  World,
} from '../support/world/index.ts';

const MINUTE = 60_000;
let world: World;
let build: Awaited<ReturnType<typeof buildDaemonEntry>>;

beforeAll(async () => {
  [world, build] = await Promise.all([World.start(), buildDaemonEntry()]);
});
afterAll(async () => {
  await world.close();
  build.remove();
});

async function start(person: Person): Promise<DaemonProcess> {
  const daemon = await DaemonProcess.start(build.entry, person.env, person.frames);
  onTestFinished(() => daemon.kill());
  return daemon;
}

it('kill -9 of either daemon loses nothing, repeats nothing, and ends nothing', async () => {
  const [marie, sam] = [world.member('marie'), world.member('sam')];
  await marie.init();
  await sam.init();
  let hers = await start(marie);
  let his = await start(sam);
  const claude = await marie.claude();
  onTestFinished(() => claude.kill());
  const texts = ['one'];
  claude.say('one');
  await marie.share(claude, sam.login);
  await invited(sam, marie);
  await sam.accept(marie.login);
  await reads(sam, marie, claude, texts);

  for (let round = 0; round < 3; round++) {
    // Lines are written while she dies, and while she is dead.
    const more = [`round ${round} a`, `round ${round} b`];
    claude.say(more[0] ?? '');
    await hers.kill();
    claude.say(more[1] ?? '');
    hers = await start(marie);
    texts.push(...more);
    await reads(sam, marie, claude, texts);
    await his.kill();
    his = await start(sam);
    await reads(sam, marie, claude, texts);
  }
  // Every frame of both was seen, and none of them held a text in clear, or a token at all.
  for (const person of [marie, sam]) {
    expect(person.frames.length).toBeGreaterThan(0);
    const { GH_TOKEN: token = '?' } = person.env;
    for (const needle of ['round 1 a', token]) expect(person.frames.some((f) => f.bytes.includes(needle))).toBe(false);
  }
});

it('a lease runs out in a process whose owner was killed, and comes back with the owner', async () => {
  const [marie, sam] = [world.member('marie2'), world.member('sam2')];
  await marie.init();
  await sam.init();
  let hers = await start(marie);
  const his = await start(sam);
  const claude = await marie.claude();
  onTestFinished(() => claude.kill());
  claude.say('one');
  await marie.share(claude, sam.login);
  await invited(sam, marie);
  await sam.accept(marie.login);
  await reads(sam, marie, claude, ['one']);
  await hers.kill();
  await his.pass(61 * MINUTE);
  expect(await refusedRead(sam, marie, claude)).toBe('NO_LONGER_SHARED');
  await until(() => filesWith(sam.home, [claude.session]).length === 0);
  hers = await start(marie);
  await hers.pass(61 * MINUTE);
  await reads(sam, marie, claude, ['one']);
});
