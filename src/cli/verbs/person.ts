/** `accept`, `decline`, `disconnect`, `block`, `unblock`: one person, one change of trust. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PersonResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { amount, count } from '../output/count.ts';
import { bold, cyan, green, type Line } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { day } from '../output/time.ts';
import { part } from '../../platform/sharing-words.ts';
import type { VerbContext } from '../verb.ts';
import { type Incoming, incoming, incomingText, whileWaiting } from '../while-waiting.ts';

const VERBS = ['accept', 'decline', 'disconnect', 'block', 'unblock'] as const;
type PersonVerb = (typeof VERBS)[number];

export async function run(context: VerbContext): Promise<number> {
  const { io, verb, args, json, out } = context;
  const name = VERBS.find((known) => known === verb);
  if (name === undefined) throw new UsageError(`${verb} is not about a person`);
  const handle = handleOf(args.words[0] ?? '');
  const answer = await openClient(io).call(name, { body: { handle } });
  if (json) out.json({ v: 1, ...answer });
  else out.lines(SAID[name](answer, name === 'accept' ? await arriving(context, answer) : null));
  return EXIT.done;
}

/** How long somebody at a terminal sees it come before the answer, which says how to go on seeing it. */
const ARRIVING_MS = 3000;
const LOOK_MS = 200;

/** At a terminal: waits a moment for what they share, and says how much of it is here. Null: nobody waits for that. */
async function arriving({ io, err }: VerbContext, { handle, sessions }: PersonResponse): Promise<Incoming | null> {
  if (!err.live || sessions.length === 0) return null;
  const deadline = performance.now() + ARRIVING_MS;
  const wait = async (): Promise<Incoming | null> => {
    for (;;) {
      const now = await incoming(io, handle).catch(() => null);
      if (now === null || (now.turns > 0 && now.fetched >= now.turns) || performance.now() >= deadline) return now;
      await delay(LOOK_MS);
    }
  };
  return whileWaiting(err, wait(), () => incomingText(io, handle));
}

const SAID: Record<PersonVerb, (answer: PersonResponse, coming: Incoming | null) => Line[]> = {
  accept: (answer, coming) => [
    [green('Connected'), ' with ', bold(answer.handle), '.'],
    ...identity(answer),
    [
      answer.sessions.length === 0
        ? 'They share nothing with you at the moment.'
        : `${count(answer.sessions.length, 'session')} of theirs${hereText(coming)}: read with `,
      ...(answer.sessions.length === 0 ? [] : [cyan(`teammate-sync show ${answer.handle}`)]),
    ],
    ['Undo: ', cyan(`teammate-sync disconnect ${answer.handle}`)],
  ],
  decline: ({ handle }) => [
    ['Declined the invite of ', bold(handle), '.'],
    ['They see that you did. You can still accept: ', cyan(`teammate-sync accept ${handle}`)],
  ],
  disconnect: (answer) => [
    ['No longer connected with ', bold(answer.handle), '.'],
    ended(answer),
    ['What was seen before is theirs. To connect again, one of you shares and the other accepts.'],
  ],
  block: (answer) => [
    ['Blocked ', bold(answer.handle), ': no invite of theirs reaches you.'],
    ended(answer),
    ['Undo: ', cyan(`teammate-sync unblock ${answer.handle}`)],
  ],
  unblock: ({ handle }) => [
    [bold(handle), ' may invite you again. Nothing is shared by that.'],
    ['Undo: ', cyan(`teammate-sync block ${handle}`)],
  ],
};

function hereText(coming: Incoming | null): string {
  if (coming === null || coming.turns === 0) return '';
  if (coming.fetched >= coming.turns) return `, ${amount(coming.turns, 'turn')}`;
  return `, ${part(coming.fetched, coming.turns)} turns here, the rest is coming`;
}

/** Who it is, to compare over another channel. */
function identity({ handle, uid, devices, safetyNumber, compared }: PersonResponse): Line[] {
  const how = compared === null ? cyan(`teammate-sync verify ${handle}`) : green(`on ${day(compared)}`);
  return table(
    [
      ['account id', String(uid)],
      [devices.length === 1 ? 'device' : 'devices', devices.join(' ') || 'none'],
      ['safety number', safetyNumber ?? 'not known yet'],
      [compared === null ? 'compare it' : 'compared', how],
    ],
    { indent: 2 },
  );
}

function ended({ sessions }: PersonResponse): Line {
  return [
    sessions.length === 0
      ? 'No share was open between you.'
      : `${count(sessions.length, 'share')} between you ended, and every copy on this machine is gone.`,
  ];
}
