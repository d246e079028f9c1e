/** The daemon's process. */
import { main } from '../src/daemon/main.ts';

// Both are built into the same folder.
const redactor = new URL('teammate-sync-redactor.mjs', import.meta.url);
process.exit(await main(process.argv.slice(2), redactor));
