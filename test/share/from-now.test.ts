/** Who gets a session from now on gets nothing that was said before, also when redaction fails meanwhile. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CorePool } from '../../src/platform/core-pool.ts';
import { REDACTION_RETRY_MS } from '../../src/protocol/limits.ts';
import { Redaction } from '../../src/redact/index.ts';
import { SharedSession } from '../../src/share/shared-session.ts';
import { freshSession, openSessionFile } from '../../src/share/store.ts';
import { makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { mortalThread } from '../support/mortal-thread.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';
import { SESSION } from '../protocol/samples.ts';
import { linesOf } from './support.ts';

/** A session of one transcript, whose redaction thread fails at first. */
function openSession() {
  const folder = tempDir();
  const transcriptPath = path.join(folder, 't.jsonl');
  const thread = mortalThread(folder);
  const clock = new ManualClock();
  const redaction = new Redaction({ file: thread.file, clock });
  const conversation = { session: SESSION, project: 'proj', cwd: folder, transcriptPath };
  const home = path.join(folder, 'home');
  const file = openSessionFile(
    home,
    freshSession(conversation, false, clock.now(), randomBytes(32).toString('base64url')),
  );
  if (!file) throw new Error('no file');
  const errors: unknown[] = [];
  const session = new SharedSession({
    ...{ folder: home, file, self: makeSelf({ uid: 1001, login: 'sam', clock }), clock, redaction },
    random: (n) => randomBytes(n),
    cores: new CorePool(),
    onGenerations() {},
    onAppended() {},
    onUnheard() {},
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => {
    await session.stop();
    await redaction.stop();
  });
  return { session, thread, clock, errors, transcriptPath };
}

it('begins once all that was said before is in the generations before', async () => {
  const { session, thread, clock, errors, transcriptPath } = openSession();
  const writer = new TranscriptWriter().reply('before 1').reply('before 2');
  writer.save(transcriptPath);
  thread.fates(['dies before']);
  await session.start();
  await session.add([{ uid: 7, login: 'marie' }], true);
  expect(errors).toMatchObject([{ code: 'REDACTION_FAILED' }]);
  expect(session.readableBy(7)).toEqual([]);

  thread.fates(['answers']);
  clock.pass(REDACTION_RETRY_MS);
  await until(() => session.readableBy(7).length > 0);
  fs.appendFileSync(transcriptPath, `${writer.reply('after').lines.at(-1)}\n`);
  await session.drained();
  const readable = session.readableBy(7);
  expect((await Promise.all(readable.map(linesOf))).flat()).toEqual([3]);
});

it('leaves out what a copy of a conversation has of the original, which is written only after it was shared', async () => {
  const { session, thread, clock, transcriptPath } = openSession();
  thread.fates(['answers']);
  await session.start();
  await session.add([{ uid: 7, login: 'marie' }], true);
  await session.add([{ uid: 8, login: 'tom' }], false);
  const before = session.readableBy(7);
  expect(before).toHaveLength(1);

  const writer = new TranscriptWriter({ start: clock.now() - 150 }).reply('copied 1').reply('copied 2').reply('new 3');
  writer.save(transcriptPath);
  await until(() => session.turns === 3);
  fs.appendFileSync(transcriptPath, `${writer.reply('new 4').lines.at(-1)}\n`);
  await until(() => session.turns === 4);
  const read = async (uid: number): Promise<number[]> =>
    (await Promise.all([...new Set([...before, ...session.readableBy(uid)])].map(linesOf))).flat();
  expect(await read(7)).toEqual([3, 4]);
  expect(await read(8)).toEqual([1, 2, 3, 4]);
});
