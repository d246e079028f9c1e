/**
 * What is read of GitHub's JSON. GitHub adds fields whenever it likes, so these decoders pick what is needed and leave
 * the rest; what is picked is checked as strictly as anything from outside.
 */
import { DecodeError, type Decoded, type Decoder, bool, int, list, text } from '../protocol/decode.ts';
import { RECORD_FILE_MAX_BYTES } from '../protocol/limits.ts';
import { normaliseHandle } from '../protocol/ids.ts';
import type { Account } from '../identity/index.ts';

type Shape = Record<string, Decoder<unknown>>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The named keys of an object, each through its decoder; other keys are left. */
export function pick<S extends Shape>(shape: S): Decoder<{ [K in keyof S]: Decoded<S[K]> }> {
  return (v, at) => {
    if (!isRecord(v)) throw new DecodeError(`${at}: not an object`);
    const picked = Object.entries(shape).map(([key, decoder]) => {
      const own = Object.hasOwn(v, key) ? v[key] : undefined;
      return [key, decoder(own, `${at}.${key}`)] as const;
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the shape, key by key
    return Object.fromEntries(picked) as { [K in keyof S]: Decoded<S[K]> };
  };
}

/** Items of a page; GitHub sends at most 100. */
const PAGE_MAX = 100;
/** GitHub writes 20 or 32 hex digits, and digits only for the oldest; never a path character. */
const GIST_ID = /^[0-9A-Za-z]{1,64}$/;
/** The file of one device. */
export const RECORD_FILE = /^teammate-sync-[0-9a-f]{16}\.txt$/;
export const GIST_DESCRIPTION = 'teammate-sync device keys v1 (public keys only)';

const LOGIN_MAX_BYTES = 100;
const login: Decoder<string> = (v, at) => {
  const decoded = text(LOGIN_MAX_BYTES)(v, at);
  if (normaliseHandle(decoded) !== decoded.toLowerCase()) throw new DecodeError(`${at}: not a login`);
  return decoded;
};

/** GET /user, /users/{login}, /user/{id}. */
export const account = pick({ id: int(1), login, type: text(64) });

/** A page of members. An entry that nobody could name (an app, `name[bot]`) is left out. */
export const memberPage: Decoder<Account[]> = (v, at) =>
  list(pick({ id: int(1), login: text(LOGIN_MAX_BYTES) }), PAGE_MAX)(v, at)
    .filter((member) => normaliseHandle(member.login) === member.login.toLowerCase())
    .map((member) => ({ uid: member.id, login: member.login }));

/** A page of GET /user/orgs. */
export const orgPage = list(pick({ id: int(1), login }), PAGE_MAX);

/** GET /user/memberships/orgs/{org}. */
export const ownMembership = pick({ state: text(64), organization: pick({ id: int(1), login }) });

/** A gist as a list shows it. */
export interface GistSummary {
  id: string;
  public: boolean;
  /** Null for the anonymous gists of old times. */
  ownerUid: number | null;
  /** True when the description is ours. */
  described: boolean;
  /** The files whose names fit {@link RECORD_FILE}. */
  records: string[];
  /** Of all files, as GitHub counts. */
  bytes: number;
}

const owner = pick({ id: int(1) });
const gistHead = pick({ id: text(64, GIST_ID), public: bool });

function ownerUid(v: unknown, at: string): number | null {
  const given = isRecord(v) ? v.owner : undefined;
  return given === undefined || given === null ? null : owner(given, `${at}.owner`).id;
}

function filesOf(v: unknown, at: string): [name: string, file: Record<string, unknown>][] {
  const files = isRecord(v) ? v.files : undefined;
  if (!isRecord(files)) throw new DecodeError(`${at}.files: not an object`);
  return Object.entries(files).map(([name, file]) => {
    if (!isRecord(file)) throw new DecodeError(`${at}.files: not a file`);
    return [name, file];
  });
}

const gistSummary: Decoder<GistSummary> = (v, at) => {
  const head = gistHead(v, at);
  const files = filesOf(v, at);
  return {
    ...head,
    ownerUid: ownerUid(v, at),
    described: isRecord(v) && v.description === GIST_DESCRIPTION,
    records: files.map(([name]) => name).filter((name) => RECORD_FILE.test(name)),
    bytes: files.reduce((sum, [, file]) => sum + int()(file.size, `${at}.files`), 0),
  };
};

export const gistPage: Decoder<GistSummary[]> = (v, at) => list(gistSummary, PAGE_MAX)(v, at);

/** A gist with the texts of its record files. */
export interface Gist {
  id: string;
  public: boolean;
  ownerUid: number | null;
  described: boolean;
  /** True when GitHub left files out. */
  truncated: boolean;
  fileCount: number;
  /** By file name; null for a file that is cut or too long. Only names that fit {@link RECORD_FILE}. */
  records: Map<string, string | null>;
}

export const gist: Decoder<Gist> = (v, at) => {
  const head = gistHead(v, at);
  const files = filesOf(v, at);
  const records = new Map<string, string | null>();
  for (const [name, file] of files) {
    if (!RECORD_FILE.test(name)) continue;
    const { content } = file;
    const whole = file.truncated === false && typeof content === 'string';
    records.set(name, whole && Buffer.byteLength(content) <= RECORD_FILE_MAX_BYTES ? content : null);
  }
  return {
    ...head,
    ownerUid: ownerUid(v, at),
    described: isRecord(v) && v.description === GIST_DESCRIPTION,
    truncated: !isRecord(v) || v.truncated !== false,
    fileCount: files.length,
    records,
  };
};

/** What a write answers: only the id is needed. */
export const writtenGist = pick({ id: text(64, GIST_ID) });

/** A comment of the keyring that may hold a device record; others are talk. */
export interface RecordComment {
  id: number;
  /** Who wrote it; null for an account that is gone. */
  authorUid: number | null;
  /** The record's line; a comment that is more than that as it stands, cut to RECORD_FILE_MAX_BYTES characters. */
  text: string;
  /** Its text is not the one that its author wrote first. */
  edited: boolean;
  /** An app wrote it in the author's name. */
  byApp: boolean;
}

/** A comment that is one fenced block with one line, and nothing else. */
const ONLY_LINE = /^\s*```[a-z]*\r?\n([^\r\n`]+)\r?\n```\s*$/;
const RECORD_START = 'tms1.';

const commentHead = pick({ id: int(1), created_at: text(64), updated_at: text(64) });

const recordComment = (v: unknown, at: string): RecordComment | null => {
  const { id, created_at: created, updated_at: updated } = commentHead(v, at);
  const { body, user, performed_via_github_app: app } = isRecord(v) ? v : {};
  if (typeof body !== 'string' || !body.includes(RECORD_START)) return null;
  return {
    id,
    authorUid: user === null || user === undefined ? null : owner(user, `${at}.user`).id,
    text: (ONLY_LINE.exec(body)?.[1] ?? body).slice(0, RECORD_FILE_MAX_BYTES),
    edited: created !== updated,
    byApp: app !== null,
  };
};

/** A page of the comments of an issue: those that may hold records. */
export const commentPage: Decoder<RecordComment[]> = (v, at) =>
  list((comment, place) => recordComment(comment, place), PAGE_MAX)(v, at).filter((comment) => comment !== null);

/** What writing a comment answers. */
export const writtenComment: Decoder<{ id: number; byApp: boolean }> = (v, at) => ({
  ...pick({ id: int(1) })(v, at),
  byApp: isRecord(v) && v.performed_via_github_app !== null,
});

const errorBody = pick({ message: text(10_000) });

/** GitHub's own words in the JSON of a refusal; null when it is not GitHub's. */
export function githubMessage(body: unknown): string | null {
  try {
    return errorBody(body, 'error').message;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
