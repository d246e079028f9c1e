/** What the page says while there is no link to the daemon. */
import type { JSX } from 'preact';
import { minute } from '../model/clock.ts';
import { when } from '../../platform/time-words.ts';
import { useLink } from './use-link.ts';
import { Command, Said } from './words.tsx';

/** In place of everything: nothing that was shared may stay in view when nobody says any more that it may be read. */
export function Closed(): JSX.Element {
  const { why } = useLink().state.value;
  return (
    <section class="closed" aria-labelledby="closed-title">
      <h1 id="closed-title" tabIndex={-1}>
        This page is closed
      </h1>
      {why === null ? null : (
        <p>
          <Said text={why} />
        </p>
      )}
      <p>
        Sharing goes on or ends as before; only this page cannot tell. To open it anew, type{' '}
        <Command>teammate-sync dashboard</Command> in a terminal.
      </p>
    </section>
  );
}

/** Above what was known last. */
export function Reconnecting(): JSX.Element {
  const { since } = useLink().state.value;
  return (
    <p class="banner waits" role="status">
      The daemon has not answered since {when(new Date(since).toISOString(), minute.peek())}; what you see is from then.
      The page goes on trying. If it does not come back: <Command>teammate-sync up</Command>
    </p>
  );
}
