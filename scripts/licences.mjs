/** The licences of packages whose code is inside a bundle, which has to hand them on. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** `a/node_modules/@x/y/z.js` is of the package in `a/node_modules/@x/y`. */
const FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * @param metafile of esbuild; only what is in its outputs counts
 * @throws Error for a package without the text of a licence
 */
export async function licencesOf({ outputs }, root) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.flatMap((file) => FOLDER.exec(file)?.[1] ?? []));
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(path.join(root, folder))).find((one) => /^licen[cs]e(?:\.\w+)?$/i.test(one));
    if (!file) throw new Error(`${name} is bundled and brings no text of its licence`);
    const text = await readFile(path.join(root, folder, file), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
