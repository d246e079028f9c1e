/** One session and fifty people: a real connection and an inbox for each, the owner's room as it is in the daemon. */
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { openSealed, openStatement, type Self } from '../../src/identity/index.ts';
import { Inbox } from '../../src/inbox/index.ts';
import { CorePool } from '../../src/platform/core-pool.ts';
import { type ControlFrame, parseControl, parseGrants } from '../../src/protocol/control.ts';
import { PERSON_MAX_BYTES, SESSION_MAX_BYTES } from '../../src/protocol/limits.ts';
import { Redaction } from '../../src/redact/index.ts';
import { Sharing } from '../../src/share/index.ts';
import { makeSelf } from '../support/device.ts';
import { connectLinks, type Links } from '../support/links.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { Noise } from '../support/noise.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { TranscriptWriter } from '../support/transcript.ts';
import { until } from '../support/until.ts';

const PEOPLE = 50;
const CONNECTION = Buffer.alloc(16, 1).toString('base64url');
const clock = new ManualClock();
const owner = makeSelf({ uid: 1001, login: 'marie', clock });

let noise: Noise;
beforeAll(async () => {
  noise = await Noise.start();
});
afterAll(() => noise.close());

/** A person's machine, as far as it reads. */
interface Reader {
  self: Self;
  inbox: Inbox;
  links: Links;
  /** Frames that came, since last looked at. */
  heard: ControlFrame[];
  /** Lines that can be read. */
  lines: () => Promise<string[]>;
}

function sharingOf(selves: Map<number, Self>): Sharing {
  const redaction = new Redaction({ file: inject('redactor'), clock });
  const sharing = new Sharing({
    self: owner,
    clock,
    random: (n) => randomBytes(n),
    folder: `${tempDir()}/share`,
    devices: (uid) =>
      [...selves.values()].flatMap((s) => (s.uid === uid ? [{ uid, sign: s.signKey, box: s.boxKey }] : [])),
    maySeal: () => true,
    connection: () => CONNECTION,
    redaction,
    cores: new CorePool(),
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await sharing.stop();
    await redaction.stop();
  });
  return sharing;
}

async function reader(sharing: Sharing, self: Self): Promise<Reader> {
  const inbox = new Inbox({
    clock,
    cores: new CorePool(),
    folder: `${tempDir()}/inbox`,
    consented: () => [CONNECTION],
    onProblem: (error) => {
      throw error;
    },
    sessionMaxBytes: SESSION_MAX_BYTES,
    personMaxBytes: PERSON_MAX_BYTES,
  });
  await inbox.start();
  const heard: ControlFrame[] = [];
  const context = self.context({ uid: owner.uid, sign: owner.signKey });
  const links = await connectLinks(
    noise,
    {
      self: owner,
      clock,
      onFrame: (link, frame, bytes) => {
        if (frame === 'progress') sharing.progress.heard(link, parseControl('progress', bytes));
      },
    },
    {
      self,
      clock,
      onFrame: (link, frame, bytes) => {
        heard.push(frame);
        if (frame === 'state') inbox.stated(link, parseControl('state', bytes));
        if (frame === 'head') inbox.announced(link, parseControl('head', bytes));
        if (frame === 'statement') {
          const { statement } = openStatement(bytes, context);
          if (statement.t === 'end') inbox.ended(statement);
        }
        if (frame !== 'grants') return;
        for (const sealed of parseGrants(bytes)) {
          const { statement } = openSealed(sealed, self.keys, context);
          if (statement.t === 'grant') inbox.granted(link, statement);
        }
      },
    },
  );
  onTestFinished(async () => {
    await inbox.stop();
    await links.close();
  });
  const lines = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (const { replica } of inbox.of(owner.uid)) {
      for (let block = 1; block < replica.length; block++) {
        for (const turn of (await replica.read(block, 0)) ?? [])
          if (turn.kind !== 'title') texts.push(...turn.content.flatMap((p) => (p.type === 'text' ? [p.text] : [])));
      }
    }
    return texts;
  };
  return { self, inbox, links, heard, lines };
}

it('a live line comes to all of fifty; one is revoked and hears nothing more, and the other 49 hear the next', async () => {
  const selves = new Map(
    Array.from({ length: PEOPLE }, (_, i) => [2000 + i, makeSelf({ uid: 2000 + i, login: `reader-${i}`, clock })]),
  );
  const sharing = sharingOf(selves);
  await sharing.start();
  const readers = await Promise.all([...selves.values()].map((self) => reader(sharing, self)));
  const session = randomUUID();
  const cwd = tempDir();
  const transcriptPath = `${cwd}/${session}.jsonl`;
  const writer = new TranscriptWriter({ session, cwd, seed: session });
  let written = 0;
  const say = (text: string): void => {
    writer.reply(text);
    fs.appendFileSync(
      transcriptPath,
      writer.lines
        .slice(written)
        .map((line) => `${line}\n`)
        .join(''),
    );
    written = writer.lines.length;
  };
  const reads = async (who: Reader[], texts: string[]): Promise<void> => {
    for (const one of who) {
      await until(async () => JSON.stringify(await one.lines()) === JSON.stringify(texts), {
        what: `${one.self.login} to read ${texts.join(', ')}`,
      });
    }
  };
  say('one');
  const to = [...selves.values()].map(({ uid, login }) => ({ uid, login }));
  await sharing.share({ session, project: 'p', cwd, transcriptPath }, to, { fromNow: false, withThinking: false });
  for (const { links } of readers) sharing.opened(links.a);
  await reads(readers, ['one']);
  for (const one of readers) one.heard.length = 0;
  say('two');
  await reads(readers, ['one', 'two']);
  // Live, over the channels that are there: nobody had to be granted or stated anything.
  for (const { heard } of readers) expect(heard.filter((frame) => frame !== 'head')).toEqual([]);

  const [out] = readers.splice(7, 1) as [Reader];
  for (const one of [out, ...readers]) one.heard.length = 0;
  await sharing.unshare([session], [out.self.uid], 'unshared');
  say('three');
  await reads(readers, ['one', 'two', 'three']);
  await until(() => out.inbox.of(owner.uid).length === 0, { what: 'the revoked one to have nothing' });
  expect(out.heard).toEqual(['statement', 'state']);
  // The others are told of the generation that is new, and of nothing else.
  for (const { heard } of readers) expect([...new Set(heard)]).toEqual(['grants', 'head']);
});
