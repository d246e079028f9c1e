/** What can be done about one person. Each says what happens, and does it at once. */
import type { JSX } from 'preact';
import type { PersonResponse } from '../../protocol/local-api.ts';
import { openDialog } from '../model/dialogs.ts';
import { say } from '../model/notices.ts';
import { endedWords } from '../model/people.ts';
import { Act } from './act.tsx';
import { useLink } from './use-link.ts';

interface Of {
  handle: string;
}

type PersonCall = 'accept' | 'decline' | 'disconnect' | 'block' | 'unblock';

/** Calls a verb that is about one person. */
function usePersonCall(handle: string): (verb: PersonCall) => Promise<PersonResponse> {
  const link = useLink();
  return (verb) => link.call(verb, { body: { handle } });
}

export const CONSEQUENCES = {
  decline: 'they see that you did; you can still accept later',
  disconnect: 'ends every share between you in both directions, and wipes the copies here',
  block: 'no invite of theirs reaches you; ends every share between you',
  withdraw: 'takes the invite back; what you wanted to share with them stays here',
  unblock: 'they may invite you again; nothing is shared by that',
} as const;

/** @param props.main it is what one came for */
export function Accept({ handle, main = false }: Of & { main?: boolean }): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    const answer = await call('accept');
    say(`Connected with ${handle}.`);
    openDialog({ is: 'accepted', answer });
  };
  return (
    <Act look={main ? 'main' : 'plain'} doing={`Accept the invite of @${handle}`} act={act}>
      Accept
    </Act>
  );
}

export function Decline({ handle }: Of): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    await call('decline');
    say(`Declined the invite of ${handle}. They see that you did. You can still accept, under People.`);
  };
  return (
    <Act doing={`Decline the invite of @${handle}`} consequence={CONSEQUENCES.decline} act={act}>
      Decline
    </Act>
  );
}

export function Disconnect({ handle }: Of): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    const ended = endedWords(await call('disconnect'));
    say(`No longer connected with ${handle}. ${ended} What was seen before is theirs.`);
  };
  return (
    <Act look="danger" doing={`Disconnect @${handle}`} consequence={CONSEQUENCES.disconnect} act={act}>
      Disconnect
    </Act>
  );
}

/** Of an invite that they have not answered. */
export function Withdraw({ handle }: Of): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    await call('disconnect');
    say(`The invite to ${handle} is taken back. Nothing is shared with them.`);
  };
  return (
    <Act doing={`Cancel the invite to @${handle}`} consequence={CONSEQUENCES.withdraw} act={act}>
      Cancel
    </Act>
  );
}

export function Block({ handle }: Of): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    const ended = endedWords(await call('block'));
    say(`Blocked ${handle}: no invite of theirs reaches you. ${ended}`);
  };
  return (
    <Act look="danger" doing={`Block @${handle}`} consequence={CONSEQUENCES.block} act={act}>
      Block
    </Act>
  );
}

export function Unblock({ handle }: Of): JSX.Element {
  const call = usePersonCall(handle);
  const act = async (): Promise<void> => {
    await call('unblock');
    say(`${handle} may invite you again. Nothing is shared by that.`);
  };
  return (
    <Act doing={`Unblock @${handle}`} consequence={CONSEQUENCES.unblock} act={act}>
      Unblock
    </Act>
  );
}

export function SafetyNumber({ handle }: Of): JSX.Element {
  return (
    <button
      type="button"
      class="act"
      aria-label={`Safety number with @${handle}`}
      onClick={() => openDialog({ is: 'verify', handle })}
    >
      Safety number
    </button>
  );
}

export function AliasOf({ handle, alias }: Of & { alias: string | null }): JSX.Element {
  return (
    <button
      type="button"
      class="act"
      aria-label={`Alias of @${handle}`}
      onClick={() => openDialog({ is: 'alias', handle, alias })}
    >
      Alias
    </button>
  );
}

export function ShareWith({ handle }: Of): JSX.Element {
  return (
    <button
      type="button"
      class="act"
      aria-label={`Share… a session with @${handle}`}
      onClick={() => openDialog({ is: 'share', session: null, handle })}
    >
      Share…
    </button>
  );
}

/** What a device that nobody vouches for means, and what to do. */
export function DeviceAlarm({ handle }: Of): JSX.Element {
  return (
    <button
      type="button"
      class="act danger"
      aria-label={`Look at it: devices of @${handle} that are not trusted`}
      onClick={() => openDialog({ is: 'trust', handle })}
    >
      Look at it
    </button>
  );
}
