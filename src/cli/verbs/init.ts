/** `init`: sets this machine up for a workspace. */
import { TeammateSyncError } from '../../errors.ts';
import { ask } from '../ask.ts';
import { ensureDaemon, runningDaemon, stopDaemon } from '../daemon-control.ts';
import type { CliIo } from '../io.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, dim, green, type Line } from '../output/piece.ts';
import { table } from '../output/table.ts';
import type { WhoAmI } from '../../protocol/local-api.ts';
import { RELAY_KEY } from '../../protocol/ids.ts';
import { runSetup } from '../run-setup.ts';
import type { VerbContext } from '../verb.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out } = context;
  const relay = relayOf(args.value('relay'));
  const org = args.value('org') ?? (await askOrg(io));
  const running = (await runningDaemon(io)) !== null;
  if (running) {
    await allowRestart(io, args.flag('yes') || json);
    await stopDaemon(io);
  }
  let me: WhoAmI;
  try {
    me = await runSetup(io, { org, ...relay }, (text) => {
      if (!json) out.line(dim('· '), text);
    });
  } catch (error) {
    // What was running goes on as it was; why set-up failed is the news, also when the daemon does not come back.
    if (running) await ensureDaemon(context).catch(() => {});
    throw error;
  }
  if (running) await ensureDaemon(context);
  if (json) out.json({ v: 1, restarted: running, me });
  else out.lines(doneLines(me, running));
  return EXIT.done;
}

function relayOf(typed: string | null): { relay?: string | null } {
  if (typed === null) return {};
  if (typed === 'none') return { relay: null };
  const key = typed.toLowerCase();
  if (RELAY_KEY.test(key)) return { relay: key };
  throw new UsageError('init: --relay is 64 hex digits, as `teammate-sync relay` prints them, or none');
}

async function askOrg(io: CliIo): Promise<string> {
  const org = io.stdinIsTTY && io.stderrIsTTY ? await ask(io, 'GitHub org of your team:') : '';
  if (org === '') throw new UsageError('init: --org is missing', 'usage: teammate-sync init --org <your GitHub org>');
  return org;
}

/** Only a person at a terminal is asked; a script that runs `init` has decided. */
async function allowRestart(io: CliIo, decided: boolean): Promise<void> {
  if (decided || !io.stdinIsTTY || !io.stderrIsTTY) return;
  const answer = await ask(io, 'The daemon is running and will be restarted. Go on? [Y/n]');
  if (/^n/i.test(answer)) {
    throw new TeammateSyncError('DAEMON_ALREADY_RUNNING', 'nothing was changed', {
      hint: 'run `teammate-sync init` again when it suits',
    });
  }
}

function doneLines(me: WhoAmI, restarted: boolean): Line[] {
  const next = restarted ? [] : [[cyan('teammate-sync up'), 'start the daemon']];
  return [
    [
      green('Ready'),
      ': ',
      bold(me.handle),
      ' in ',
      bold(me.org),
      ', device ',
      me.device,
      restarted ? '; the daemon is back' : '',
    ],
    ['Next:'],
    ...table([...next, [cyan('teammate-sync share <handle>'), 'in the folder where Claude Code runs']], { indent: 2 }),
  ];
}
