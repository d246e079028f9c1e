/** A button that does something at once, says beforehand what, and says it when it failed. */
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { failed } from '../model/notices.ts';

interface ActProps {
  /** What is tried, for those who hear the page and for the notice of a failure: `Revoke shop from @marie`. */
  doing: string;
  /** What is seen on the button; it must begin `doing`, or be a sign such as ×. */
  children: ComponentChildren;
  /** What happens at once, where it is not written beside the button already. */
  consequence?: string;
  look?: 'plain' | 'main' | 'danger' | 'sign';
  disabled?: boolean;
  act: () => Promise<void>;
  /** Where a failure is told; by default in the notices of the page. */
  onFailure?: (doing: string, thrown: unknown) => void;
}

export function Act({ doing, children, consequence, look = 'plain', disabled, act, onFailure }: ActProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = async (): Promise<void> => {
    if (running.current || disabled === true) return;
    running.current = true;
    setBusy(true);
    try {
      await act();
    } catch (thrown) {
      (onFailure ?? failed)(doing, thrown);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  // Never `disabled`: a button that is takes the focus from whoever just pressed it.
  return (
    <button
      type="button"
      class={`act ${look}`}
      aria-label={doing}
      aria-disabled={busy || disabled === true}
      aria-busy={busy}
      title={consequence === undefined ? doing : `${doing}: ${consequence}`}
      onClick={() => void run()}
    >
      {children}
    </button>
  );
}
