/**
 * The stand-in as a process: prints one JSON line `{url, web, control}` and runs until SIGTERM, SIGINT or the end of stdin
 * (so that it never outlives the process that started it). Optional arguments: the port (0: any), and `ghes`. It ends
 * with 1, and says why, when it gave an answer that GitHub could not have given.
 */
import { startGithubStandIn } from './index.ts';

const port = Number(process.argv[2] ?? 0);
const product = process.argv[3] === 'ghes' ? 'ghes' : 'github.com';
const standIn = await startGithubStandIn({ port, product });
process.stdout.write(`${JSON.stringify({ url: standIn.url, web: standIn.web, control: standIn.control })}\n`);

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  process.stdin.destroy();
  standIn.close().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.stdin.once('end', stop).once('close', stop).once('error', stop).resume();
