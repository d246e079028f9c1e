/** A short name of one's own for a person: it works wherever a handle is typed, and nobody else hears of it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closeDialog } from '../model/dialogs.ts';
import { say } from '../model/notices.ts';
import { Act } from '../parts/act.tsx';
import { Dialog, DialogFoot, useOwnFailure } from '../parts/dialog.tsx';
import { useLink } from '../parts/use-link.ts';
import { Person } from '../parts/words.tsx';

export function AliasDialog({ handle, alias }: { handle: string; alias: string | null }): JSX.Element {
  const link = useLink();
  const [name, setName] = useState(alias ?? '');
  const { shown, onFailure, clear } = useOwnFailure();
  const give = async (): Promise<void> => {
    clear();
    await link.call('alias', { body: { name: name.trim(), handle } });
    say(`${name.trim()} means ${handle} on this machine now.`);
    closeDialog();
  };
  const remove = async (): Promise<void> => {
    clear();
    await link.call('alias', { body: { name: alias ?? '', handle: null } });
    say(`${alias ?? ''} means nobody any more.`);
    closeDialog();
  };
  return (
    <Dialog
      title={
        <>
          A short name for <Person handle={handle} />
        </>
      }
    >
      {shown}
      <p>It works wherever a handle is typed on this machine. Nobody else hears of it.</p>
      <label class="field">
        Alias
        <input
          value={name}
          autocomplete="off"
          spellcheck={false}
          maxLength={63}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <DialogFoot>
        {alias === null ? null : (
          <Act doing={`Remove the alias ${alias}`} act={remove} onFailure={onFailure}>
            Remove
          </Act>
        )}
        <Act
          look="main"
          doing={`Save the alias of @${handle}`}
          disabled={name.trim() === ''}
          act={give}
          onFailure={onFailure}
        >
          Save
        </Act>
      </DialogFoot>
    </Dialog>
  );
}
