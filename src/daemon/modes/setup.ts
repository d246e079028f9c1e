/** The `setup` mode: a set-up that talks over stdin and stdout with the command line that started it. */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { asTeammateSyncError, TeammateSyncError } from '../../errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { type Decoder } from '../../protocol/decode.ts';
import { parseJson } from '../../protocol/json.ts';
import { type KeyToKeep, setupAnswer, type SetupEvent, setupRequest } from '../../protocol/setup.ts';
import { ClaudeSetup } from '../claude-setup.ts';
import { interrupted, setUp } from '../setup.ts';

const LINE_MAX_BYTES = 4096;

/**
 * Runs to its end; returns the exit code. When stdin ends, so does what it waits for: nobody is there any more.
 * @param cli file of the command line, for Claude Code's hooks
 */
export async function runSetup(cli: string): Promise<number> {
  const lines = createInterface({ input: process.stdin });
  const incoming = lines[Symbol.asyncIterator]();
  const ended = new AbortController();
  let finished = false;
  lines.once('close', () => {
    ended.abort(interrupted());
    // Not in the middle of a write: those are synchronous, and every one of them leaves a whole file.
    if (!finished) process.exit(1);
  });
  const say = (event: SetupEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  const hear = async <T>(decoder: Decoder<T>, what: string): Promise<T> => {
    const { done, value } = await incoming.next();
    if (done === true) throw interrupted();
    return parseJson(Buffer.from(value), LINE_MAX_BYTES, decoder, what);
  };
  const answer = () => hear(setupAnswer, 'answer');
  try {
    const { org, relay, clientId, deviceFlow, dryRun, claudeCode } = await hear(setupRequest, 'request');
    let wanted: boolean | undefined;
    let key: KeyToKeep | null | undefined;
    const claude = new ClaudeSetup({ wanted: claudeCode, cli, env: process.env });
    const me = await setUp({
      ...{ org, relay, clientId, env: process.env, clock: systemClock, signal: ended.signal },
      random: (bytes) => randomBytes(bytes),
      onStep: (text) => say({ type: 'step', text }),
      person:
        deviceFlow && !dryRun
          ? { onCode: (code) => say({ type: 'code', ...code }), onWait: (leftMs) => say({ type: 'waiting', leftMs }) }
          : null,
      async choose(offer) {
        say({ type: 'choose', ...offer });
        return (await answer()).org ?? null;
      },
      denyRules: () => wanted,
      anthropic: () => key,
      async mayGo(plan) {
        const files = [...plan.files, ...claude.files()];
        say({ type: 'plan', plan: { ...plan, files, claude: claude.plan() } });
        if (dryRun) return false;
        const { go, deny, anthropic } = await answer();
        if (go === true) {
          key = anthropic;
          if (claude.plan().deny.length > 0) claude.deny = wanted = deny ?? true;
          return true;
        }
        throw new TeammateSyncError('INTERRUPTED', 'nothing was changed');
      },
    });
    say({ type: 'done', me, claude: me && claude.carryOut() });
    return 0;
  } catch (error) {
    say({ type: 'error', error: asTeammateSyncError(error).toBody() });
    return 1;
  } finally {
    finished = true;
    lines.close();
    process.stdin.destroy();
  }
}
