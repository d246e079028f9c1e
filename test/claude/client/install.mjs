/** Fetches the Claude Code of the lock file beside this file, into a folder that later runs find again. */
import fs from 'node:fs';
import path from 'node:path';
import { pinnedPackages } from '../../support/pinned-packages.mjs';

/**
 * @returns the path of its program
 * @throws Error when the registry cannot be reached or has something else than the lock file says
 */
export async function installClient() {
  const about = { folder: import.meta.dirname, name: 'claude-code', what: 'Claude Code (about 100 MB)' };
  return programIn(await pinnedPackages({ ...about, check: programIn }));
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
