/** The safety number with somebody: how to compare it, and that it was compared. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { day } from '../../platform/time-words.ts';
import type { VerifyResponse } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { closeDialog } from '../model/dialogs.ts';
import { say } from '../model/notices.ts';
import { staleWords } from '../model/people.ts';
import { Act } from '../parts/act.tsx';
import { Devices } from '../parts/devices.tsx';
import { Dialog, DialogFoot, useOwnFailure } from '../parts/dialog.tsx';
import { Waiting } from '../parts/section.tsx';
import { useLink } from '../parts/use-link.ts';
import { Command, Person } from '../parts/words.tsx';
import { SafetyNumberText } from './accepted.tsx';

export function VerifyDialog({ handle }: { handle: string }): JSX.Element {
  const link = useLink();
  const [answer, setAnswer] = useState<VerifyResponse | null>(null);
  const { shown, onFailure } = useOwnFailure();
  useEffect(() => {
    const gone = new AbortController();
    link.call('verify', { body: { handle, match: false } }, gone.signal).then(setAnswer, (thrown: unknown) => {
      if (!gone.signal.aborted) onFailure(`Safety number with @${handle}`, thrown);
    });
    return () => gone.abort();
  }, [handle]);
  const mark = async (): Promise<void> => {
    await link.call('verify', { body: { handle, match: true } });
    say(
      `The safety number with ${handle} is marked as the same. When a device comes or goes, the mark is taken back, and you are told.`,
    );
    closeDialog();
  };
  return (
    <Dialog
      title={
        <>
          Safety number with <Person handle={handle} />
        </>
      }
    >
      {shown}
      {answer === null ? <Waiting what="for the number" /> : <Compare answer={answer} />}
      <DialogFoot>
        {answer !== null && answer.safetyNumber !== null && answer.compared === null ? (
          <Act
            look="main"
            doing={`They are the same: mark as compared with @${handle}`}
            act={mark}
            onFailure={onFailure}
          >
            They are the same: mark as compared
          </Act>
        ) : null}
        <button type="button" class="act" onClick={closeDialog}>
          Close
        </button>
      </DialogFoot>
    </Dialog>
  );
}

function Compare({ answer }: { answer: VerifyResponse }): JSX.Element {
  const { handle, uid, own, devices, safetyNumber, compared, staleSince } = answer;
  const stale = staleWords(staleSince, minute.value);
  return (
    <>
      {safetyNumber === null ? (
        <p class="banner waits">There is no number to compare: no device of theirs is trusted.</p>
      ) : (
        <p class="number">
          <SafetyNumberText number={safetyNumber} />
        </p>
      )}
      {compared === null ? null : <p>Compared by you on {day(compared)}, and the same since.</p>}
      {safetyNumber === null || compared !== null ? null : (
        <>
          <p>
            <Person handle={handle} /> types <Command>teammate-sync verify {own.handle}</Command>. Compare all the
            digits with them, over another channel than this one: side by side, or read aloud on a call.
          </p>
          <p>
            The same: nobody stands between you. Not the same: compare the devices below with theirs, and share nothing
            before you know why.
          </p>
        </>
      )}
      {stale === null ? null : <p class="banner waits">{stale}</p>}
      <h3>
        Devices of <Person handle={handle} /> (account {uid})
      </h3>
      <Devices devices={devices} />
      <h3>Yours</h3>
      <Devices devices={own.devices} />
    </>
  );
}
