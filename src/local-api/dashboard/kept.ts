/** state/dashboard.json: what a restarted daemon needs to recognise the pages that are still open. */
import fs from 'node:fs';
import { type Decoder, int, list, object, text } from '../../protocol/decode.ts';
import { parseJson } from '../../protocol/json.ts';
import { PAGES_MAX } from '../../protocol/limits.ts';
import { readPrivateFile, replacePrivateFile } from '../../platform/private-files.ts';

/** A page's resume key, and until when it holds, unix milliseconds. */
export interface KeptPage {
  id: string;
  key: string;
  until: number;
}

export interface Kept {
  port: number;
  pages: KeptPage[];
}

const MAX_BYTES = 64 * 1024;
const secret = text(64, /^[\w-]{43}$/);
const decoder: Decoder<Kept> = object({
  port: int(1, 65_535),
  pages: list(object({ id: secret, key: secret, until: int(0) }), PAGES_MAX),
});

/** Null: there is none that can be used. It is a convenience, so a damaged one keeps no daemon from its start. */
export function readKept(path: string): Kept | null {
  try {
    const bytes = readPrivateFile(path);
    return bytes && parseJson(bytes, MAX_BYTES, decoder, 'file');
  } catch {
    return null;
  }
}

/** @param kept without pages there is nothing to keep */
export function writeKept(path: string, kept: Kept): void {
  if (kept.pages.length === 0) fs.rmSync(path, { force: true });
  else replacePrivateFile(path, Buffer.from(JSON.stringify(kept)));
}
