/** auth.json: the token that a person gave by the device flow, and nothing that can be had elsewhere. */
import fs from 'node:fs';
import { TeammateSyncError } from '../errors.ts';
import { ensurePrivateDir, readPrivateFile, removeUnfinished, replacePrivateFile } from '../platform/private-files.ts';
import { DecodeError, object, oneOf, text } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import path from 'node:path';

const AUTH_MAX_BYTES = 8 * 1024;

const authFile = object({
  v: oneOf(1),
  /** The GitHub host that the token is for; it goes to no other. */
  host: text(255, /^[a-z0-9.:[\]-]+$/),
  token: text(1024, /^[\x21-\x7e]+$/),
});

/**
 * The kept token for this host, or null.
 * @throws UNSAFE_FILE for a loose mode, another owner or a symlink; BAD_CONFIG, without a word of what is in the file
 */
export function readKeptToken(file: string, host: string): string | null {
  const bytes = readPrivateFile(file);
  if (bytes === null) return null;
  try {
    const kept = parseJson(bytes, AUTH_MAX_BYTES, authFile, 'auth');
    return kept.host === host ? kept.token : null;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TeammateSyncError('BAD_CONFIG', `${file} is damaged`, {
      hint: 'remove it, and sign in again with `teammate-sync init`',
    });
  }
}

/** Keeps it for this host, in place of another: 0600 from its first byte on. @throws UNSAFE_FILE */
export function keepToken(file: string, host: string, token: string): void {
  ensurePrivateDir(path.dirname(file));
  replacePrivateFile(file, Buffer.from(`${JSON.stringify({ v: 1, host, token })}\n`));
}

/** Removes the file, and what a crash left of an earlier one. True when there was one. */
export function forgetToken(file: string): boolean {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) return false;
  removeUnfinished(folder);
  const present = fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  fs.rmSync(file, { force: true });
  return present;
}
