/** The page's messages: what was done last, and failures until they are dismissed. */
import type { JSX } from 'preact';
import { dismiss, dismissAll, dismissDone, done, type Failure, failures } from '../model/notices.ts';
import { Said } from './words.tsx';

/** Both regions are always there: what appears together with its region is not read out. */
export function Notices(): JSX.Element {
  const several = failures.value.length + (done.value === null ? 0 : 1) > 1;
  return (
    <section class="notices" aria-label="Messages">
      <div role="status">{done.value === null ? null : <Done words={done.value} />}</div>
      <div role="alert">
        {failures.value.map((failure) => (
          <FailureNotice key={failure.id} failure={failure} />
        ))}
      </div>
      {several ? (
        <button type="button" class="act" onClick={dismissAll}>
          Dismiss all messages
        </button>
      ) : null}
    </section>
  );
}

function Done({ words }: { words: string }): JSX.Element {
  return (
    <div class="notice done">
      <p>
        <Said text={words} />
      </p>
      <Dismiss what="message" onDismiss={dismissDone} />
    </div>
  );
}

function FailureNotice({ failure: { id, doing, code, message, hint, times } }: { failure: Failure }): JSX.Element {
  return (
    <div class="notice failure">
      <p>
        <strong>
          <Said text={doing} />
        </strong>
        {': '}
        <Said text={message} /> <code class="id">{code}</code>
        {times > 1 ? <span class="count"> {times} times</span> : null}
        {hint === '' ? null : (
          <span class="hint">
            → <Said text={hint} />
          </span>
        )}
      </p>
      <Dismiss what={`the failure of: ${doing}`} onDismiss={() => dismiss(id)} />
    </div>
  );
}

function Dismiss({ what, onDismiss }: { what: string; onDismiss: () => void }): JSX.Element {
  return (
    <button type="button" class="act sign" aria-label={`Dismiss ${what}`} title="Dismiss" onClick={onDismiss}>
      ×
    </button>
  );
}
