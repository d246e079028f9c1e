/** A dialog over the page. Esc closes it, and the focus goes back to where it was. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { closeDialog } from '../model/dialogs.ts';
import { reasonOf } from '../model/notices.ts';
import { Said } from './words.tsx';

export function Dialog({ title, children }: { title: ComponentChildren; children: ComponentChildren }): JSX.Element {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = ref.current;
    element?.showModal();
    // Else the first button has it, and what the dialog says is passed over.
    element?.querySelector('h2')?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={id} data-focus-home tabIndex={-1} onClose={closedBy}>
      <div class="dialog-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <button
          type="button"
          class="act sign"
          aria-label="Close"
          title="Close (Esc)"
          onClick={() => ref.current?.close()}
        >
          ×
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** What can be done, in view however long the dialog is. */
export function DialogFoot({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <div class="dialog-foot">
      <div class="acts end">{children}</div>
    </div>
  );
}

/** Of the one that is seen: one that made room for another tells of its end, too. */
function closedBy({ currentTarget }: { currentTarget: HTMLDialogElement }): void {
  if (currentTarget.isConnected) closeDialog();
}

/** The last failure inside a dialog: the page's notices are behind it. */
export interface OwnFailure {
  shown: JSX.Element | null;
  /** For `Act`. */
  onFailure: (doing: string, thrown: unknown) => void;
  clear: () => void;
}

export function useOwnFailure(): OwnFailure {
  const [told, setTold] = useState<{ doing: string; thrown: unknown } | null>(null);
  const reason = told === null ? null : reasonOf(told.thrown);
  return {
    shown: (
      <div role="alert">
        {told === null || reason === null ? null : (
          <p class="failure">
            <strong>{told.doing}</strong>: <Said text={reason.message} />
            {reason.hint === '' ? null : (
              <span class="hint">
                → <Said text={reason.hint} />
              </span>
            )}
          </p>
        )}
      </div>
    ),
    onFailure: (doing, thrown) => setTold({ doing, thrown }),
    clear: () => setTold(null),
  };
}
