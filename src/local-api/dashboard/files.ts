/** The files of the page: a fixed list, read when they are asked for. No path of a request leads to the disk. */
import { readFile } from 'node:fs/promises';

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

export const FILE_PATHS: readonly string[] = Object.keys(FILES);

export function isFile(path: string): boolean {
  return Object.hasOwn(FILES, path);
}

/** @param folder where the build put them, ending in `/` */
export async function fileAt(path: string, folder: URL): Promise<Response> {
  const [file = '', type = ''] = FILES[path] ?? [];
  return new Response(Uint8Array.from(await readFile(new URL(file, folder))), { headers: { 'content-type': type } });
}
