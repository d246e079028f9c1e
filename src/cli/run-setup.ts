/** Runs the daemon's `setup`, which signs in to GitHub, makes the keys and publishes their public half. */
import type { WhoAmI } from '../protocol/local-api.ts';
import type { ClaudeDone, KeyToKeep, SetupEvent, SetupPlan, SetupRequest } from '../protocol/setup.ts';
import type { CliIo } from './io.ts';
import { runHelper } from './run-helper.ts';
import { setupEvent } from './setup-events.ts';

export type Offer = Omit<Extract<SetupEvent, { type: 'choose' }>, 'type'>;

/** What the person, or who stands for them, is told and asked. */
export interface SetupTalk {
  onStep(text: string): void;
  onCode(code: { userCode: string; url: string }): void;
  onWaiting(leftMs: number): void;
  /** The login of one of them; null: none. */
  choose(offer: Offer): Promise<string | null>;
  /** Until this resolves to true nothing is changed; then no daemon may run. In a dry run the answer means nothing. */
  agree(plan: SetupPlan): Promise<Agreed>;
}

export interface Agreed {
  go: boolean;
  /** Rules that forbid Claude's shell the verbs that give access may be added. */
  deny: boolean;
  /** As in the answer to `plan`. */
  anthropic?: KeyToKeep | null;
}

/** What was set up; of Claude Code null when it said nothing about it. */
export interface SetUp {
  me: WhoAmI;
  claude: ClaudeDone | null;
}

/**
 * Null after a dry run.
 * @throws TeammateSyncError as setup reports it; INTERRUPTED; INTERNAL when it ends without a word; what `talk` throws
 */
export async function runSetup(io: CliIo, wanted: SetupRequest, talk: SetupTalk): Promise<SetUp | null> {
  const outcome: { done?: { me: WhoAmI | null; claude: ClaudeDone | null } } = {};
  await runHelper(io, 'setup', wanted, async (line, reply) => {
    const event = setupEvent(line);
    if (event?.type === 'step') talk.onStep(event.text);
    else if (event?.type === 'code') talk.onCode(event);
    else if (event?.type === 'waiting') talk.onWaiting(event.leftMs);
    else if (event?.type === 'choose') reply({ org: await talk.choose(event) });
    else if (event?.type === 'plan') reply(await talk.agree(event.plan));
    else if (event?.type === 'error') throw event.error;
    else if (event?.type === 'done') outcome.done = event;
    return outcome.done !== undefined;
  });
  const { me, claude } = outcome.done ?? { me: null, claude: null };
  return me && { me, claude };
}
