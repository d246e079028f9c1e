/** Packages that only some tests need, of the lock file of a folder, fetched into a cache that later runs find again. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const CACHES = path.resolve(import.meta.dirname, '../../node_modules/.cache');
const FILES = ['package.json', 'package-lock.json'];
/** A hundred or two MB; a registry that answers at all has them within this. */
const FETCH_MS = 600_000;

/**
 * @param folder with package.json and package-lock.json
 * @param name of the cache
 * @param what is fetched, for the person at the terminal
 * @param check throws where something is missing in a folder of packages
 * @returns the folder of packages, whose node_modules is whole
 * @throws Error when the registry cannot be reached or has something else than the lock file says
 */
export async function pinnedPackages({ folder, name, what, check }) {
  const cache = path.join(CACHES, name);
  const lock = createHash('sha256');
  for (const file of FILES) lock.update(fs.readFileSync(path.join(folder, file)));
  // A folder of that name is whole: it gets the name last.
  const packages = path.join(cache, lock.digest('hex').slice(0, 16));
  if (!fs.existsSync(packages)) await fetchInto(packages, { folder, cache, what, check });
  check(packages);
  return packages;
}

async function fetchInto(packages, { folder, cache, what, check }) {
  fs.mkdirSync(cache, { recursive: true });
  const making = fs.mkdtempSync(path.join(cache, 'making-'));
  try {
    for (const file of FILES) fs.copyFileSync(path.join(folder, file), path.join(making, file));
    console.error(`Fetching ${what} for the tests, once …`);
    const { code, said } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], making);
    if (code !== 0) {
      throw new Error(
        `${what} could not be fetched for the tests: npm ci ended with ${code}.\n${said}\n` +
          `It needs the npm registry once; what was fetched stays in ${path.relative(process.cwd(), cache)}.`,
      );
    }
    check(making);
    fs.renameSync(making, packages);
  } catch (error) {
    // Two runs at once: whoever is second finds it done.
    if (!fs.existsSync(packages)) throw error;
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

function npm(args, cwd) {
  const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: FETCH_MS });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, said: said.trim() }));
  });
}
