/** Devices of somebody that nobody vouches for: what that means, and trusting one by its code. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { count } from '../../platform/count-words.ts';
import type { TrustResponse } from '../../protocol/local-api.ts';
import { closeDialog } from '../model/dialogs.ts';
import { say } from '../model/notices.ts';
import { Act } from '../parts/act.tsx';
import { Devices } from '../parts/devices.tsx';
import { Dialog, DialogFoot, useOwnFailure } from '../parts/dialog.tsx';
import { Waiting } from '../parts/section.tsx';
import { useLink } from '../parts/use-link.ts';
import { Command, Person } from '../parts/words.tsx';

export function TrustDialog({ handle }: { handle: string }): JSX.Element {
  const link = useLink();
  const [answer, setAnswer] = useState<TrustResponse | null>(null);
  const [code, setCode] = useState('');
  const { shown, onFailure, clear } = useOwnFailure();
  useEffect(() => {
    const gone = new AbortController();
    link.call('trust', { body: { handle, code: null } }, gone.signal).then(setAnswer, (thrown: unknown) => {
      if (!gone.signal.aborted) onFailure(`Devices of @${handle}`, thrown);
    });
    return () => gone.abort();
  }, [handle]);
  const trust = async (): Promise<void> => {
    clear();
    const after = await link.call('trust', { body: { handle, code: code.trim() } });
    say(`Trusted: the device ${after.trusted?.code ?? code} of ${handle}. What you share with them goes to it, too.`);
    if (after.waiting.length === 0) closeDialog();
    setCode('');
    setAnswer(after);
  };
  return (
    <Dialog
      title={
        <>
          Devices of <Person handle={handle} /> that are not trusted
        </>
      }
    >
      {shown}
      {answer === null ? <Waiting what="which devices wait" /> : null}
      {answer?.waiting.length === 0 ? <p>Every device of theirs that is known is trusted; nothing waits.</p> : null}
      {answer !== null && answer.waiting.length > 0 ? (
        <>
          <p>
            {count(answer.waiting.length, 'device')} nobody vouches for. It may be a new machine of theirs, or somebody
            who got into their GitHub account. Nothing is shared with {answer.waiting.length === 1 ? 'it' : 'them'}{' '}
            until you trust it.
          </p>
          <Devices devices={answer.waiting} />
          <p>
            Ask <Person handle={handle} />, over another channel, what <Command>teammate-sync whoami</Command> shows on
            that machine, and type what they tell you. If they know of no such machine, trust nothing: tell them.
          </p>
          <label class="field">
            The code that they told you
            <input
              value={code}
              autocomplete="off"
              spellcheck={false}
              maxLength={64}
              placeholder="ABCD-EFGH-IJKL"
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          </label>
        </>
      ) : null}
      <DialogFoot>
        {answer !== null && answer.waiting.length > 0 ? (
          <Act
            look="main"
            doing={`Trust the device with this code, of @${handle}`}
            consequence="what you share with them goes to it, too, and what it says counts as theirs"
            disabled={code.trim() === ''}
            act={trust}
            onFailure={onFailure}
          >
            Trust the device with this code
          </Act>
        ) : null}
        <button type="button" class="act" onClick={closeDialog}>
          Close
        </button>
      </DialogFoot>
    </Dialog>
  );
}
