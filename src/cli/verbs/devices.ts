/** `devices`, `trust`, `revoke`: which machines are believed to be whose. */
import type { Device, RevokeResponse, TrustResponse } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { count } from '../output/count.ts';
import { EXIT } from '../output/error.ts';
import { bold, cyan, dim, green, type Line, type Piece, red, yellow } from '../output/piece.ts';
import { table } from '../output/table.ts';
import { day } from '../output/time.ts';
import type { VerbContext } from '../verb.ts';

export async function run(context: VerbContext): Promise<number> {
  const { io, verb, args, json, out } = context;
  const client = openClient(io);
  const [first = '', code = null] = args.words;
  if (verb === 'trust') {
    const answer = await client.call('trust', { body: { handle: handleOf(first), code } });
    if (json) out.json({ v: 1, ...answer });
    else out.lines(trustLines(answer));
  } else if (verb === 'revoke') {
    const answer = await client.call('revoke', { body: { code: first } });
    if (json) out.json({ v: 1, ...answer });
    else out.lines(revokeLines(answer));
  } else {
    const answer = await client.call('devices');
    if (json) out.json({ v: 1, ...answer });
    else out.lines([[`Devices of ${answer.handle}`], ...deviceTable(answer.devices), ...advice(answer)]);
  }
  return EXIT.done;
}

const STATES: Record<Device['state'], Piece> = {
  good: green('trusted'),
  blocked: yellow('not trusted yet'),
  missing: yellow('not on GitHub just now'),
  unlisted: red('no longer on GitHub'),
  revoked: red('revoked'),
};

export function deviceTable(devices: readonly Device[]): Line[] {
  return table(
    devices.map(({ device, code, here, state, trusted, endorsedBy, online, since }): Piece[] => [
      bold(code),
      device,
      STATES[state],
      here ? green('this one') : online ? green('online') : dim(`known since ${day(since)}`),
      dim(trusted ? 'its code was compared' : endorsedBy === null ? '' : `vouched for by ${endorsedBy}`),
    ]),
    { indent: 2 },
  );
}

function advice({ handle, devices }: { handle: string; devices: Device[] }): Line[] {
  const unknown = devices.find((d) => d.state === 'blocked');
  const other = devices.find((d) => d.state === 'good' && !d.here);
  const lines: Line[] = [];
  if (unknown) {
    lines.push(['Yours, and it shows that code itself: ', cyan(`teammate-sync trust ${handle} ${unknown.code}`)]);
  }
  if (unknown ?? other) {
    lines.push(['Lost or not yours: ', cyan(`teammate-sync revoke ${(unknown ?? other)?.code ?? ''}`)]);
  }
  return lines;
}

function trustLines({ handle, own, trusted, waiting, safetyNumber }: TrustResponse): Line[] {
  const lines: Line[] = [];
  if (trusted) {
    lines.push([green('Trusted'), ': the device ', bold(trusted.code), ' of ', bold(handle), '.']);
    lines.push([
      own
        ? 'It may act for you: what is accepted or ended there counts here. Type the same there, with the code of this one.'
        : 'What you share with them goes to it, too, and what it says counts as theirs.',
    ]);
    if (safetyNumber !== null) lines.push(...table([['safety number', safetyNumber]], { indent: 2 }));
    lines.push(['Undo: ', cyan(own ? `teammate-sync revoke ${trusted.code}` : `teammate-sync block ${handle}`)]);
  }
  if (waiting.length === 0) {
    if (!trusted) lines.push([`Every device of ${handle} that is known is trusted; nothing waits.`]);
    return lines;
  }
  lines.push([
    `${count(waiting.length, 'device')} of ${handle} nobody vouches for; nothing is shared with ${waiting.length === 1 ? 'it' : 'them'}:`,
  ]);
  lines.push(...deviceTable(waiting));
  const theirs = own
    ? 'on that machine'
    : `by ${handle}, who is told it by their own machine and tells you over another channel`;
  lines.push([`Compare the code with what \`teammate-sync whoami\` shows, ${theirs}.`]);
  lines.push(['If it is the same: ', cyan(`teammate-sync trust ${handle} ${waiting[0]?.code ?? ''}`)]);
  return lines;
}

function revokeLines({ handle, revoked, fallen, published }: RevokeResponse): Line[] {
  const lines: Line[] = [
    [yellow('Revoked'), ': the device ', bold(revoked.code), ', for ever.'],
    [
      published
        ? 'Your teammates drop it as soon as their machines have asked GitHub; it cannot be undone.'
        : 'GitHub does not answer: your teammates hear of it when it does. It cannot be undone.',
    ],
  ];
  if (fallen.length > 0) {
    lines.push(['Only it vouched for these. If they are yours, trust them anew:']);
    lines.push(...fallen.map(({ code }): Line => ['  ', cyan(`teammate-sync trust ${handle} ${code}`)]));
  }
  return lines;
}
