/** A titled part of a view. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { hashOf } from '../model/place.ts';

interface SectionProps {
  title: string;
  /** How many are in it; null: that is not said. */
  count?: number | null;
  /** Beside the title. */
  beside?: ComponentChildren;
  children: ComponentChildren;
}

/** It takes the focus when what had it inside goes away. */
export function Section({ title, count = null, beside, children }: SectionProps): JSX.Element {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id} data-focus-home tabIndex={-1}>
      <div class="section-head">
        <h2 id={id}>
          {title}
          {count === null ? null : <span class="count"> {count}</span>}
        </h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

/** The title of a view: it gets the focus when one comes here. */
export function ViewTitle({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <h1 class="view-title" tabIndex={-1}>
      {children}
    </h1>
  );
}

/** The title of a view below another, with the way back. */
export function SubTitle({ back, children }: { back: 'Mine' | 'Theirs'; children: ComponentChildren }): JSX.Element {
  return (
    <div class="place-line">
      <p class="back">
        <a href={hashOf({ view: back === 'Mine' ? 'mine' : 'theirs' })}>← {back}</a>
      </p>
      <ViewTitle>{children}</ViewTitle>
    </div>
  );
}

/** Until the first facts are here. */
export function Waiting({ what }: { what: string }): JSX.Element {
  return (
    <p class="empty" aria-busy="true">
      Asking the daemon {what}…
    </p>
  );
}
