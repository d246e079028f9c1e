/**
 * The stand-in as a process: prints one JSON line `{url, control}` and runs until SIGTERM, SIGINT or the end of stdin
 * (so that it never outlives the process that started it). An optional argument is the port.
 */
import { startGithubStandIn } from './index.ts';

const port = Number(process.argv[2] ?? 0);
const standIn = await startGithubStandIn({ port });
process.stdout.write(`${JSON.stringify({ url: standIn.url, control: standIn.control })}\n`);

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  process.stdin.destroy();
  void standIn.close();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.stdin.once('end', stop).once('close', stop).once('error', stop).resume();
