/** Who it is that was accepted, to compare over another channel. */
import type { JSX } from 'preact';
import { count } from '../../platform/count-words.ts';
import { day } from '../../platform/time-words.ts';
import type { PersonResponse } from '../../protocol/local-api.ts';
import { closeDialog, openDialog } from '../model/dialogs.ts';
import { hashOf } from '../model/place.ts';
import { numberLines } from '../model/people.ts';
import { Dialog, DialogFoot } from '../parts/dialog.tsx';
import { Person } from '../parts/words.tsx';

export function AcceptedDialog({ answer }: { answer: PersonResponse }): JSX.Element {
  const { handle, uid, devices, safetyNumber, compared, sessions } = answer;
  return (
    <Dialog
      title={
        <>
          Connected with <Person handle={handle} />
        </>
      }
    >
      <dl class="health">
        <div>
          <dt>Account id</dt>
          <dd>{uid}</dd>
        </div>
        <div>
          <dt>{devices.length === 1 ? 'Device' : 'Devices'}</dt>
          <dd>
            <code class="id">{devices.join(' ') || 'none'}</code>
          </dd>
        </div>
        <div>
          <dt>Safety number</dt>
          <dd>{safetyNumber === null ? 'not known yet' : <SafetyNumberText number={safetyNumber} />}</dd>
        </div>
        <div>
          <dt>Compared</dt>
          <dd>{compared === null ? 'not yet' : day(compared)}</dd>
        </div>
      </dl>
      <p>
        {sessions.length === 0
          ? 'They share nothing with you at the moment.'
          : `${count(sessions.length, 'session')} of theirs ${sessions.length === 1 ? 'comes' : 'come'} to this machine now.`}{' '}
        To undo it, disconnect them under People.
      </p>
      <DialogFoot>
        {compared === null && safetyNumber !== null ? (
          <button type="button" class="act" onClick={() => openDialog({ is: 'verify', handle })}>
            Compare the safety number
          </button>
        ) : null}
        {sessions.length === 0 ? null : (
          <a class="act main" href={hashOf({ view: 'theirs', handle })} onClick={closeDialog}>
            Read along
          </a>
        )}
        <button type="button" class={sessions.length === 0 ? 'act main' : 'act'} onClick={closeDialog}>
          Done
        </button>
      </DialogFoot>
    </Dialog>
  );
}

/** Sixty digits in two lines. */
export function SafetyNumberText({ number }: { number: string }): JSX.Element {
  const [first, second] = numberLines(number);
  return (
    <span class="safety-number">
      {first} <span>{second}</span>
    </span>
  );
}
