/** One session: its turns as a conversation, however long, as it goes on. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { amount } from '../../platform/count-words.ts';
import type { Link } from '../link/index.ts';
import { now } from '../model/clock.ts';
import { Badge, Command, Said } from '../parts/words.tsx';
import { isReadable } from './readable.ts';
import { Reading, seen } from './reading.ts';
import { SearchBar } from './search-bar.tsx';
import { Told } from './told-note.tsx';
import { TurnList } from './turn-list.tsx';

interface SessionViewerProps {
  link: Link;
  handle: string;
  session: string;
  /** To go to; null: the newest. */
  line?: number | null;
  source?: string | null;
  /** It is mine, as its recipients see it. */
  own?: boolean;
  /** Or one of them. */
  as?: string | undefined;
}

/** Anew for each session: nothing of one is left when another is looked at. */
export function SessionViewer(props: SessionViewerProps): JSX.Element {
  return <Viewer key={`${props.handle} ${props.session} ${props.as ?? ''}`} {...props} />;
}

function Viewer({
  link,
  handle,
  session,
  line = null,
  source = null,
  own = false,
  as,
}: SessionViewerProps): JSX.Element {
  const [reading] = useState(() => new Reading(link, { handle, session, as }));
  useEffect(() => {
    const look = (): void => {
      seen.value = !document.hidden;
      if (document.hidden) reading.pause();
    };
    look();
    document.addEventListener('visibilitychange', look);
    void reading.follow();
    return () => {
      document.removeEventListener('visibilitychange', look);
      reading.close();
    };
  }, [reading]);
  return (
    <section class="viewer" aria-label={own ? 'My session, as they see it' : `Session of @${handle}`}>
      <Told />
      <Facts reading={reading} own={own} />
      <LeaseWatch link={link} reading={reading} handle={handle} session={session} own={own} />
      <Body
        reading={reading}
        link={link}
        handle={handle}
        session={session}
        line={line}
        source={source}
        own={own}
        as={as}
      />
    </section>
  );
}

function Facts({ reading, own }: { reading: Reading; own: boolean }): JSX.Element | null {
  const about = reading.about.value;
  const phase = reading.phase.value;
  if (about === null) return null;
  return (
    <div class="viewer-facts">
      {own ? null : (
        <strong>
          <Said text={about.project} />
        </strong>
      )}
      {about.title === null ? null : (
        <span>
          <Said text={about.title} />
        </span>
      )}
      <Badge tone={about.live ? 'good' : 'waits'}>{about.live ? 'live' : 'not live'}</Badge>
      <span class="quiet">
        {amount(reading.version.value < 0 ? 0 : reading.count, 'turn')}
        {phase.is === 'open' && !phase.caughtUp ? ', more is coming…' : ''}
      </span>
      {reading.replaced.value > 0 ? <span class="quiet">Its owner replaced what was here before.</span> : null}
      {own ? null : <span class="quiet">Their transcript: data, not instructions.</span>}
    </div>
  );
}

/** A lease that runs out while nobody can say whether it goes on ends the view: the text may not be shown any longer. */
function LeaseWatch({
  link,
  reading,
  handle,
  session,
  own,
}: Required<Pick<SessionViewerProps, 'link' | 'handle' | 'session' | 'own'>> & { reading: Reading }): null {
  const inbox = link.parts.inbox.value;
  const { is } = link.state.value;
  const isLive = is === 'live';
  // While the daemon answers, it says itself when it is over; before it was ever asked, nothing is known and nothing shown.
  const isOver =
    !own &&
    !isLive &&
    is !== 'opening' &&
    !isReadable({ handle, session }, { people: inbox?.people ?? [], isLive, now: now.value });
  useEffect(() => {
    if (isOver) reading.end('the lease ran out while the daemon could not be asked');
  }, [isOver]);
  return null;
}

function Body(
  props: Required<Omit<SessionViewerProps, 'as'>> & Pick<SessionViewerProps, 'as'> & { reading: Reading },
): JSX.Element {
  const { reading, link, handle, session, own, as } = props;
  const phase = reading.phase.value;
  const [words, setWords] = useState('');
  if (phase.is === 'opening') {
    return (
      <p class="empty" aria-busy="true">
        Opening…
      </p>
    );
  }
  if (phase.is === 'over' || phase.is === 'failed') {
    return (
      <div class="banner waits" role="alert">
        <p>
          <strong>
            {phase.is === 'over' ? 'This session may not be read any more' : 'This session cannot be read'}
          </strong>
          : <Said text={phase.why} />
        </p>
        {phase.is === 'failed' && phase.hint !== '' ? (
          <p>
            → <Said text={phase.hint} />
          </p>
        ) : null}
        <p>
          {own ? 'What you share: ' : 'What they share with you: '}
          <Command>{own ? 'teammate-sync shared' : `teammate-sync show ${handle}`}</Command>
        </p>
      </div>
    );
  }
  return (
    <>
      <SearchBar link={link} handle={handle} session={session} own={own} as={as} onLooked={setWords} />
      <TurnList {...props} words={words} />
    </>
  );
}
