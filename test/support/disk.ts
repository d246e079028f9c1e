/** Looking for bytes anywhere below a folder. */
import fs from 'node:fs';
import path from 'node:path';

/** All files below a folder. */
export function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Files below a folder that hold any of the needles, in their name or their bytes. */
export function filesWith(folder: string, needles: (string | Buffer)[]): string[] {
  return filesBelow(folder).filter((file) => {
    const bytes = fs.readFileSync(file);
    return needles.some((n) => bytes.includes(n) || (typeof n === 'string' && file.includes(n)));
  });
}

/** A key as it could lie on a disk: raw, base64url, base64, hex. */
export function spellings(base64url: string): (string | Buffer)[] {
  const raw = Buffer.from(base64url, 'base64url');
  return [raw, base64url, raw.toString('base64'), raw.toString('hex')];
}
