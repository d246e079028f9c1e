/** The top of the page: who one is, whether what is shown is live, and the ways to the views. */
import type { JSX } from 'preact';
import { when } from '../../platform/time-words.ts';
import { minute } from '../model/clock.ts';
import { navCount } from '../model/counts.ts';
import { place } from '../model/navigation.ts';
import { hashOf, type ViewName, VIEWS } from '../model/place.ts';
import { useLink } from './use-link.ts';
import { Badge, Said } from './words.tsx';

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  mine: 'Mine',
  theirs: 'Theirs',
  people: 'People',
  activity: 'Activity',
  health: 'Health',
};

export function Header(): JSX.Element {
  return (
    <header class="top">
      <div class="top-line">
        <strong class="brand">teammate-sync</strong>
        <Me />
        <LinkBadge />
      </div>
      <nav aria-label="Views">
        <ul>
          {VIEWS.map((view) => (
            <NavItem key={view} view={view} />
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Me(): JSX.Element | null {
  const me = useLink().parts.status.value?.me;
  if (!me) return null;
  return (
    <span class="me">
      <Said text={`@${me.handle}`} /> in <Said text={me.org} />
    </span>
  );
}

function LinkBadge(): JSX.Element {
  const { is, since } = useLink().state.value;
  return (
    <span class="link-state" role="status">
      {is === 'live' ? <Badge tone="good">live</Badge> : null}
      {is === 'opening' ? <Badge tone="waits">opening…</Badge> : null}
      {is === 'reconnecting' ? (
        <Badge tone="waits">reconnecting since {when(new Date(since).toISOString(), minute.peek())}</Badge>
      ) : null}
      {is === 'closed' ? <Badge tone="bad">closed</Badge> : null}
    </span>
  );
}

function NavItem({ view }: { view: ViewName }): JSX.Element {
  const { status, shared, connections } = useLink().parts;
  const facts = { status: status.value, shared: shared.value, connections: connections.value };
  const counted = navCount(view, facts);
  return (
    <li>
      <a href={hashOf({ view })} aria-current={place.value.view === view ? 'page' : undefined}>
        {VIEW_TITLES[view]}
        {counted === null ? null : (
          <span class={counted.urgent ? 'nav-count urgent' : 'nav-count'}>
            <span aria-hidden="true">{counted.n}</span>
            <span class="only-heard">, {counted.words}</span>
          </span>
        )}
      </a>
    </li>
  );
}
