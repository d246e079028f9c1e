/** The daemon's process. */
import { main } from '../src/daemon/index.ts';

process.exit(await main(process.argv.slice(2)));
