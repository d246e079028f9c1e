/** What came of sharing, person by person. */
import type { JSX } from 'preact';
import type { ShareResponse } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { closeDialog } from '../model/dialogs.ts';
import { hashOf } from '../model/place.ts';
import { shareOutcomes } from '../model/sharing.ts';
import { DialogFoot } from '../parts/dialog.tsx';
import { Badge, Person, Said } from '../parts/words.tsx';

export function Outcome({ answer }: { answer: ShareResponse }): JSX.Element {
  const { head, people, notes } = shareOutcomes(answer, minute.peek());
  return (
    <>
      <div role="status">
        <p>
          <strong>
            <Said text={head} />
          </strong>
        </p>
        <ul class="rows">
          {people.map(({ handle, what, tone, means }) => (
            <li class="row" key={handle}>
              <p class="row-words">
                <Person handle={handle} /> <Badge tone={tone}>{what}</Badge> {means}
              </p>
            </li>
          ))}
        </ul>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      <DialogFoot>
        <a class="act" href={hashOf({ view: 'mine', session: answer.session })} onClick={closeDialog}>
          As they see it
        </a>
        <button type="button" class="act main" onClick={closeDialog}>
          Done
        </button>
      </DialogFoot>
    </>
  );
}
