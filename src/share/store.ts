/** What is kept of a shared session between starts: one folder, so that wiping it is one removal. */
import path from 'node:path';
import { ensurePrivateDir } from '../platform/private-files.ts';
import { openStateFile, type StateFile } from '../platform/state-file.ts';
import { b64, bool, type Decoded, int, list, nullable, object, oneOf, optional, text } from '../protocol/decode.ts';
import { ENTRY_MAX_BYTES } from '../protocol/limits.ts';
import { REDACTION_RULES_VERSION } from '../redact/index.ts';

const generation = object({
  gen: int(1),
  core: b64(32),
  key: b64(32),
  kind: oneOf('continue', 'replace'),
  turns: int(0),
  title: optional(text(ENTRY_MAX_BYTES)),
  /** Once it is never written again. */
  blocks: optional(int(1)),
});

const recipient = object({
  uid: int(1),
  login: text(63),
  /** Unix milliseconds. */
  since: int(0),
  /** Generations from this one on are granted; 0: all that live; FROM_NEXT: none of those that live. */
  fromGen: int(0),
});

const session = object({
  v: oneOf(1),
  session: text(36),
  project: text(128),
  cwd: text(16_384),
  transcriptPath: text(16_384),
  startedAt: int(0),
  withThinking: bool,
  /** Key of the marks that stand in place of secrets: equal secrets look alike within one session only. */
  markKey: b64(32),
  /** Of the rules with which its generations were redacted. */
  rules: text(128),
  recipients: list(recipient, 4096),
  generations: list(generation, 65_536),
  masked: list(object({ rule: text(64), count: int(0) }), 512),
  /** How far the cores are known to reach; what lies after it is read from the cores themselves. */
  checkpoint: object({
    gen: int(0),
    blocks: int(0),
    turns: int(0),
    since: nullable(text(64)),
    positions: list(object({ source: text(128), line: int(1), uuid: text(128) }), 1_000_000),
  }),
});

/** Of a recipient who is to get what comes from now on, until the generation that begins then is open. */
export const FROM_NEXT = Number.MAX_SAFE_INTEGER;

export type StoredSession = Decoded<typeof session>;
export type StoredRecipient = Decoded<typeof recipient>;

export const EMPTY_CHECKPOINT: StoredSession['checkpoint'] = {
  gen: 0,
  blocks: 0,
  turns: 0,
  since: null,
  positions: [],
};

/** A conversation that can be shared. */
export interface Conversation {
  session: string;
  project: string;
  cwd: string;
  transcriptPath: string;
}

/** What a session begins with, before anybody has it. */
export function freshSession(
  conversation: Conversation,
  withThinking: boolean,
  now: number,
  markKey: string,
): StoredSession {
  return {
    v: 1,
    ...conversation,
    startedAt: now,
    withThinking,
    markKey,
    rules: REDACTION_RULES_VERSION,
    recipients: [],
    generations: [],
    masked: [],
    checkpoint: EMPTY_CHECKPOINT,
  };
}

/** Opens the session's file; `fresh` is what a session begins with. */
export function openSessionFile(folder: string, fresh: StoredSession | null): StateFile<StoredSession> | null {
  if (fresh) ensurePrivateDir(folder);
  const file = openStateFile<StoredSession | null>(path.join(folder, 'session.json'), session, fresh);
  return file.value ? (file as StateFile<StoredSession>) : null;
}

/** Adds what was masked just now. */
export function countMasked({ masked }: StoredSession, more: ReadonlyMap<string, number>): void {
  for (const [rule, count] of more) {
    const known = masked.find((m) => m.rule === rule);
    if (known) known.count += count;
    else masked.push({ rule, count });
  }
}
