/** auth.json: the secrets that a person gave us to keep, each with the one place that it may go to. */
import fs from 'node:fs';
import path from 'node:path';
import { TeammateSyncError } from '../errors.ts';
import { type Decoded, DecodeError, object, oneOf, optional, text } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import { ensurePrivateDir, readPrivateFile, removeUnfinished, replacePrivateFile } from './private-files.ts';

const AUTH_MAX_BYTES = 8 * 1024;
/** What can stand in a header. */
const SECRET = text(1024, /^[\x21-\x7e]+$/);

const authFile = object({
  v: oneOf(1),
  /** The GitHub host that the token is for; it goes to no other. */
  host: optional(text(255, /^[a-z0-9.:[\]-]+$/)),
  token: optional(SECRET),
  /** A key for Anthropic's Messages API, and the base URL that it goes to and no other. */
  anthropic: optional(object({ base: text(512), key: SECRET })),
});

/** What is kept: `host` and `token` are both there or neither is. */
export type Auth = Omit<Decoded<typeof authFile>, 'v'>;

/**
 * Without a file nothing is kept.
 * @throws UNSAFE_FILE for a loose mode, another owner or a symlink; BAD_CONFIG, without a word of what is in the file
 */
export function readAuth(file: string): Auth {
  const bytes = readPrivateFile(file);
  if (bytes === null) return {};
  try {
    const { v: _, ...auth } = parseJson(bytes, AUTH_MAX_BYTES, authFile, 'auth');
    if ((auth.host === undefined) !== (auth.token === undefined)) throw new DecodeError('auth: half of a token');
    return auth;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_CONFIG', `${file} is damaged`, {
      hint: 'remove it, and sign in again with `teammate-sync init`',
    });
  }
}

/** Keeps this in place of all that was kept: 0600 from its first byte on; without anything to keep, no file. @throws UNSAFE_FILE */
export function writeAuth(file: string, auth: Auth): void {
  if (Object.keys(auth).length === 0) {
    removeAuth(file);
    return;
  }
  ensurePrivateDir(path.dirname(file));
  replacePrivateFile(file, Buffer.from(`${JSON.stringify({ v: 1, ...auth })}\n`));
}

/** Removes the file whatever is in it, and what a crash left of an earlier one. True when there was one. */
export function removeAuth(file: string): boolean {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) return false;
  removeUnfinished(folder);
  const present = fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  fs.rmSync(file, { force: true });
  return present;
}
