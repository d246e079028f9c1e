/**
 * What the user is still to be told in Claude Code, and what was told: what was widened from elsewhere, which shares ended
 * with their conversation, what teammates share. Bounded, and on disk: stopping the daemon hides nothing.
 */
import { createHash } from 'node:crypto';
import { clip } from '../platform/printable.ts';
import type { StateFile } from '../platform/state-file.ts';
import { type Decoded, int, list, nullable, object, oneOf, text } from '../protocol/decode.ts';
import { sessionId } from '../protocol/ids.ts';

const NOTICES_MAX = 64;
/** Characters of four bytes at most. */
const NOTICE_MAX = 500;
const ENDED_MAX = 256;
const SEEN_MAX = 8192;
const PEOPLE_MAX = 4096;

export const toldFile = object({
  v: oneOf(1),
  /** In the order in which they came. A session of null: told in any. `but`: the process that it is not told in. */
  notices: list(object({ session: nullable(sessionId), text: text(2048), but: nullable(text(192)) }), NOTICES_MAX),
  /** Shares that ended because their conversation did, the newest last. */
  ended: list(
    object({ session: sessionId, project: text(128), cwd: text(16_384), to: list(int(1), PEOPLE_MAX) }),
    ENDED_MAX,
  ),
  /** Of what teammates share and was told of, the newest last: marks, since nothing of a share stays here when it has ended. */
  seen: list(text(32), SEEN_MAX),
});

export type ToldFile = Decoded<typeof toldFile>;
export type EndedShare = ToldFile['ended'][number];

export const NOTHING_TOLD: ToldFile = { v: 1, notices: [], ended: [], seen: [] };

export class Told {
  readonly #file: StateFile<ToldFile>;
  readonly #onError: (error: unknown) => void;

  /** @param onError for a disk that takes nothing: what is told is no reason for anything else to fail */
  constructor(file: StateFile<ToldFile>, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  #save(): void {
    try {
      this.#file.save();
    } catch (error) {
      this.#onError(error);
    }
  }

  /**
   * To be told at the next hook of that session, or of any.
   * @param but the process that asked for what is told of, where others run the same session
   */
  note(session: string | null, line: string, but: string | null = null): void {
    const { value } = this.#file;
    value.notices = [...value.notices, { session, text: clip(line, NOTICE_MAX), but }].slice(-NOTICES_MAX);
    this.#save();
  }

  /** What is to be told in this session now, by a hook of that process; it is told no more. */
  takeNotices(session: string, process: string | null): string[] {
    const { value } = this.#file;
    const isMine = (n: ToldFile['notices'][number]): boolean =>
      (n.session === null || n.session === session) && (n.but === null || n.but !== process);
    const mine = value.notices.filter((n) => isMine(n));
    if (mine.length === 0) return [];
    value.notices = value.notices.filter((n) => !mine.includes(n));
    this.#save();
    return mine.map((n) => n.text);
  }

  /** The share of a conversation ended with it. */
  shareEnded(share: EndedShare): void {
    const { value } = this.#file;
    value.ended = [...value.ended.filter((e) => e.session !== share.session), share].slice(-ENDED_MAX);
    this.#save();
  }

  /** It is shared anew, or nobody needs to hear of it any more. */
  forgetEnded(session: string): void {
    const { value } = this.#file;
    if (!value.ended.some((e) => e.session === session)) return;
    value.ended = value.ended.filter((e) => e.session !== session);
    this.#save();
  }

  /** The newest first. */
  get ended(): readonly EndedShare[] {
    return this.#file.value.ended.toReversed();
  }

  /** Of these names, those that are new; from now on they are not. */
  takeNew(names: readonly string[]): string[] {
    const { value } = this.#file;
    const seen = new Set(value.seen);
    const fresh = names.filter((name) => !seen.has(markOf(name)));
    if (fresh.length === 0) return [];
    value.seen = [...value.seen, ...fresh.map((name) => markOf(name))].slice(-SEEN_MAX);
    this.#save();
    return fresh;
  }
}

/** Says nothing of the name to who does not know it. */
function markOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
