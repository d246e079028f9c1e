/** `logout`: signs this machine out, and says what is left. */
import { TeammateSyncError } from '../../errors.ts';
import type { Shared } from '../../protocol/local-api.ts';
import type { LoggedOut, LogoutRequest } from '../../protocol/logout.ts';
import { runningDaemon, stopDaemon } from '../daemon-control.ts';
import { fieldOf } from '../field.ts';
import type { CliIo } from '../io.ts';
import { EXIT } from '../output/error.ts';
import { dim, green, type Line, yellow } from '../output/piece.ts';
import { keptLines, NOTHING_SHARED, whatIsShared } from '../render/kept.ts';
import { remaining, remainingLines } from '../render/remaining.ts';
import { runOnce } from '../run-once.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const running = await runningDaemon(io);
  let shared: Shared = NOTHING_SHARED;
  if (running) {
    shared = await whatIsShared(io);
    if (!json) out.lines(keptLines(shared, io.now()));
    await stopDaemon(io, running);
  }
  const result = await runLogout(io, { keepDevice: args.flag('keep-device') });
  if (json) out.json({ v: 1, stopped: running !== null, ...shared, ...result });
  else out.lines(lines(result, running !== null));
  return result.undone.length === 0 ? EXIT.done : EXIT.failed;
}

async function runLogout(io: CliIo, request: LogoutRequest): Promise<LoggedOut> {
  return resultIn(await runOnce(io, 'logout', request));
}

function resultIn(value: unknown): LoggedOut {
  const list = (name: string): unknown[] => {
    const items = fieldOf(value, name);
    if (Array.isArray(items)) return items;
    throw new TeammateSyncError('INTERNAL', 'the logout does not say what it did');
  };
  return {
    removed: list('removed').map(String),
    undone: list('undone').map(remaining),
    left: list('left').map(remaining),
  };
}

function lines({ removed, undone, left }: LoggedOut, stopped: boolean): Line[] {
  return [
    [undone.length === 0 ? green('Signed out') : yellow('Signed out here, but not everything could be done'), '.'],
    ...(stopped ? [['  done   the daemon is stopped']] : []),
    ...removed.map((what): Line => ['  done   ', what]),
    ...undone.flatMap((one) => remainingLines(yellow('  not done '), one)),
    ...left.flatMap((one) => remainingLines(dim('  left   '), one)),
  ];
}
