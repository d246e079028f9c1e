/** Turns to entries of a session core: what is left out, what is masked, how it is stored. */
import { encodeEntry } from '../protocol/core-block.ts';
import { ENTRY_MAX_BYTES } from '../protocol/limits.ts';
import { MAIN_SOURCE, type Turn } from '../protocol/turn.ts';
import type { MaskedSecret, Redactor } from './redactor.ts';
import { type Redacted, seal } from './sealed.ts';

/** A turn as it is stored, and what the owner's side has to know of it: see {@link Turn}. */
export interface Entry extends Pick<Turn, 'source' | 'line' | 'uuid' | 'time' | 'kind'> {
  /** The whole turn, serialised; at most ENTRY_MAX_BYTES. */
  json: Buffer;
}

/** Thinking leaves only when the owner asked for it. */
export function isShared(turn: Turn, withThinking: boolean): boolean {
  return withThinking || turn.kind !== 'thinking';
}

function withoutThinking(turn: Turn): Turn {
  const content = turn.content.filter((part) => part.type !== 'thinking');
  return content.length === turn.content.length ? turn : { ...turn, content };
}

function encode(turn: Redacted<Turn>): Redacted<Entry> {
  const { source, line, uuid, time, kind } = turn;
  return seal({ source, line, uuid, time, kind, json: encodeEntry(turn) });
}

/** Redacts a turn; a mark may be longer than what it stands for, so the bound of an entry is held here, too. */
export function redactedEntry(redactor: Redactor, turn: Turn): { entry: Redacted<Entry>; masked: MaskedSecret[] } {
  const result = redactor.redact(turn);
  const entry = encode(result.turn);
  if (entry.json.length <= ENTRY_MAX_BYTES) return { entry, masked: result.masked };
  const cut: Turn = { ...turn, content: [{ type: 'omitted', why: 'cut: too long after masking' }] };
  return { entry: encode(redactor.redact(cut).turn), masked: result.masked };
}

/** The same for all turns of a read that are shared, in order. */
export function redactedEntries(
  redactor: Redactor,
  turns: readonly Turn[],
  withThinking: boolean,
): { entries: Redacted<Entry>[]; masked: MaskedSecret[] } {
  const entries: Redacted<Entry>[] = [];
  const masked: MaskedSecret[] = [];
  for (const turn of turns) {
    if (!isShared(turn, withThinking)) continue;
    const result = redactedEntry(redactor, withThinking ? turn : withoutThinking(turn));
    entries.push(result.entry);
    for (const secret of result.masked) masked.push(secret);
  }
  return { entries, masked };
}

/** That the conversation was named, as a turn of its own; `line`: the main file's line at which it was noticed. */
export function titleTurn(title: string, line: number): Turn {
  const content = [{ type: 'text' as const, text: title }];
  return { source: MAIN_SOURCE, line, uuid: '', time: '', role: 'system', kind: 'title', content };
}
