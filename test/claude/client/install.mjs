/** Fetches the Claude Code of the lock file beside this file, into a folder that later runs find again. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const CACHE = path.resolve(import.meta.dirname, '../../../node_modules/.cache/claude-code');
const FILES = ['package.json', 'package-lock.json'];
/** 100 MB of them; a registry that answers at all has them within this. */
const FETCH_MS = 600_000;

/**
 * @returns the path of its program
 * @throws Error when the registry cannot be reached or has something else than the lock file says
 */
export async function installClient() {
  const lock = createHash('sha256');
  for (const file of FILES) lock.update(fs.readFileSync(path.join(import.meta.dirname, file)));
  // A folder of that name is whole: it gets the name last.
  const folder = path.join(CACHE, lock.digest('hex').slice(0, 16));
  if (!fs.existsSync(folder)) await fetchInto(folder);
  return programIn(folder);
}

async function fetchInto(folder) {
  fs.mkdirSync(CACHE, { recursive: true });
  const making = fs.mkdtempSync(path.join(CACHE, 'making-'));
  try {
    for (const file of FILES) fs.copyFileSync(path.join(import.meta.dirname, file), path.join(making, file));
    console.error('Fetching Claude Code for the tests, once (about 100 MB) …');
    const { code, said } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], making);
    if (code !== 0) {
      throw new Error(
        `Claude Code could not be fetched for the tests: npm ci ended with ${code}.\n${said}\n` +
          'It needs the npm registry once; what was fetched stays in node_modules/.cache/claude-code.',
      );
    }
    programIn(making);
    fs.renameSync(making, folder);
  } catch (error) {
    // Two runs at once: whoever is second finds it done.
    if (!fs.existsSync(folder)) throw error;
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

/** The package for this system and C library, whichever npm took. */
function programIn(folder) {
  const scope = path.join(folder, 'node_modules/@anthropic-ai');
  for (const name of fs.readdirSync(scope)) {
    const program = path.join(scope, name, 'claude');
    if (name.startsWith('claude-code-') && fs.existsSync(program)) return program;
  }
  throw new Error(`there is no Claude Code for this system: ${process.platform} ${process.arch}`);
}
