/** Where the tests put their files: in memory, where there is enough, for they make thousands and keep none. */
import fs from 'node:fs';
import os from 'node:os';

const MEMORY = '/dev/shm';
/** What the stores of all tests that run at once take (1.2 GB, measured), and room to spare. */
const MEMORY_NEEDED_BYTES = 4 * 1024 ** 3;

/** @returns the absolute path of a folder that exists, short: a unix socket must fit below what is made in there */
export function placeForFiles() {
  try {
    const { bavail, bsize } = fs.statfsSync(MEMORY);
    fs.accessSync(MEMORY, fs.constants.W_OK);
    if (process.platform === 'linux' && bavail * bsize >= MEMORY_NEEDED_BYTES) return MEMORY;
  } catch {
    // There is none on this system.
  }
  return fs.realpathSync(os.tmpdir());
}
