/** What teammates share with me: by person and session, readable and to be asked. */
import type { JSX } from 'preact';
import { amount, count } from '../../platform/count-words.ts';
import { part } from '../../platform/sharing-words.ts';
import type { Inbox, InboxSession } from '../../protocol/local-api.ts';
import type { Link } from '../link/index.ts';
import { place } from '../model/navigation.ts';
import { hashOf } from '../model/place.ts';
import { Section, SubTitle, ViewTitle, Waiting } from '../parts/section.tsx';
import { useOwnHandle } from '../parts/use-link.ts';
import { At, Badge, Command, Empty, Left, Person, Said } from '../parts/words.tsx';
import { Ask, SessionViewer, Told } from '../viewer/index.ts';

export function Theirs({ link }: { link: Link }): JSX.Element {
  const { handle, session, line, source } = place.value;
  if (handle === null) return <Everybody link={link} />;
  if (session === null) return <OnePerson link={link} handle={handle} />;
  // Of what has ended there is nothing to ask.
  const theirs = link.parts.inbox.value?.people.find((one) => one.handle === handle)?.sessions ?? [];
  const canAsk = theirs.some((one) => one.session === session);
  return (
    <>
      <SubTitle back="Theirs">
        Theirs: <Person handle={handle} />
      </SubTitle>
      <SessionViewer link={link} handle={handle} session={session} line={line} source={source} />
      {canAsk ? (
        <Ask key={`${handle} ${session}`} link={link} handles={[handle]} session={session} whom="this session" />
      ) : null}
    </>
  );
}

function Everybody({ link }: { link: Link }): JSX.Element {
  const inbox = link.parts.inbox.value;
  const me = useOwnHandle();
  const people = inbox?.people.filter(({ sessions }) => sessions.length > 0) ?? [];
  return (
    <>
      <ViewTitle>Theirs: what others share with me</ViewTitle>
      <Told />
      {inbox === null ? <Waiting what="what others share with you" /> : null}
      {inbox !== null && people.length === 0 ? (
        <Empty>
          Nobody shares a session with you at the moment. A teammate types <Command>/share {me}</Command> in Claude
          Code; accept their invite here or with <Command>teammate-sync accept &lt;handle&gt;</Command>
        </Empty>
      ) : null}
      {people.map((person) => (
        <PersonSessions key={person.handle} person={person} />
      ))}
      {people.length === 0 ? null : <Ask link={link} handles={[]} session={null} whom="everybody" />}
    </>
  );
}

function OnePerson({ link, handle }: { link: Link; handle: string }): JSX.Element {
  const inbox = link.parts.inbox.value;
  const person = inbox?.people.find((one) => one.handle === handle);
  return (
    <>
      <SubTitle back="Theirs">
        Theirs: <Person handle={handle} />
      </SubTitle>
      <Told />
      {inbox === null ? <Waiting what="what they share with you" /> : null}
      {person === undefined || person.sessions.length === 0 ? (
        <Empty>They share nothing with you at the moment.</Empty>
      ) : (
        <>
          <PersonSessions person={person} />
          <Ask key={handle} link={link} handles={[handle]} session={null} whom={`@${handle}`} />
        </>
      )}
    </>
  );
}

/** By project, the newest activity first. */
function PersonSessions({ person: { handle, sessions } }: { person: Inbox }): JSX.Element {
  const sorted = sessions.toSorted(
    (a, b) => a.project.localeCompare(b.project) || (b.lastActivity ?? '').localeCompare(a.lastActivity ?? ''),
  );
  return (
    <Section title={`@${handle}`} beside={<span class="quiet">{count(sessions.length, 'session')}</span>}>
      <ul class="rows">
        {sorted.map((session) => (
          <SessionRow key={session.session} handle={handle} about={session} />
        ))}
      </ul>
    </Section>
  );
}

const STATES = {
  live: ['good', 'live'],
  offline: ['waits', 'owner offline'],
  waiting: ['waits', 'waiting'],
} as const;

function SessionRow({ handle, about }: { handle: string; about: InboxSession }): JSX.Element {
  const { session, project, title, state, lastActivity, turns, fetched, leaseUntil } = about;
  const [tone, word] = STATES[state];
  return (
    <li class="row">
      <div class="row-words">
        <p>
          <a href={hashOf({ view: 'theirs', handle, session })}>
            <Said text={project === '' ? 'a session' : project} />
          </a>{' '}
          <code class="id">{session.slice(0, 8)}</code> <Badge tone={tone}>{word}</Badge>
        </p>
        {title === null ? null : (
          <p class="title">
            <Said text={title} />
          </p>
        )}
        <p class="facts">
          <span>{fetched >= turns ? amount(turns, 'turn') : `${part(fetched, turns)} turns here`}</span>
          {lastActivity === null ? null : (
            <span>
              last <At time={lastActivity} />
            </span>
          )}
          {state === 'waiting' ? (
            <span>comes back when its owner does</span>
          ) : (
            <span>
              {state === 'live' ? 'lease ' : 'readable for '}
              <Left time={leaseUntil} />
            </span>
          )}
        </p>
      </div>
    </li>
  );
}
