/** `dashboard`: an address that opens the local web page once, and the browser with it. */
import { openClient } from '../daemon-access.ts';
import { ensureDaemon } from '../daemon-control.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, dim } from '../output/piece.ts';
import { clockTime } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out, err } = context;
  const port = portOf(args.value('port'));
  await ensureDaemon(context);
  const answer = await openClient(io).call('dashboard', { body: { port } });
  const opens = !args.flag('no-open') && io.stdoutIsTTY && !json;
  if (opens) io.openUrl(answer.url);
  if (json) out.json({ v: 1, ...answer });
  else if (!io.stdoutIsTTY) out.line(answer.url);
  else {
    out.line(opens ? 'The dashboard opens in your browser. If it does not:' : 'The dashboard is at:');
    out.line('  ', cyan(answer.url));
    err.line(
      dim(`The address works once, until ${clockTime(answer.until)}; type `),
      bold('teammate-sync dashboard'),
      dim(' for another.'),
    );
  }
  return EXIT.done;
}

function portOf(typed: string | null): number | null {
  if (typed === null) return null;
  const port = /^\d{4,5}$/.test(typed) ? Number(typed) : 0;
  if (port >= 1024 && port <= 65_535) return port;
  throw new UsageError(`dashboard: --port takes a number from 1024 to 65535, not "${typed}"`);
}
