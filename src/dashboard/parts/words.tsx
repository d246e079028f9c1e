/** Small pieces of text that the whole page is written with. */
import type { ComponentChildren, JSX } from 'preact';
import { shortId } from '../../protocol/ids.ts';
import { printable } from '../../platform/printable.ts';
import { when } from '../../platform/time-words.ts';
import { ago } from '../../platform/time-span.ts';
import { isClose, left } from '../model/countdown.ts';
import { minute, now } from '../model/clock.ts';

/** Words of others: inert, and whatever they do to the direction of writing ends with them. */
export function Said({ text }: { text: string }): JSX.Element {
  return <bdi>{printable(text)}</bdi>;
}

/** `@marie`. */
export function Person({ handle }: { handle: string }): JSX.Element {
  return (
    <strong class="person">
      <Said text={`@${handle}`} />
    </strong>
  );
}

/** `shop (7f3c1a2b)`; a session whose project is not known is `a session`. */
export function SessionName({ project, session }: { project: string; session: string }): JSX.Element {
  return (
    <span class="session-name">
      <Said text={project === '' ? 'a session' : project} /> <code class="id">{shortId(session)}</code>
    </span>
  );
}

/** What to type in a terminal. */
export function Command({ children }: { children: ComponentChildren }): JSX.Element {
  return <code class="command">{children}</code>;
}

/** `10:14`, and how long ago in the tooltip. */
export function At({ time }: { time: string }): JSX.Element {
  return (
    <time dateTime={time} title={ago(time, minute.value)}>
      {when(time, minute.value)}
    </time>
  );
}

/** `52 min`, counting down to the second at the end. */
export function Left({ time }: { time: string }): JSX.Element {
  const close = isClose(time, now.value);
  return (
    <time class={close ? 'left close' : 'left'} dateTime={time} title={`until ${when(time, now.value)}`}>
      {left(time, now.value)}
    </time>
  );
}

/** A state in one word, coloured by what it means; the word alone says it. */
export function Badge({ tone, children }: { tone: BadgeTone; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export type BadgeTone = 'good' | 'waits' | 'none' | 'bad';

/** Nothing is here: why, and what would change it. */
export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}
