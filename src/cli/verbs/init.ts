/** `init`: sets this machine up for a workspace. */
import { TeammateSyncError } from '../../errors.ts';
import { shareCommand } from '../../protocol/claude-hook.ts';
import { OAUTH_CLIENT_ID, RELAY_KEY } from '../../protocol/ids.ts';
import type { WhoAmI } from '../../protocol/local-api.ts';
import type { ClaudeDone, SetupPlan, SetupRequest } from '../../protocol/setup.ts';
import { ensureDaemon, runningDaemon, stopDaemon } from '../daemon-control.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, dim, green, type Line } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { claudeDoneLines, declinedLine } from '../render/claude-code.ts';
import { type Agreed, runSetup } from '../run-setup.ts';
import { askAnthropicKey, askOrg, askToGo, codeLines, planLines } from '../setup-prompts.ts';
import type { VerbContext } from '../verb.ts';

const MINUTE_MS = 60_000;

/** What came of it. */
interface Outcome {
  me: WhoAmI | null;
  claude: ClaudeDone | null;
  plan: SetupPlan | null;
  /** A daemon ran: it was restarted or, in a dry run, would be. */
  restarts: boolean;
}

export async function run(context: VerbContext): Promise<number> {
  const { args, json, out } = context;
  const outcome = await setUp(context, wantedBy(context));
  const { me, claude, plan, restarts } = outcome;
  if (me) {
    if (json) out.json({ v: 1, restarted: restarts, me, claude });
    else out.lines(doneLines(me, restarts, claude));
    // What keeps its name is no failure; settings that could not be changed are one.
    const kept = new Set(['CLAUDE_COMMAND_TAKEN', 'CLAUDE_SERVER_TAKEN']);
    if (claude?.refused.some(({ code }) => !kept.has(code))) return EXIT.failed;
  } else if (plan && args.flag('dry-run')) {
    if (json) out.json({ v: 1, dryRun: true, restarts, plan });
    else out.lines(dryLines(plan, restarts));
  }
  return EXIT.done;
}

/** Somebody is at the terminal who can be asked, and wants to be. */
function person({ io, args, json }: VerbContext): boolean {
  return !json && !args.flag('yes') && io.stdinIsTTY && io.stderrIsTTY;
}

function wantedBy(context: VerbContext): SetupRequest {
  const { args, json } = context;
  const org = args.value('org');
  const decided = args.flag('yes') || args.flag('dry-run');
  if (org === null && !person(context) && !decided) {
    throw new UsageError('init: --org is missing', 'usage: teammate-sync init --org <your GitHub org>');
  }
  if (args.flag('anthropic-key') && (!person(context) || args.flag('dry-run'))) {
    throw new UsageError('init: --anthropic-key asks you for it in a terminal; a script sets ANTHROPIC_API_KEY');
  }
  const relay = typed(
    args.value('relay')?.toLowerCase() ?? null,
    RELAY_KEY,
    '--relay is 64 hex digits, as `relay` prints them',
  );
  const clientId = typed(args.value('client-id'), OAUTH_CLIENT_ID, '--client-id is the id of an OAuth app');
  return {
    org,
    ...(relay === undefined ? {} : { relay }),
    ...(clientId === undefined ? {} : { clientId }),
    deviceFlow: !json && !args.flag('yes'),
    dryRun: args.flag('dry-run'),
    claudeCode: !args.flag('no-claude-code'),
  };
}

/** Undefined: not typed; null: none from now on. */
function typed(value: string | null, pattern: RegExp, what: string): string | null | undefined {
  if (value === null) return undefined;
  if (value === 'none') return null;
  if (pattern.test(value)) return value;
  throw new UsageError(`init: ${what}, or none`);
}

async function setUp(context: VerbContext, wanted: SetupRequest): Promise<Outcome> {
  const { io, args, json, out, err } = context;
  const asks = person(context);
  const outcome: Outcome = { me: null, claude: null, plan: null, restarts: false };
  let stopped = false;
  const clear = (): void => err.transient('');
  try {
    const setUpNow = await runSetup(io, wanted, {
      onStep(text) {
        clear();
        if (!json) out.line(dim('· '), text);
      },
      onCode(code) {
        const opens = io.stderrIsTTY;
        err.lines(codeLines(code, opens));
        if (opens) io.openUrl(code.url);
      },
      onWaiting(leftMs) {
        err.transient(`waiting for you to type it … ${Math.ceil(leftMs / MINUTE_MS)} min left (Ctrl-C ends it)`);
      },
      choose: (offer) => (asks ? askOrg(io, err, offer) : Promise.resolve(offer.preset)),
      async agree(plan) {
        outcome.plan = plan;
        const running = await runningDaemon(io);
        outcome.restarts = running !== null;
        if (wanted.dryRun) return { go: false, deny: false };
        const agreed: Agreed = asks ? await askToGo(io, err, plan, outcome.restarts) : { go: true, deny: true };
        if (!agreed.go) throw new TeammateSyncError('INTERRUPTED', 'nothing was changed');
        if (args.flag('anthropic-key')) agreed.anthropic = await askAnthropicKey(io, err);
        if (running) await stopDaemon(io, running);
        stopped = outcome.restarts;
        return agreed;
      },
    });
    outcome.me = setUpNow?.me ?? null;
    outcome.claude = setUpNow?.claude ?? null;
  } catch (error) {
    clear();
    // What was running goes on as it was; why set-up failed is the news, also when the daemon does not come back.
    if (stopped) await ensureDaemon(context).catch(() => {});
    throw error;
  }
  if (stopped) await ensureDaemon(context);
  return outcome;
}

function dryLines(plan: SetupPlan, restarts: boolean): Line[] {
  const lines = planLines(plan, restarts, 'whole');
  return [
    lines.length === 0
      ? ['All of it is so already: ', bold(plan.handle), ' in ', bold(plan.org), '.']
      : ['It would, for ', bold(plan.handle), ' in ', bold(plan.org), ':'],
    ...lines,
    ...(plan.claude.denyDeclined ? [declinedLine] : []),
    ['Nothing was changed.'],
  ];
}

function doneLines(me: WhoAmI, restarted: boolean, claude: ClaudeDone | null): Line[] {
  const next = restarted ? [] : [[cyan('teammate-sync up'), 'start the daemon']];
  const inClaude = claude !== null && (claude.state === 'installs' || claude.state === 'plugin');
  next.push(
    inClaude
      ? [
          cyan(`${shareCommand(claude.state === 'plugin')} <handle>`),
          'in Claude Code, or in a terminal: teammate-sync share <handle>',
        ]
      : [cyan('teammate-sync share <handle>'), 'in the folder where Claude Code runs'],
  );
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
    ...(claude ? claudeDoneLines(claude) : []),
    ['Next:'],
    ...table(next, { indent: 2 }),
  ];
}
