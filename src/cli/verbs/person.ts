/** `accept`, `decline`, `disconnect`, `block`, `unblock`: one person, one change of trust. */
import type { PersonResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { count } from '../output/count.ts';
import { bold, cyan, green, type Line } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { requirePerson } from '../person-only.ts';
import type { VerbContext } from '../verb.ts';

const VERBS = ['accept', 'decline', 'disconnect', 'block', 'unblock'] as const;
type PersonVerb = (typeof VERBS)[number];

export async function run({ io, verb, args, json, out }: VerbContext): Promise<number> {
  const name = VERBS.find((known) => known === verb);
  if (name === undefined) throw new UsageError(`${verb} is not about a person`);
  const handle = handleOf(args.words[0] ?? '');
  if (name === 'accept' || name === 'unblock') requirePerson(io, name);
  const answer = await openClient(io).call(name, { body: { handle } });
  if (json) out.json({ v: 1, ...answer });
  else out.lines(SAID[name](answer));
  return EXIT.done;
}

const SAID: Record<PersonVerb, (answer: PersonResponse) => Line[]> = {
  accept: (answer) => [
    [green('Connected'), ' with ', bold(answer.handle), '.'],
    ...identity(answer),
    [
      answer.sessions.length === 0
        ? 'They share nothing with you at the moment.'
        : `${count(answer.sessions.length, 'session')} of theirs: read with `,
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

/** Who it is, to compare over another channel. */
function identity({ uid, devices, safetyNumber }: PersonResponse): Line[] {
  return table(
    [
      ['account id', String(uid)],
      [devices.length === 1 ? 'device' : 'devices', devices.join(' ') || 'none'],
      ['safety number', safetyNumber ?? 'not known yet'],
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
