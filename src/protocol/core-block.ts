/**
 * Blocks of a session core. Block 0 is the signed header; every further block packs entries:
 * `u8 format || u32be count || count x LP(entry JSON)`.
 */
import { lp, u32be } from './bytes.ts';
import { b64, DecodeError, type Decoded, int, list, object, oneOf, text } from './decode.ts';
import { parseJson } from './json.ts';
import { BLOCK_MAX_BYTES, ENTRY_MAX_BYTES } from './limits.ts';
import { type Turn, turnDecoder } from './turn.ts';
import { CORE_FORMAT } from './version.ts';

export const HEADER_DOMAIN = 'teammate-sync/v1/core-header';
const HEADER_MAX_BYTES = 256 * 1024;
/** Sources (the conversation and its subagents) whose place a header can name. */
export const HEADER_SOURCES_MAX = 1024;
/** An entry is at most this when serialised: ENTRY_MAX_BYTES plus its frame. */
const PREFIX_BYTES = 5;

const header = object({
  t: oneOf('teammate-sync/core'),
  format: oneOf(CORE_FORMAT),
  session: text(36),
  gen: int(1),
  core: b64(32),
  owner: object({ uid: int(1), sign: b64(32) }),
  host: text(255),
  org: int(1),
  project: text(128),
  /** ISO 8601. */
  startedAt: text(64),
  /** continue: earlier generations stay readable · replace: they are void. */
  kind: oneOf('continue', 'replace'),
  /** Of each source: the last line that earlier generations hold. */
  after: list(object({ source: text(128), line: int(0) }), HEADER_SOURCES_MAX),
});

/** Block 0, signed by the owner's device; refused unless `core` is this core's key and the owner is the grant's. */
export type CoreHeader = Decoded<typeof header>;

/** `LP(payload) || signature` */
export function encodeHeader(payload: Uint8Array, signature: Uint8Array): Buffer {
  return Buffer.concat([lp(payload), signature]);
}

export function headerPayload(value: CoreHeader): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** @throws DecodeError; a wrong block key shows here. */
export function parseHeader(block: Buffer): { header: CoreHeader; payload: Buffer; signature: Buffer } {
  if (block.length < 68 || block.length > HEADER_MAX_BYTES) throw new DecodeError('core header: wrong length');
  const length = block.readUInt32BE(0);
  if (block.length !== 4 + length + 64) throw new DecodeError('core header: wrong length');
  const payload = block.subarray(4, 4 + length);
  return {
    header: parseJson(payload, HEADER_MAX_BYTES, header, 'core header'),
    payload,
    signature: block.subarray(4 + length),
  };
}

/** Serialises one entry. */
export function encodeEntry(entry: Turn): Buffer {
  return Buffer.from(JSON.stringify(entry), 'utf8');
}

/** Packs serialised entries into one block. */
export function encodeBlock(entries: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([CORE_FORMAT]), u32be(entries.length), ...entries.map((e) => lp(e))]);
}

/** How many entries a block holds, without decoding them. @throws DecodeError */
export function countEntries(block: Buffer): number {
  if (block.length < PREFIX_BYTES || block[0] !== CORE_FORMAT) throw new DecodeError('block: unknown format');
  return block.readUInt32BE(1);
}

/** @throws DecodeError for anything that is not exactly a block of valid entries */
export function parseBlock(block: Buffer): Turn[] {
  return parseEntries(block).map(({ turn }) => turn);
}

/** As {@link parseBlock}, each entry with its bytes as they stand in the block. @throws DecodeError */
export function parseEntries(block: Buffer): { turn: Turn; bytes: Buffer }[] {
  if (block.length > BLOCK_MAX_BYTES) throw new DecodeError(`block: ${block.length} bytes`);
  const count = countEntries(block);
  const entries: { turn: Turn; bytes: Buffer }[] = [];
  let at = PREFIX_BYTES;
  for (let i = 0; i < count; i++) {
    if (at + 4 > block.length) throw new DecodeError('block: cut');
    const length = block.readUInt32BE(at);
    if (length > ENTRY_MAX_BYTES || at + 4 + length > block.length) throw new DecodeError('block: cut');
    const bytes = block.subarray(at + 4, at + 4 + length);
    entries.push({ turn: parseJson(bytes, ENTRY_MAX_BYTES, turnDecoder, 'entry'), bytes });
    at += 4 + length;
  }
  if (at !== block.length) throw new DecodeError('block: more bytes than entries');
  return entries;
}
