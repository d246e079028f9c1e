/** The page: what is on it, and which of its views is shown. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Dialogs } from './dialogs/dialogs.tsx';
import type { Link } from './link/index.ts';
import { place } from './model/navigation.ts';
import { dismissDone } from './model/notices.ts';
import { Closed, Reconnecting } from './parts/closed.tsx';
import { Header, VIEW_TITLES } from './parts/header.tsx';
import { Invites } from './parts/invites.tsx';
import { Notices } from './parts/notices.tsx';
import { LinkContext } from './parts/use-link.ts';
import { Activity } from './views/activity.tsx';
import { Health } from './views/health.tsx';
import { Mine } from './views/mine.tsx';
import { People } from './views/people.tsx';
import { Theirs } from './views/theirs.tsx';

export function App({ link }: { link: Link }): JSX.Element {
  const { is } = link.state.value;
  return (
    <LinkContext.Provider value={link}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Header />
      <Notices />
      <main id="main" tabIndex={-1} data-focus-home>
        {is === 'closed' ? (
          <Closed />
        ) : (
          <>
            {is === 'reconnecting' ? <Reconnecting /> : null}
            <Invites />
            <View link={link} />
          </>
        )}
      </main>
      {is === 'closed' ? null : <Dialogs />}
    </LinkContext.Provider>
  );
}

/** The address after `#` is a place of the page, so a skip must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector('main')?.focus();
}

function View({ link }: { link: Link }): JSX.Element {
  const { view, session } = place.value;
  const first = useRef(true);
  useEffect(() => {
    document.title = `${VIEW_TITLES[view]} · teammate-sync`;
    // Whoever comes by a link hears where they are; whoever opens the page is at its top.
    if (!first.current) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    if (!first.current) globalThis.scrollTo(0, 0);
    dismissDone();
    first.current = false;
  }, [view, session]);
  switch (view) {
    case 'theirs':
      return <Theirs link={link} />;
    case 'people':
      return <People />;
    case 'activity':
      return <Activity />;
    case 'health':
      return <Health />;
    default:
      return <Mine />;
  }
}
