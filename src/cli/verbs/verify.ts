/** `verify`: the safety number with somebody, how to compare it, and that it was compared. */
import type { VerifyResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, green, type Line, yellow } from '../output/piece.ts';
import { day, when } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';
import { deviceTable } from './devices.ts';

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const handle = handleOf(args.words[0] ?? '');
  const match = args.flag('match');
  const answer = await openClient(io).call('verify', { body: { handle, match } });
  if (json) out.json({ v: 1, ...answer });
  else out.lines(match ? matchLines(answer) : verifyLines(answer, io.now()));
  return EXIT.done;
}

function verifyLines(answer: VerifyResponse, now: number): Line[] {
  const { handle, uid, own, devices, safetyNumber, compared, staleSince } = answer;
  const lines: Line[] = [
    ['You, ', bold(own.handle)],
    ...deviceTable(own.devices),
    [bold(handle), ` (account ${uid})`],
    ...(devices.length === 0 ? [['  no device of theirs is trusted yet']] : deviceTable(devices)),
  ];
  if (staleSince !== null) {
    lines.push([yellow(`GitHub says nothing clear about ${handle} since ${when(staleSince, now)}`)]);
  }
  if (safetyNumber === null) {
    return [...lines, ['There is no number to compare. What waits: ', cyan(`teammate-sync trust ${handle}`)]];
  }
  lines.push([], ...numberLines(safetyNumber), []);
  if (compared !== null) return [...lines, [green('Compared'), ` by you on ${day(compared)}, and the same since.`]];
  lines.push(
    [
      bold(handle),
      ' types ',
      cyan(`teammate-sync verify ${own.handle}`),
      '. Compare all the digits with them, over another',
    ],
    ['channel than this one: side by side, or read aloud on a call.'],
    ['The same: nobody stands between you. Type ', cyan(`teammate-sync verify ${handle} --match`)],
    ['Not the same: compare the devices above with theirs, and share nothing before you know why.'],
  );
  return lines;
}

function numberLines(number: string): Line[] {
  const groups = number.split(' ');
  const half = Math.ceil(groups.length / 2);
  return [groups.slice(0, half), groups.slice(half)].map((row): Line => ['    ', bold(row.join(' '))]);
}

function matchLines({ handle, safetyNumber }: VerifyResponse): Line[] {
  return [
    [green('Compared'), ': the safety number with ', bold(handle), ' is marked as the same.'],
    ...numberLines(safetyNumber ?? ''),
    ['When a device of yours or theirs comes or goes, the mark is taken back, and you are told which.'],
  ];
}
